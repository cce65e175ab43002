import { NOT_MACHINERY } from "../actors.ts";
import { incidents, isRefused } from "../incidents.ts";

export const secretsListAll = incidents({
  id: "secrets-list-all",
  about: "somebody read all Secrets of all namespaces at once",
  severity: "high",
  needs: ["metadata"],
  advice:
    "Find out what for; narrow the role to names or namespaces, and renew what was read if it should not have been.",
  references: [
    "T1552.007",
    "Stratus: k8s.credential-access.dump-secrets",
    "Elastic: secrets_list",
    "Sigma: kubernetes_audit_secrets_enumeration",
    "GuardDuty: SecretsAccessed",
  ],
  wants: `verb:list,watch resource:secrets ns:"" sub:"" name:"" ${NOT_MACHINERY} -user:system:anonymous`,
  usual: { user: "ivan", verb: "list", resource: "secrets" },
  hits: [[{ query: "limit=500" }], [{ user: "system:serviceaccount:shop:web", verb: "watch", ua: "curl/8" }]],
  misses: [[{ namespace: "shop" }], [{ user: "system:serviceaccount:kube-system:generic-garbage-collector" }]],
  judge: ({ facts }) => ({
    key: "all",
    what: "all Secrets of all namespaces",
    did: facts.verb === "watch" ? ["watched", "watch"] : ["listed", "list"],
    ...(facts.actorClass === "human" && !isRefused(facts)
      ? { severity: "critical" as const, why: "a person did, not an operator" }
      : {}),
  }),
});
