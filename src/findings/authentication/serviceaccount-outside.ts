import { whoOf } from "../../events/who.ts";
import { termsForKey } from "../../queries/filter-term.ts";
import { BY_HAND } from "../actors.ts";
import type { AggregateDetector, Draft } from "../contract.ts";
import { shifted } from "../severity.ts";
import { joined } from "../terms.ts";
import { list, personText, plain } from "../words.ts";

const HAND = `user:system:serviceaccount:* as:"" ${BY_HAND}`;
/** Pipelines call with kubectl and helm by design. */
const PIPELINE =
  /^system:serviceaccount:(?:ci|cd|build|builds|deploy|argo|argocd|tekton|tekton-pipelines|jenkins|gitlab|gitlab-runner|github|actions-runner|flux-system)[^:]{0,40}:/;

export const serviceAccountOutside: AggregateDetector = {
  kind: "aggregate",
  id: "auth-serviceaccount-outside",
  about: "a service account's token is used by hand: with kubectl, curl or a script",
  severity: "high",
  wholeRun: true,
  needs: ["metadata"],
  advice:
    "Find out who uses it at that address; if it is not a pod of its own, take the token for stolen: delete the pods or Secrets it came from, so that it ends.",
  references: ["T1078", "T1528", "T1552.007", "T1550.001", "GuardDuty: InstanceCredentialExfiltration"],
  usual: { user: "system:serviceaccount:shop:web", verb: "get", resource: "configmaps", ua: "web/1.0" },
  hits: [
    [
      { namespace: "shop", name: "c", ip: "10.0.0.9", times: 10, every: 5 },
      {
        verb: "list",
        resource: "secrets",
        namespace: "shop",
        ua: "curl/8.1",
        ip: "10.9.9.9",
        code: 403,
        decision: "forbid",
      },
    ],
    [
      {
        user: "system:serviceaccount:kube-system:deployment-controller",
        verb: "list",
        resource: "secrets",
        ua: "kubectl/v1.30",
        ip: "10.9.9.9",
      },
    ],
  ],
  misses: [
    [{ namespace: "shop", name: "c", times: 10 }],
    [
      {
        user: "system:serviceaccount:ci:deployer",
        verb: "create",
        resource: "pods",
        namespace: "shop",
        ua: "helm/v3.1",
        times: 10,
      },
    ],
  ],
  async detect(store) {
    const drafts: Draft[] = [];
    for (const row of await store.groups(HAND, ["user", "useragent", "ip"])) {
      const { user = "", useragent = "", ip = "" } = row.key;
      if (PIPELINE.test(user)) continue;
      const own = ['as:""', ...termsForKey(row.key)];
      const pairs = await store.groups(joined(...termsForKey({ user })), ["useragent", "ip"]);
      const others = pairs.filter(({ key }) => key["useragent"] !== useragent && key["ip"] !== ip);
      const asked = await store.groups(joined(...own), ["verb", "resource"]);
      const refused = row.errors["4xx"];
      const isOfSystem = user.startsWith("system:serviceaccount:kube-system:");
      const wantsSecrets = asked.some(({ key }) => plain(key["resource"] ?? "").startsWith("secrets"));
      const worries = [
        ...(isOfSystem ? ["the account is one of the cluster itself"] : []),
        ...(others.length > 0
          ? [`the account works from ${list(new Set(others.map(({ key }) => key["ip"] ?? "")), 3)} otherwise`]
          : []),
        ...(wantsSecrets ? ["it asks for Secrets"] : []),
        ...(refused > 0 ? [`${refused} of its requests were refused`] : []),
      ];
      // A Job or a debug container with kubectl in it does this all the time, and nothing else.
      const severity = worries.length > 0 ? "high" : shifted("high", -2);
      const what = list(new Set(asked.map(({ key }) => `${key["verb"]} ${plain(key["resource"] ?? "")}`)), 5);
      drafts.push({
        severity,
        title: `service account ${personText(user)} is used by hand: ${row.requests} requests with ${whoOf("", useragent)} from ${ip}`,
        detail: `${user} made ${row.requests} requests with ${useragent} from ${ip}: ${what}`,
        ...(worries.length === 0 ? {} : { why: list(worries) }),
        subject: { user, ip, useragent },
        evidence: { terms: joined(...own), counted: row },
      });
    }
    return drafts;
  },
};
