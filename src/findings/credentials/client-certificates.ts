import { isoTime } from "../../events/time.ts";
import { field, type JsonValue, list, text } from "../../lineage/json.ts";
import { quote } from "../../queries/print-filter.ts";
import { NOT_MACHINERY } from "../actors.ts";
import type { Draft, SampleRequest, SequenceDetector, Sighting } from "../contract.ts";
import { incidents } from "../incidents.ts";
import { actorText, list as listText } from "../words.ts";
import { certificateNames } from "./certificate-names.ts";

const CSR = "certificatesigningrequests.certificates.k8s.io";
const WANTS = `resource:${CSR} verb:create,update,patch ${NOT_MACHINERY} -user:system:bootstrap:*`;
const KUBELETS = /^kubernetes\.io\/(?:kube-apiserver-client-kubelet|kubelet-serving|legacy-unknown)$/;
/** Of `CN=svc-build, O=admins`, made for the samples. */
const SAMPLE_REQUEST = sampleRequest("svc-build", "admins");

function sampleRequest(user: string, group: string): string {
  const attribute = (type: number, value: string): number[] => [
    0x06,
    0x03,
    0x55,
    0x04,
    type,
    0x0c,
    value.length,
    ...Buffer.from(value),
  ];
  const der = Buffer.from([...attribute(0x0a, group), ...attribute(0x03, user)]).toString("base64");
  return Buffer.from(`-----BEGIN CERTIFICATE REQUEST-----\n${der}\n-----END CERTIFICATE REQUEST-----\n`).toString(
    "base64",
  );
}

function body(signerName: string, usages: readonly string[] = ["client auth"]): JsonValue {
  return { kind: "CertificateSigningRequest", spec: { signerName, usages, request: SAMPLE_REQUEST } };
}

/** Null for certificates that nobody logs in with. */
function clientNames({
  request,
  response,
}: Sighting): { readonly user: string; readonly groups: readonly string[] } | null {
  const whole = [request, response].find((value) => text(field(value, "spec"), "signerName") !== "");
  const spec = field(whole, "spec");
  const signer = text(spec, "signerName");
  const isClient =
    signer === "kubernetes.io/kube-apiserver-client" ||
    (!KUBELETS.test(signer) && list(spec, "usages").includes("client auth"));
  if (!isClient) return null;
  return certificateNames(text(spec, "request")) ?? { user: "", groups: [] };
}

export const clientCertificate = incidents({
  id: "csr-client-cert",
  about: "somebody had a certificate made with which one logs in, or let it be made",
  severity: "high",
  needs: ["request bodies"],
  advice:
    "A certificate cannot be revoked: if it was not asked for, bind nothing to the user and groups it names, and wait for its end.",
  references: ["T1649", "T1098", "Stratus: k8s.persistence.create-client-certificate"],
  wants: WANTS,
  reads: "bodies",
  usual: { user: "mei", verb: "create", resource: CSR, name: "build" },
  hits: [
    [
      { request: body("kubernetes.io/kube-apiserver-client") },
      { verb: "update", resource: `${CSR}/approval`, request: body("kubernetes.io/kube-apiserver-client") },
    ],
    [{ verb: "update", resource: `${CSR}/approval` }],
  ],
  misses: [
    [{ request: body("example.com/web", ["server auth"]) }],
    [{ user: "system:node:n1", name: "csr-1", request: body("kubernetes.io/kube-apiserver-client-kubelet") }],
  ],
  judge: (sighting) => {
    const { facts } = sighting;
    const isApproval = facts.subresource === "approval";
    const names = clientNames(sighting);
    const hasBody = sighting.request !== undefined || sighting.response !== undefined;
    if (names === null && (hasBody || !isApproval)) return null;
    if (facts.subresource !== "" && !isApproval) return null;
    const groups = names?.groups ?? [];
    const isMighty = groups.includes("system:masters") || (names?.user ?? "").startsWith("system:");
    const whose =
      names === null || names.user === ""
        ? ""
        : ` for ${names.user}${groups.length === 0 ? "" : ` in ${listText(groups)}`}`;
    return {
      key: facts.name,
      did: isApproval ? (["approved", "approve"] as const) : (["asked for", "ask for"] as const),
      what: `a certificate to log in with${whose} (${facts.name})`,
      ...(isMighty ? { severity: "critical" as const, why: "it names one of the cluster's own identities" } : {}),
    };
  },
});

const MOST = 1_000;
const MADE: SampleRequest = {
  user: "mei",
  verb: "create",
  resource: CSR,
  name: "build",
  request: body("kubernetes.io/kube-apiserver-client"),
};

export const certificateUsed: SequenceDetector = {
  kind: "sequence",
  id: "csr-certificate-used",
  about: "a certificate that was made by hand is in use, under a name of its own",
  severity: "high",
  needs: ["request bodies"],
  advice:
    "Look at what it did, and at who else holds it; a certificate cannot be revoked, only its name be left without rights.",
  references: ["T1078", "T1649"],
  wants: `${WANTS} verb:create code:<400`,
  reads: "events",
  hits: [
    [MADE, { at: 2, user: "svc-build", verb: "list", resource: "secrets", namespace: "kube-system" }],
    [MADE, { at: 200, user: "svc-build", verb: "list", resource: "nodes", times: 5 }],
  ],
  misses: [
    [MADE],
    [
      { ...MADE, user: "svc-build" },
      { at: 2, user: "svc-build", verb: "list", resource: "pods", namespace: "a" },
    ],
  ],
  start() {
    const made = new Map<string, Draft>();
    return {
      see(sighting) {
        const { facts } = sighting;
        const names = clientNames(sighting);
        // Who has their own certificate renewed is nobody new.
        if (names === null || names.user === "" || names.user === facts.user || made.size >= MOST) return;
        const groups = names.groups.length === 0 ? "" : ` (${listText(names.groups)})`;
        const since = isoTime(facts.receivedUs) ?? "";
        made.set(names.user, {
          severity: "high",
          title: `${names.user}${groups} is in use: ${actorText(facts)} had its certificate made`,
          detail: `${names.user}${groups} makes requests since ${actorText(facts)} had a certificate made for it with ${facts.name}`,
          subject: { user: names.user },
          evidence: { terms: `user:${quote(names.user)}${since === "" ? "" : ` since:${since}`}` },
        });
      },
      found: () => [...made.values()],
    };
  },
};
