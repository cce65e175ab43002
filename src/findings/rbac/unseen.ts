import { incidents } from "../incidents.ts";

const GROUP = "rbac.authorization.k8s.io";

export const grantUnseen = incidents({
  id: "rbac-changed-unseen",
  about: "a person wrote a role or a binding, and the log does not say what it allows",
  severity: "low",
  needs: ["metadata"],
  advice: "Look at what it allows as it stands (`kubectl get -o yaml`), and log writes of RBAC with their bodies.",
  references: ["T1098.006", "Falco: K8s Role/Clusterrolebinding Created"],
  wants: `verb:create,update,patch resource:roles.${GROUP},clusterroles.${GROUP},rolebindings.${GROUP},clusterrolebindings.${GROUP} level:Metadata actor:human`,
  usual: { user: "jonas", verb: "create", resource: `clusterroles.${GROUP}` },
  hits: [[{ name: "all" }], [{ verb: "patch", resource: `rolebindings.${GROUP}`, namespace: "shop", name: "x" }]],
  misses: [
    [{ name: "all", request: { rules: [{ verbs: ["get"], apiGroups: [""], resources: ["pods"] }] } }],
    [{ verb: "list" }],
  ],
  judge: ({ facts }) =>
    facts.resource.startsWith("cluster") ? { severity: "medium", why: "it is for the whole cluster" } : {},
});
