import type { Atom } from "./atom.ts";
import { byText, compact, type ToldRule } from "./compact.ts";
import { added, type Tally } from "./ledger.ts";
import type { SubjectRights } from "./least.ts";
import { roleName } from "./role-name.ts";
import type { RbacObjects, RbacSubject } from "./objects.ts";
import type { Subject } from "./subject.ts";

/** A role to be written, with its bindings. */
export interface PlannedRole {
  readonly kind: "Role" | "ClusterRole";
  /** Its bindings have the same name. */
  readonly name: string;
  /** "" for a ClusterRole. */
  readonly namespace: string;
  readonly rules: readonly ToldRule[];
  /** By namespace; "" is a ClusterRoleBinding. */
  readonly bindings: readonly { readonly namespace: string; readonly subjects: readonly Subject[] }[];
  /** Grants what was refused. */
  readonly isRefused: boolean;
}

/** Rules of one subject in one place. */
interface Unit {
  readonly subject: Subject;
  readonly namespace: string;
  readonly rules: readonly ToldRule[];
}

/** The roles and bindings for these subjects: what is alike is one role, bound as often as needed. */
export function planRoles(rights: readonly SubjectRights[]): readonly PlannedRole[] {
  return [
    ...rolesOf(
      rights.flatMap(({ subject, atoms }) => unitsOf(subject, atoms)),
      false,
    ),
    ...rolesOf(
      rights.flatMap(({ subject, refused }) => unitsOf(subject, refused)),
      true,
    ),
  ];
}

function unitsOf(subject: Subject, atoms: readonly Atom[]): readonly Unit[] {
  const places = new Map<string, Atom[]>();
  for (const atom of atoms) {
    const known = places.get(atom.namespace);
    if (known === undefined) places.set(atom.namespace, [atom]);
    else known.push(atom);
  }
  return [...places]
    .toSorted(([a], [b]) => byText(a, b))
    .map(([namespace, own]) => ({ subject, namespace, rules: compact(own) }));
}

/** Equal rules in several namespaces are one ClusterRole, bound in each: never more than in those. */
function rolesOf(units: readonly Unit[], isRefused: boolean): readonly PlannedRole[] {
  const alike = new Map<string, Unit[]>();
  for (const unit of units) {
    const rules = unit.rules.map(({ rule, section }) => [rule, section]);
    const key = JSON.stringify([unit.namespace === "", rules]);
    const known = alike.get(key);
    if (known === undefined) alike.set(key, [unit]);
    else known.push(unit);
  }
  const taken = new Set<string>();
  return [...alike.values()].map((group) => {
    const namespaces = new Set(group.map(({ namespace }) => namespace));
    const [first] = group;
    if (first === undefined) throw new RangeError("a role of no rules");
    const kind = namespaces.size === 1 && !namespaces.has("") ? "Role" : "ClusterRole";
    const place = kind === "Role" ? first.namespace : "";
    let name = "";
    for (let number = 1; name === "" || taken.has(`${place}/${name}`); number++) {
      name = roleName(first.subject, { isRefused, isShared: kind === "ClusterRole" && !namespaces.has(""), number });
    }
    taken.add(`${place}/${name}`);
    return { kind, name, namespace: place, rules: mergedRules(group), bindings: bindingsOf(group), isRefused };
  });
}

/** The same rules, with what all units tell of each. */
function mergedRules(group: readonly Unit[]): readonly ToldRule[] {
  const [first, ...others] = group;
  return (first?.rules ?? []).map((own, at) => {
    const all = [own, ...others.flatMap(({ rules }) => rules[at] ?? [])];
    const tally = all.reduce<Tally | null>((sum, rule) => added(sum, rule), null) ?? own;
    return {
      ...own,
      ...tally,
      seen: [...new Set(all.flatMap(({ seen }) => seen))].sort(byText),
      isKept: all.some(({ isKept }) => isKept),
    };
  });
}

function bindingsOf(group: readonly Unit[]): PlannedRole["bindings"] {
  const subjects = new Map<string, Subject[]>();
  for (const { namespace, subject } of group) {
    const known = subjects.get(namespace);
    if (known === undefined) subjects.set(namespace, [subject]);
    else known.push(subject);
  }
  return [...subjects].map(([namespace, own]) => ({ namespace, subjects: own }));
}

/** The plan as the authorizer would see it once applied. */
export function objectsOf(roles: readonly PlannedRole[]): RbacObjects {
  return {
    roles: roles.map(({ kind, name, namespace, rules }) => ({
      kind,
      name,
      namespace,
      rules: rules.map(({ rule }) => rule),
      labels: new Map(),
      aggregates: null,
      isLive: false,
    })),
    bindings: roles.flatMap(({ kind, name, bindings }) =>
      bindings.map(({ namespace, subjects }) => ({
        kind: namespace === "" ? ("ClusterRoleBinding" as const) : ("RoleBinding" as const),
        name,
        namespace,
        subjects: subjects.map((subject): RbacSubject => ({ namespace: "", ...subject })),
        roleKind: kind,
        roleName: name,
      })),
    ),
  };
}
