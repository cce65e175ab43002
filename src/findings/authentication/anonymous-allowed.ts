import { incidents } from "../incidents.ts";
import { targetText } from "../words.ts";

export const anonymousAllowed = incidents({
  id: "auth-anonymous-allowed",
  about: "somebody who said nothing of who they are got more than health and version",
  severity: "high",
  needs: ["annotations"],
  advice:
    "Take system:anonymous and system:unauthenticated out of the binding that the reason names, and look at what was read; --anonymous-auth=false closes the door.",
  references: [
    "T1190",
    "T1078.001",
    "Falco: Anonymous Request Allowed",
    "Elastic: anonymous_request_authorized",
    "GuardDuty: SuccessfulAnonymousAccess",
  ],
  wants: "user:system:anonymous decision:allow -path:/healthz*,/livez*,/readyz*,/version*,/.well-known/*,/openid/*",
  usual: { user: "system:anonymous", verb: "list", resource: "secrets" },
  hits: [[{ ip: "203.0.113.5" }], [{ verb: "get", resource: "/apis", ip: "203.0.113.5" }]],
  misses: [[{ verb: "get", resource: "/healthz", times: 50 }], [{ code: 403, decision: "forbid" }]],
  judge: ({ facts }) => {
    // kubeadm lets joining nodes read it without a token, by design.
    if (facts.namespace === "kube-public" && facts.name === "cluster-info") return { severity: "info" };
    const key = facts.ip;
    return facts.resource === ""
      ? { key, what: targetText(facts) }
      : { key, severity: "critical", why: "it is about resources of the cluster" };
  },
});
