import { asObject, field, type JsonValue, list, text } from "../../lineage/json.ts";
import type { PolicyRule } from "../../rbac/objects.ts";
import { powersOf } from "../../rbac/powerful.ts";
import { isSystemNamespace, NOT_MACHINERY, SYSTEM_NAMESPACES } from "../actors.ts";
import type { Sighting } from "../contract.ts";
import { incidents, type Judgement } from "../incidents.ts";
import { list as listText, targetText } from "../words.ts";
import { boundBy, subjectText } from "./bound-roles.ts";

const GROUP = "rbac.authorization.k8s.io";
const ALL = `resource:roles.${GROUP},clusterroles.${GROUP},rolebindings.${GROUP},clusterrolebindings.${GROUP}`;
const MOST_ROLES = 5_000;

function role(kind: string, name: string, rules: readonly Readonly<Record<string, readonly string[]>>[]): JsonValue {
  return { kind, metadata: { name }, rules: rules as unknown as JsonValue };
}

function rulesOf({ request, response }: Sighting): readonly PolicyRule[] {
  const body = [response, request].find((value) => list(value, "rules").length > 0);
  return list(body, "rules").map((rule) => ({
    verbs: texts(rule, "verbs"),
    apiGroups: texts(rule, "apiGroups"),
    resources: texts(rule, "resources"),
    resourceNames: texts(rule, "resourceNames"),
    nonResourceURLs: texts(rule, "nonResourceURLs"),
  }));
}

function texts(value: JsonValue, key: string): readonly string[] {
  return list(value, key).filter((item) => typeof item === "string");
}

/** What it makes possible, the worst first; empty for most. */
function dangersOf(sighting: Sighting): readonly string[] {
  const rules = rulesOf(sighting);
  const isAll = rules.some(
    ({ verbs, resources, apiGroups }) => verbs.includes("*") && resources.includes("*") && apiGroups.includes("*"),
  );
  return isAll ? ["may do everything"] : [...new Set(rules.flatMap((rule) => powersOf(rule)))];
}

export const dangerousRole = incidents({
  id: "rbac-dangerous-role",
  about:
    "somebody made or changed a role that is the start of other rights: everything, commands in pods, tokens, roles themselves",
  severity: "high",
  needs: ["request bodies"],
  advice:
    "Name the verbs and resources that are needed (`ktrail rbac FILE --user USER` tells which), and take the rest out.",
  references: [
    "T1098.006",
    "Falco: ClusterRole With Wildcard/Pod Exec/Write Privileges Created",
    "Elastic: creation_or_modification_of_sensitive_role",
    "CIS 5.1.3",
  ],
  wants: `verb:create,update,patch ${ALL} -actor:controller,apiserver -name:system:*,cluster-admin,admin,edit,view`,
  reads: "bodies",
  usual: { user: "jonas", verb: "create", resource: `clusterroles.${GROUP}`, name: "x" },
  hits: [
    [{ name: "all", request: role("ClusterRole", "all", [{ verbs: ["*"], apiGroups: ["*"], resources: ["*"] }]) }],
    [
      {
        user: "petra",
        resource: `roles.${GROUP}`,
        namespace: "shop",
        request: role("Role", "x", [{ verbs: ["create", "get"], apiGroups: [""], resources: ["pods/exec"] }]),
      },
    ],
  ],
  misses: [
    [
      {
        resource: `roles.${GROUP}`,
        namespace: "shop",
        request: role("Role", "x", [{ verbs: ["get", "list"], apiGroups: [""], resources: ["pods"] }]),
      },
    ],
    [
      {
        user: "system:apiserver",
        name: "system:x",
        request: role("ClusterRole", "system:x", [{ verbs: ["*"], apiGroups: ["*"], resources: ["*"] }]),
      },
    ],
  ],
  judging() {
    // Bindings of such a role belong to the same story.
    const known = new Map<string, readonly string[]>();
    return (sighting) => dangerousJudgement(sighting, known);
  },
});

function dangerousJudgement(sighting: Sighting, known: Map<string, readonly string[]>): Judgement | null {
  const { facts } = sighting;
  const isCluster = facts.resource.startsWith("cluster");
  if (
    facts.resource.startsWith("role")
      ? facts.resource.startsWith("rolebindings")
      : facts.resource.startsWith("clusterrolebindings")
  ) {
    const bound = boundBy(sighting);
    const dangers = bound === null ? undefined : known.get(bound.role);
    if (bound === null || dangers === undefined) return null;
    return {
      key: bound.role,
      did: ["bound", "bind"],
      what: `${bound.role} to ${listText(bound.subjects.map(subjectText))}`,
      severity: "medium",
    };
  }
  const dangers = dangersOf(sighting);
  if (dangers.length === 0) return null;
  const name =
    facts.name === "" ? text(field(asObject(sighting.request) ?? undefined, "metadata"), "name") : facts.name;
  if (known.size < MOST_ROLES) known.set(name, dangers);
  const isAll = dangers[0] === "may do everything";
  return {
    key: name,
    what: `${targetText({ ...facts, name })}: who has it ${listText(dangers, 3)}`,
    severity: isAll && isCluster ? "critical" : isCluster ? "high" : "medium",
    ...(isAll ? { why: "it grants every verb on every resource" } : {}),
  };
}

export const systemRoleChanged = incidents({
  id: "rbac-system-role-changed",
  about: "somebody changed a role or binding that comes with Kubernetes",
  severity: "high",
  needs: ["metadata"],
  advice:
    "Compare it with a fresh cluster's, and let the API server restore it: restart it, with rbac.authorization.kubernetes.io/autoupdate left true.",
  references: ["T1098", "Falco: System ClusterRole Modified/Deleted"],
  wants: `verb:create,update,patch,delete ${ALL} name:system:*,cluster-admin,admin,edit,view -actor:controller,apiserver`,
  usual: { user: "bruno", resource: `clusterroles.${GROUP}`, name: "system:discovery" },
  hits: [[{ verb: "patch" }], [{ verb: "delete", resource: `clusterrolebindings.${GROUP}`, name: "cluster-admin" }]],
  misses: [[{ user: "system:apiserver", verb: "update" }], [{ verb: "get" }]],
  judge: () => ({}),
});

export const rbacByAccount = incidents({
  id: "rbac-by-serviceaccount",
  about: "a service account writes roles or bindings",
  severity: "medium",
  needs: ["metadata"],
  advice: "If it is a pipeline, say so in findings.yaml; if not, take the right away and look at what it granted.",
  references: ["T1098.006", "Elastic: service_account_rbac_write_operation"],
  wants: `verb:create,update,patch,delete ${ALL} actor:serviceaccount`,
  usual: { verb: "create", resource: `rolebindings.${GROUP}`, name: "x" },
  hits: [
    [{ user: "system:serviceaccount:shop:web", namespace: "shop" }],
    [{ user: "system:serviceaccount:kube-system:odd", verb: "patch", resource: `clusterroles.${GROUP}` }],
  ],
  misses: [
    [{ user: "ann", namespace: "shop" }],
    [
      {
        user: "system:serviceaccount:kube-system:clusterrole-aggregation-controller",
        verb: "patch",
        resource: `clusterroles.${GROUP}`,
        name: "admin",
      },
    ],
  ],
  judge: () => ({}),
});

export const systemAccountCreated = incidents({
  id: "sa-created-in-system",
  about: "somebody made a service account in a namespace of the cluster itself",
  severity: "medium",
  needs: ["metadata"],
  advice: "Ask what for: an account there looks like one of the cluster's own; look at what is bound to it.",
  references: [
    "T1136",
    "Falco: Service Account Created in Kube Namespace",
    "Sigma: kubernetes_audit_serviceaccount_creation",
  ],
  wants: `verb:create resource:serviceaccounts sub:"" ${SYSTEM_NAMESPACES} ${NOT_MACHINERY}`,
  usual: { user: "olga", verb: "create", resource: "serviceaccounts", namespace: "kube-system", name: "x" },
  hits: [[{ name: "metrics-helper" }], [{ namespace: "openshift-ingress", code: 403, decision: "forbid" }]],
  misses: [[{ namespace: "shop" }], [{ resource: "serviceaccounts/token" }]],
  judge: ({ facts }) => (isSystemNamespace(facts.namespace) ? {} : null),
});
