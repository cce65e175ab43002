import { termFor } from "../queries/filter-term.ts";
import { quote } from "../queries/print-filter.ts";
import type { Ledger } from "../rbac/ledger.ts";
import type { PolicyRule } from "../rbac/objects.ts";

/** Terms that select the requests for what a rule of a role grants, in these namespaces ("": in none, of everything). */
export function ruleTerms(rule: PolicyRule, namespaces: readonly string[]): readonly string[] {
  const { verbs, apiGroups, resources, resourceNames, nonResourceURLs } = rule;
  const verb = `verb:${verbs.map(quote).join(",")}`;
  if (nonResourceURLs.length > 0) return [verb, anyOf(nonResourceURLs.map((path) => termFor("resource", path)))];
  const plurals = apiGroups.flatMap((group) => resources.map((resource) => resourceDimension(group, resource)));
  // The name of a list or watch is in its field selector alone.
  const isNamed = resourceNames.length > 0 && !verbs.some((each) => each === "list" || each === "watch");
  return [
    verb,
    anyOf(plurals.map((plural) => termFor("resource", plural))),
    ...(namespaces.length === 0 ? [] : [`ns:${namespaces.map(quote).join(",")}`]),
    ...(isNamed ? [`name:${resourceNames.map(quote).join(",")}`] : []),
  ];
}

/**
 * Terms for what the authorizer decided, as rights count it: what it refused while it was starting does not. Nothing where
 * the log has no decisions, and the answers tell.
 */
export function decidedTerms({ by }: Ledger, decisions: readonly ("allow" | "forbid")[]): readonly string[] {
  if (by.answer > 0) return [];
  const starting = decisions.includes("forbid") ? ['-(decision:forbid annotation:"apiserver.k8s.io/startup")'] : [];
  return [`decision:${decisions.join(",")}`, ...starting];
}

/** `deployments/scale` of `apps` is `deployments.apps/scale`. */
export function resourceDimension(apiGroup: string, resource: string): string {
  if (apiGroup === "") return resource;
  const slash = resource.indexOf("/");
  return slash < 0 ? `${resource}.${apiGroup}` : `${resource.slice(0, slash)}.${apiGroup}${resource.slice(slash)}`;
}

/** One term; of several each in parentheses, since it may be two. */
function anyOf(terms: readonly string[]): string {
  return terms.length === 1 ? (terms[0] ?? "") : `(${terms.map((term) => `(${term})`).join(" OR ")})`;
}
