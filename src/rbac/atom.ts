import type { Tally } from "./ledger.ts";
import { added } from "./ledger.ts";
import { isGeneratedName } from "./generated-name.ts";
import { isDnsLabel } from "../events/dns-name.ts";
import { type Right, ruleResource } from "./right.ts";

/** Why a rule is there: what is alike in this is told together, and not merged with what differs. */
export interface Section {
  readonly kind: "used" | "implied" | "default" | "node" | "beyond" | "refused";
  /** Sentences for a comment; of a `used` rule none. */
  readonly notes: readonly string[];
  /** Nobody asked for it: the counted requests are what it is implied by. */
  readonly isImplied?: true;
}

/** A right that is to be granted. */
export interface Need extends Tally {
  readonly right: Right;
  readonly section: Section;
}

/** The smallest piece of a rule: one verb on one resource, or one path, in one namespace or everywhere. */
export interface Atom extends Tally {
  readonly section: Section;
  readonly verb: string;
  readonly apiGroup: string;
  /** `pods/log`; "" for a path. */
  readonly resource: string;
  readonly path: string;
  /** "" is everywhere: cluster-scoped resources, all namespaces, paths. */
  readonly namespace: string;
  /** Sorted; null is any name. */
  readonly names: readonly string[] | null;
  /** Names that were asked for where `names` is null, sorted. */
  readonly seen: readonly string[];
  /** Names are kept because others were refused. */
  readonly isKept: boolean;
}

/** Verbs on objects that stand for persons, roles or policies: any name would be far too much. */
const NAMED_VERBS = /^(?:impersonate(?::.*)?|bind|escalate|approve|sign|use)$/;

/** What a rule can hold of a right, and where it counts: everything but names. */
type RulePlace = Pick<Atom, "verb" | "apiGroup" | "resource" | "path" | "namespace">;

function placeOf(right: Right): RulePlace {
  const { isResourceRequest, verb, apiGroup, path, namespace } = right;
  if (!isResourceRequest) return { verb, apiGroup: "", resource: "", path, namespace: "" };
  // A namespace of such a name cannot be there to hold a Role.
  const isPlace = !isNamespaceObject(right) || isDnsLabel(namespace);
  return { verb, apiGroup, resource: ruleResource(right), path: "", namespace: isPlace ? namespace : "" };
}

/** Such a request is in the namespace it is for. */
export function isNamespaceObject({ resource, namespace, name }: Right): boolean {
  return resource === "namespaces" && namespace !== "" && namespace === name;
}

/** Equal for what is granted alike, but for where. */
export function atomKey({ verb, apiGroup, resource, path }: RulePlace): string {
  return JSON.stringify([verb, apiGroup, resource, path]);
}

/** Rights that must stay refused, by atomKey. */
export type Refusals = ReadonlyMap<string, readonly Right[]>;

export function refusalsOf(rights: Iterable<Right>): Refusals {
  const refusals = new Map<string, Right[]>();
  for (const right of rights) {
    const key = atomKey(placeOf(right));
    const known = refusals.get(key);
    if (known === undefined) refusals.set(key, [right]);
    else known.push(right);
  }
  return refusals;
}

/** Whether granting an atom would allow what was refused. */
export function isUndoing(refusals: Refusals, atom: RulePlace & Pick<Atom, "names">): boolean {
  const { namespace, names } = atom;
  return (refusals.get(atomKey(atom)) ?? []).some(
    (right) => (namespace === "" || right.namespace === namespace) && (names === null || names.includes(right.name)),
  );
}

/** Whether granting exactly this would allow what was refused: without a name it is for any, without a namespace for all. */
export function isRightUndoing(refusals: Refusals, right: Right): boolean {
  return isUndoing(refusals, { ...placeOf(right), names: right.name === "" ? null : [right.name] });
}

/** Needs as atoms: names are kept where they are few, lasting and of use, or where any name would undo a refusal. */
export function atomsOf(needs: readonly Need[], refusals: Refusals, mostNames: number): readonly Atom[] {
  const groups = new Map<string, Need[]>();
  for (const need of needs) {
    const key = JSON.stringify([placeOf(need.right), need.section]);
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [need]);
    else known.push(need);
  }
  return [...groups.values()].map((group) => atomOf(group, refusals, mostNames));
}

function atomOf(group: readonly Need[], refusals: Refusals, mostNames: number): Atom {
  const [first] = group;
  if (first === undefined) throw new RangeError("an atom of no needs");
  const { right, section } = first;
  const tally = group.reduce<Tally | null>((sum, need) => added(sum, need), null) ?? first;
  const own = {
    ...tally,
    section,
    ...placeOf(right),
  };
  const named = new Set(group.map((need) => need.right.name));
  const seen = [...named].filter((name) => name !== "").sort();
  const isOfNamespaces = isNamespaceObject(right);
  // Of a Namespace the Role's place says which one.
  if (named.has("") || (isOfNamespaces && own.namespace !== "")) {
    return { ...own, names: null, seen: [], isKept: false };
  }
  const isUseful = seen.length <= mostNames && !seen.some((name) => isGeneratedName(right.resource, name));
  if (isUseful || isOfNamespaces || NAMED_VERBS.test(right.verb))
    return { ...own, names: seen, seen: [], isKept: false };
  // What was refused was never allowed: no name of the atom is among those.
  if (isUndoing(refusals, { ...own, names: null })) return { ...own, names: seen, seen: [], isKept: true };
  return { ...own, names: null, seen, isKept: false };
}

/**
 * Without what broader ones grant already: a rule everywhere makes the same in one namespace superfluous, and is for its
 * requests too.
 */
export function withoutCovered(atoms: readonly Atom[]): readonly Atom[] {
  const broad = new Map<string, Atom[]>();
  for (const atom of atoms) {
    const key = atomKey(atom);
    const known = broad.get(key);
    if (known === undefined) broad.set(key, [atom]);
    else known.push(atom);
  }
  const kept: Atom[] = [];
  for (const same of broad.values()) {
    // Broadest first: everywhere before in a namespace, any name before some.
    same.sort((a, b) => rank(a) - rank(b));
    const before: Atom[] = [];
    for (const atom of same) {
      const left = uncovered(atom, before);
      if (left === null) takeOver(before, atom);
      else before.push(left);
    }
    kept.push(...before);
  }
  return kept;
}

function takeOver(broader: Atom[], atom: Atom): void {
  const at = broader.findIndex((cover) => isBroader(cover, atom));
  const cover = broader[at];
  if (cover !== undefined) broader[at] = { ...cover, ...added(cover, atom) };
}

function isBroader({ namespace }: Atom, atom: Atom): boolean {
  return namespace === "" || namespace === atom.namespace;
}

function rank({ namespace, names }: Atom): number {
  return (namespace === "" ? 0 : 2) + (names === null ? 0 : 1);
}

function uncovered(atom: Atom, broader: readonly Atom[]): Atom | null {
  const covers = broader.filter((cover) => isBroader(cover, atom));
  if (covers.some(({ names }) => names === null)) return null;
  const granted = new Set(covers.flatMap(({ names }) => names ?? []));
  // Any name may stand for a few that were asked for.
  if (atom.names === null) return atom.seen.length > 0 && atom.seen.every((name) => granted.has(name)) ? null : atom;
  const names = atom.names.filter((name) => !granted.has(name));
  return names.length === 0 ? null : { ...atom, names };
}
