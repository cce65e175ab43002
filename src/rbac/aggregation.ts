import type { LabelSelector, PolicyRule, Role } from "./objects.ts";

/** Rules of every ClusterRole by name, aggregated ones as the controller would fill them. */
export function clusterRoleRules(roles: readonly Role[]): ReadonlyMap<string, readonly PolicyRule[]> {
  const named = new Map<string, Role>();
  for (const role of roles) if (role.kind === "ClusterRole") named.set(role.name, role);
  const all = [...named.values()];
  const rules = new Map<string, readonly PolicyRule[]>();
  for (const role of all) rules.set(role.name, role.aggregates === null ? role.rules : aggregated(role, all));
  return rules;
}

/** A selected role may be an aggregated one itself: followed to the end, each once. A live role has the same rules already. */
function aggregated(role: Role, all: readonly Role[]): readonly PolicyRule[] {
  const seen = new Set([role]);
  const found: PolicyRule[] = [];
  for (const next of seen) {
    if (next.aggregates === null || next.isLive) found.push(...next.rules);
    for (const other of all) {
      if (!seen.has(other) && next.aggregates?.some((selector) => selects(selector, other.labels)) === true) {
        seen.add(other);
      }
    }
  }
  return [...new Map(found.map((rule) => [JSON.stringify(rule), rule])).values()];
}

/** ClusterRoles whose rules others take. */
export function aggregatedParts(roles: readonly Role[]): ReadonlySet<Role> {
  const selectors = roles.flatMap(({ aggregates }) => aggregates ?? []);
  return new Set(
    roles.filter(
      ({ kind, labels }) => kind === "ClusterRole" && selectors.some((selector) => selects(selector, labels)),
    ),
  );
}

function selects({ labels, expressions }: LabelSelector, of: ReadonlyMap<string, string>): boolean {
  for (const [key, value] of labels) if (of.get(key) !== value) return false;
  return expressions.every(({ key, operator, values }) => {
    const value = of.get(key);
    if (operator === "Exists") return value !== undefined;
    if (operator === "DoesNotExist") return value === undefined;
    if (operator === "In") return value !== undefined && values.includes(value);
    return operator === "NotIn" && (value === undefined || !values.includes(value));
  });
}
