/** What webhooks refuse, and servers behind the API server that do not answer. */
import { MACHINERY } from "../actors.ts";
import { captured, repeated } from "../repeated.ts";
import { list, personText, plain, within } from "../words.ts";

const RS = "system:serviceaccount:kube-system:replicaset-controller";
const DENIED = 'admission webhook "policy.example.com" denied the request: images must come from registry.example.com';

export const webhookDenies = repeated({
  id: "webhook-denies",
  about: "an admission webhook refuses the same again and again",
  severity: "info",
  needs: ["messages"],
  advice: "Mend what is written as the message says; a controller that retries stands still until then.",
  references: ["Kubernetes: dynamic admission control"],
  terms: "code:400,403,422 decision:allow verb:create,update,patch,delete",
  by: ["user", "resource", "namespace"],
  least: 5,
  usual: { user: "ci", verb: "create", resource: "pods", namespace: "shop", code: 403, message: DENIED },
  hits: [
    [{ user: RS, times: 20, every: 5 }],
    [{ verb: "patch", resource: "deployments.apps", name: "x", code: 400, times: 6 }],
  ],
  misses: [[{ times: 2 }], [{ message: "pods is forbidden: exceeded quota: x", times: 8 }]],
  async tell(group) {
    const { user = "", resource = "", namespace = "" } = group.key;
    const webhooks = await captured(group, /admission webhook "([^"]{1,253})" denied the request/);
    if (webhooks === null) return null;
    const [machinery] = await group.store.groups(`${group.own} ${MACHINERY}`, []);
    const isStuck = (machinery?.requests ?? 0) > 0 && group.row.requests >= 10;
    const where = namespace === "" ? "" : ` in ${namespace}`;
    return {
      title: `webhook ${list(webhooks)} refuses ${plain(resource)}${where}: ${group.row.requests} times`,
      detail: `webhook ${list(webhooks)} refused ${group.row.requests} writes of ${resource}${where} by ${personText(user)} ${within(group.row.firstSeen, group.row.lastSeen)}`,
      ...(isStuck ? { severity: "medium", why: "a controller retries it, and does not get on" } : {}),
    };
  },
});

export const webhookCertificate = repeated({
  id: "webhook-cert",
  about: "the certificate of a webhook or of an aggregated API is about to be refused, or is",
  severity: "high",
  needs: ["annotations"],
  advice: "Issue a certificate with the service's name as subject alternative name, signed with SHA-256.",
  references: ["Kubernetes: insecure certificates of webhooks"],
  terms:
    "annotation:missing-san.invalid-cert.kubernetes.io/*=* OR annotation:insecure-sha1.invalid-cert.kubernetes.io/*=*",
  by: [],
  least: 1,
  usual: { user: "ci", verb: "create", resource: "pods", namespace: "a" },
  hits: [
    [
      {
        annotations: { "missing-san.invalid-cert.kubernetes.io/hook.a.svc": "relies on a legacy Common Name field" },
        times: 3,
      },
    ],
    [{ annotations: { "insecure-sha1.invalid-cert.kubernetes.io/hook.a.svc": "uses an insecure SHA-1 signature" } }],
  ],
  misses: [[{}], [{ annotations: { "mutation.webhook.admission.k8s.io/round_0_index_0": "{}" } }]],
  async tell({ row, own, store }) {
    const kinds = (await store.groups(own, ["resource"])).map(({ key }) => plain(key["resource"] ?? "") || "paths");
    return {
      title: `a certificate behind the API server is not good: ${row.requests} requests for ${list(kinds, 3)}`,
      detail: `${row.requests} requests for ${list(kinds)} went to a server whose certificate has no subject alternative name, or is signed with SHA-1, ${within(row.firstSeen, row.lastSeen)}`,
    };
  },
});

const AGGREGATED = "resource:/\\.(?:custom\\.|external\\.)?metrics\\.k8s\\.io$/";

export const aggregatedDown = repeated({
  id: "aggregated-down",
  about: "a server that answers for a group of the API does not answer: metrics, and what scales by them, are gone",
  severity: "high",
  needs: ["metadata"],
  advice: "Look at the APIService and the pods behind it: `kubectl get apiservices`.",
  references: ["Kubernetes: aggregation layer"],
  terms: `code:503 ${AGGREGATED}`,
  by: ["resource"],
  least: 3,
  usual: { user: "ann", verb: "list", resource: "nodes.metrics.k8s.io", code: 503 },
  hits: [
    [
      {
        user: "system:serviceaccount:kube-system:horizontal-pod-autoscaler",
        resource: "pods.metrics.k8s.io",
        namespace: "a",
        times: 10,
        every: 15,
      },
    ],
    [{ times: 3 }],
  ],
  misses: [[{}], [{ code: 404, times: 9 }]],
  async tell({ key, row, own, store }) {
    const resource = key["resource"] ?? "";
    const group = resource.slice(resource.indexOf(".") + 1);
    const users = (await store.groups(own, ["user"])).map((each) => personText(each.key["user"] ?? ""));
    return {
      title: `nobody answers for ${group}: ${row.requests} × 503`,
      detail: `${row.requests} requests of ${list(users)} for ${resource} were answered 503 ${within(row.firstSeen, row.lastSeen)}`,
    };
  },
});

export const panicked = repeated({
  id: "panic",
  about: "the API server itself failed at a request",
  severity: "critical",
  needs: ["metadata"],
  advice: "Look at its log for the stack, and whether your release has a fix.",
  references: ["Kubernetes: audit stages"],
  terms: "stage:Panic",
  by: ["resource"],
  least: 1,
  usual: { user: "a", verb: "list", resource: "pods" },
  hits: [[{ code: 500, stage: "Panic", times: 2 }], [{ verb: "get", resource: "/metrics", code: 500, stage: "Panic" }]],
  misses: [[{ code: 500, message: "x" }], [{}]],
  tell: ({ key, row }) => ({
    title: `the API server panicked at ${plain(key["resource"] ?? "") || "a path"}: ${row.requests} requests`,
    detail: `the API server panicked at ${row.requests} requests for ${key["resource"] ?? ""} ${within(row.firstSeen, row.lastSeen)}`,
  }),
});
