import type { PolicyRule } from "./objects.ts";
import type { PlannedRole } from "./plan.ts";
import type { Subject } from "./subject.ts";

const API = "rbac.authorization.k8s.io";

/** A value of YAML or JSON as roles and bindings have them. */
export type ApiValue = string | readonly string[] | readonly ApiMap[] | ApiMap;
export interface ApiMap {
  readonly [key: string]: ApiValue;
}

/** Planned roles, each followed by its bindings, as the API server takes them. */
export function apiObjects(roles: readonly PlannedRole[]): readonly ApiMap[] {
  return roles.flatMap((role) => [roleObject(role), ...bindingObjects(role)]);
}

export function roleObject({ kind, name, namespace, rules }: PlannedRole): ApiMap {
  return {
    apiVersion: `${API}/v1`,
    kind,
    metadata: metadata(name, namespace),
    rules: rules.map(({ rule }) => ruleObject(rule)),
  };
}

function ruleObject({ apiGroups, resources, resourceNames, nonResourceURLs, verbs }: PolicyRule): ApiMap {
  const lists = { apiGroups, resources, resourceNames, nonResourceURLs, verbs };
  return Object.fromEntries(Object.entries(lists).filter(([, values]) => values.length > 0));
}

export function bindingObjects(role: PlannedRole): readonly ApiMap[] {
  return role.bindings.map(({ namespace, subjects }) => ({
    apiVersion: `${API}/v1`,
    kind: namespace === "" ? "ClusterRoleBinding" : "RoleBinding",
    metadata: metadata(role.name, namespace),
    roleRef: { apiGroup: API, kind: role.kind, name: role.name },
    subjects: subjects.map(subjectObject),
  }));
}

function metadata(name: string, namespace: string): ApiMap {
  const labels = { "app.kubernetes.io/managed-by": "ktrail" };
  return namespace === "" ? { name, labels } : { name, namespace, labels };
}

function subjectObject(subject: Subject): ApiMap {
  const { kind, name } = subject;
  return kind === "ServiceAccount" ? { kind, name, namespace: subject.namespace } : { kind, apiGroup: API, name };
}
