import type { RequestAttributes } from "../events/request-attributes.ts";
import { serviceAccountUser } from "../events/service-account.ts";
import { clusterRoleRules } from "./aggregation.ts";
import type { Binding, PolicyRule, RbacObjects, RbacSubject } from "./objects.ts";

/** What the authorizer is asked; of a request, or inside one. */
export type Attributes = Pick<
  RequestAttributes,
  "isResourceRequest" | "verb" | "apiGroup" | "resource" | "subresource" | "namespace" | "name" | "path"
>;

export interface Identity {
  readonly user: string;
  readonly groups: readonly string[];
}

/** One rule that reaches an identity: by which binding, as which of its subjects. */
export interface GrantedRule {
  readonly binding: Binding;
  readonly subject: RbacSubject;
  readonly rule: PolicyRule;
  /** Position among the rules of its role. */
  readonly index: number;
}

/** Rules by verb; `*` has those for all. */
type ByVerb = Map<string, GrantedRule[]>;

interface Granted {
  readonly all: readonly GrantedRule[];
  /** By namespace; "" has what counts everywhere. */
  readonly byPlace: ReadonlyMap<string, ByVerb>;
}

const NO_RULES: readonly PolicyRule[] = [];

/** Decides as the RBAC authorizer of the API server does, by the roles and bindings it is given. */
export class RbacAuthorizer {
  /** Bindings whose role is not among the objects. */
  readonly dangling: readonly Binding[];
  private readonly bindings: readonly { readonly binding: Binding; readonly rules: readonly PolicyRule[] }[];
  private readonly known = new Map<string, Granted>();

  constructor({ roles, bindings }: RbacObjects) {
    const clusterRoles = clusterRoleRules(roles);
    const namespaced = new Map<string, readonly PolicyRule[]>();
    for (const role of roles) if (role.kind === "Role") namespaced.set(`${role.namespace}/${role.name}`, role.rules);
    const dangling: Binding[] = [];
    this.bindings = bindings.map((binding) => {
      const { kind, namespace, roleKind, roleName } = binding;
      let rules: readonly PolicyRule[] | undefined;
      if (roleKind === "ClusterRole") rules = clusterRoles.get(roleName);
      else if (roleKind === "Role" && kind === "RoleBinding") rules = namespaced.get(`${namespace}/${roleName}`);
      if (rules === undefined) dangling.push(binding);
      return { binding, rules: rules ?? NO_RULES };
    });
    this.dangling = dangling;
  }

  /** The first rule that allows; null when none does, which is a refusal. */
  allowedBy(identity: Identity, attributes: Attributes): GrantedRule | null {
    for (const granted of this.candidates(identity, attributes)) {
      if (ruleAllows(granted.rule, attributes)) return granted;
    }
    return null;
  }

  /** Every rule that allows, once. */
  allAllowing(identity: Identity, attributes: Attributes): readonly GrantedRule[] {
    const allowing = [...this.candidates(identity, attributes)].filter(({ rule }) => ruleAllows(rule, attributes));
    return [...new Set(allowing)];
  }

  /** All that reaches an identity, wherever it counts. */
  grantsTo(identity: Identity): readonly GrantedRule[] {
    return this.granted(identity).all;
  }

  /** RoleBindings count in their namespace only. */
  private *candidates(identity: Identity, { namespace, verb }: Attributes): Generator<GrantedRule, void, void> {
    const { byPlace } = this.granted(identity);
    for (const place of namespace === "" ? [""] : ["", namespace]) {
      const byVerb = byPlace.get(place);
      yield* byVerb?.get(verb) ?? [];
      if (verb !== "*") yield* byVerb?.get("*") ?? [];
    }
  }

  private granted(identity: Identity): Granted {
    const key = JSON.stringify([identity.user, identity.groups]);
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const all: GrantedRule[] = [];
    const byPlace = new Map<string, ByVerb>();
    const groups = new Set(identity.groups);
    for (const { binding, rules } of this.bindings) {
      const subject = binding.subjects.find((each) => isMeant(each, binding.namespace, identity.user, groups));
      if (subject === undefined) continue;
      const byVerb = byPlace.get(binding.namespace) ?? new Map<string, GrantedRule[]>();
      byPlace.set(binding.namespace, byVerb);
      for (const [index, rule] of rules.entries()) {
        const granted = { binding, subject, rule, index };
        all.push(granted);
        for (const verb of new Set(rule.verbs)) {
          const same = byVerb.get(verb);
          if (same === undefined) byVerb.set(verb, [granted]);
          else same.push(granted);
        }
      }
    }
    const granted = { all, byPlace };
    this.known.set(key, granted);
    return granted;
  }
}

/** Whether a binding in `namespace` ("" of a ClusterRoleBinding) that names this subject means the user. */
function isMeant(subject: RbacSubject, namespace: string, user: string, groups: ReadonlySet<string>): boolean {
  if (subject.kind === "User") return subject.name === user;
  if (subject.kind === "Group") return groups.has(subject.name);
  if (subject.kind !== "ServiceAccount") return false;
  const own = subject.namespace || namespace;
  return own !== "" && user === serviceAccountUser({ namespace: own, name: subject.name });
}

export function ruleAllows(rule: PolicyRule, attributes: Attributes): boolean {
  if (!has(rule.verbs, attributes.verb)) return false;
  if (!attributes.isResourceRequest) return rule.nonResourceURLs.some((url) => isUrlMatch(url, attributes.path));
  const { apiGroup, resource, subresource, name } = attributes;
  return (
    has(rule.apiGroups, apiGroup) &&
    isResourceMatch(rule.resources, resource, subresource) &&
    (rule.resourceNames.length === 0 || rule.resourceNames.includes(name))
  );
}

function has(values: readonly string[], value: string): boolean {
  return values.includes("*") || values.includes(value);
}

/** `pods/*` stands for nothing but itself: that wildcard is the audit policy's. */
export function isResourceMatch(resources: readonly string[], resource: string, subresource: string): boolean {
  if (subresource === "") return has(resources, resource);
  return has(resources, `${resource}/${subresource}`) || resources.includes(`*/${subresource}`);
}

export function isUrlMatch(url: string, path: string): boolean {
  if (url === "*" || url === path) return true;
  let end = url.length;
  while (end > 0 && url[end - 1] === "*") end -= 1;
  return end < url.length && path.startsWith(url.slice(0, end));
}
