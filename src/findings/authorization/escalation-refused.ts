import { NOT_MACHINERY } from "../actors.ts";
import { incidents } from "../incidents.ts";
import { plain } from "../words.ts";

export const escalationRefused = incidents({
  id: "authz-escalation-refused",
  about: "somebody tried to give rights, or to make a token, and may not",
  severity: "medium",
  needs: ["metadata"],
  advice: "Ask what for: a mistake is told once, an attack tries several ways.",
  references: ["T1098.006", "T1078"],
  wants: `code:403 verb:create,update,patch resource:roles.rbac.authorization.k8s.io,rolebindings.rbac.authorization.k8s.io,clusterroles.rbac.authorization.k8s.io,clusterrolebindings.rbac.authorization.k8s.io,serviceaccounts/token ${NOT_MACHINERY}`,
  reads: "events",
  isAttemptUsual: true,
  usual: { user: "lucia", verb: "create", resource: "clusterrolebindings.rbac.authorization.k8s.io", code: 403 },
  hits: [
    [
      { decision: "forbid" },
      { resource: "serviceaccounts/token", namespace: "kube-system", name: "default", decision: "forbid" },
    ],
    [
      {
        resource: "roles.rbac.authorization.k8s.io",
        namespace: "a",
        message: "attempting to grant RBAC permissions not currently held",
      },
    ],
  ],
  misses: [[{ code: 201 }], [{ verb: "list", decision: "forbid" }]],
  judge: ({ facts, message }) => {
    const what =
      facts.subresource === "token"
        ? `a token of service account ${facts.namespace}/${facts.name}`
        : plain(facts.resource);
    const told = { key: "rights", did: ["made", "make"] as const, what };
    return message.includes("not currently held")
      ? { ...told, severity: "high", why: "they would give more than they have" }
      : told;
  },
});
