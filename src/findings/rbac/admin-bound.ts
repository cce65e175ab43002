import type { Sighting } from "../contract.ts";
import { incidents, type Judgement } from "../incidents.ts";
import { list } from "../words.ts";
import { boundBy, subjectText } from "./bound-roles.ts";

const EVERYBODY = new Set([
  "system:authenticated",
  "system:unauthenticated",
  "system:anonymous",
  "system:serviceaccounts",
]);
const ADMIN = /^(?:cluster-admin|admin|system:masters|system:kube-controller-manager)$/;
const BINDINGS = "resource:clusterrolebindings.rbac.authorization.k8s.io,rolebindings.rbac.authorization.k8s.io";
const CRB = "clusterrolebindings.rbac.authorization.k8s.io";

function body(kind: string, role: string, subjects: readonly { kind: string; name: string; namespace?: string }[]) {
  return { kind, roleRef: { kind: "ClusterRole", name: role }, subjects: subjects.map((subject) => ({ ...subject })) };
}

export const adminBound = incidents({
  id: "rbac-cluster-admin-bound",
  about: "somebody was made administrator of the cluster or of a namespace, or all were given rights",
  severity: "high",
  needs: ["request bodies"],
  advice: "If it was not asked for, delete the binding and look at what its subjects did since; bind a role with less.",
  references: [
    "T1098.006",
    "Falco: Attach to cluster-admin Role",
    "Stratus: k8s.persistence.create-admin-clusterrole",
    "GuardDuty: AdminAccessToDefaultServiceAccount, AnonymousAccessGranted",
  ],
  wants: `verb:create,update,patch ${BINDINGS} -actor:apiserver,controller`,
  reads: "bodies",
  usual: { user: "carol", verb: "create", resource: CRB, name: "x" },
  hits: [
    [{ request: body("ClusterRoleBinding", "cluster-admin", [{ kind: "User", name: "mallory" }]) }],
    [{ request: body("ClusterRoleBinding", "view", [{ kind: "Group", name: "system:unauthenticated" }]) }],
  ],
  misses: [
    [{ request: body("ClusterRoleBinding", "view", [{ kind: "User", name: "bob" }]) }],
    [
      {
        user: "system:apiserver",
        name: "cluster-admin",
        request: body("ClusterRoleBinding", "cluster-admin", [{ kind: "Group", name: "system:masters" }]),
      },
    ],
  ],
  judge: (sighting) => judgementOf(sighting),
});

function judgementOf(sighting: Sighting): Judgement | null {
  const bound = boundBy(sighting);
  if (bound === null) return null;
  const { facts } = sighting;
  const isCluster = facts.resource === CRB;
  const toAll = bound.subjects.filter(({ name, kind }) => EVERYBODY.has(name) && kind !== "ServiceAccount");
  const toDefault = bound.subjects.some(({ kind, name }) => kind === "ServiceAccount" && name === "default");
  const isAdmin = ADMIN.test(bound.role);
  if (!isAdmin && toAll.length === 0) return null;
  const where = isCluster ? "" : ` in ${facts.namespace}`;
  const what = `${bound.role} to ${list(bound.subjects.map(subjectText))}${where}`;
  const told = { did: ["bound", "bind"] as const, what };
  if (toAll.length > 0 && (isAdmin || toAll.some(({ name }) => name !== "system:authenticated")))
    return {
      ...told,
      severity: isAdmin ? "critical" : "high",
      why: "everybody who reaches the API server is among its subjects",
    };
  if (toAll.length > 0) return { ...told, severity: "medium" };
  if (toDefault && isCluster)
    return { ...told, severity: "critical", why: "pods run as this account unless told otherwise" };
  return isCluster ? told : { ...told, severity: bound.role === "cluster-admin" ? "high" : "medium" };
}
