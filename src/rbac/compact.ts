import type { Atom, Section } from "./atom.ts";
import { added, type Tally } from "./ledger.ts";
import type { PolicyRule } from "./objects.ts";

/** A rule with what it is made of. */
export interface ToldRule extends Tally {
  readonly rule: PolicyRule;
  readonly section: Section;
  /** Names that were asked for, where the rule is for any. */
  readonly seen: readonly string[];
  readonly isKept: boolean;
}

interface Piece extends Tally {
  readonly section: Section;
  readonly verbs: readonly string[];
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly paths: readonly string[];
  readonly names: readonly string[] | null;
  readonly seen: readonly string[];
  readonly isKept: boolean;
}

type Dimension = "verbs" | "resources" | "apiGroups" | "paths";

/** As few rules as merging makes that grants exactly what the atoms of one place grant. */
export function compact(atoms: readonly Atom[]): readonly ToldRule[] {
  let pieces = atoms.map(({ verb, apiGroup, resource, path, ...atom }): Piece => ({
    ...atom,
    verbs: [verb],
    apiGroups: resource === "" ? [] : [apiGroup],
    resources: resource === "" ? [] : [resource],
    paths: resource === "" ? [path] : [],
  }));
  for (const dimension of ["verbs", "resources", "apiGroups", "paths"] as const) pieces = merged(pieces, dimension);
  return pieces.toSorted(byOrder).map(({ section, requests, firstUs, lastUs, seen, isKept, ...piece }) => ({
    rule: {
      verbs: piece.verbs,
      apiGroups: piece.apiGroups,
      resources: piece.resources,
      resourceNames: piece.names ?? [],
      nonResourceURLs: piece.paths,
    },
    section,
    requests,
    firstUs,
    lastUs,
    seen,
    isKept,
  }));
}

/** Pieces that differ in one dimension alone are one: a rule grants every combination of its lists. */
function merged(pieces: readonly Piece[], dimension: Dimension): Piece[] {
  const groups = new Map<string, Piece[]>();
  for (const piece of pieces) {
    const { section, verbs, apiGroups, resources, paths, names } = piece;
    const key = JSON.stringify([section, { verbs, apiGroups, resources, paths, [dimension]: null }, names]);
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [piece]);
    else known.push(piece);
  }
  return [...groups.values()].map((group) => joined(group, dimension));
}

function joined(group: readonly Piece[], dimension: Dimension): Piece {
  const [first] = group;
  if (first === undefined) throw new RangeError("a piece of none");
  if (group.length === 1) return first;
  const values = [...new Set(group.flatMap((piece) => piece[dimension]))];
  return {
    ...first,
    ...(group.reduce<Tally | null>((sum, piece) => added(sum, piece), null) ?? first),
    [dimension]: dimension === "verbs" ? values.sort(byVerb) : values.sort(byText),
    seen: [...new Set(group.flatMap(({ seen }) => seen))].sort(byText),
    isKept: group.some(({ isKept }) => isKept),
  };
}

const VERBS: readonly string[] = ["get", "list", "watch", "create", "update", "patch", "delete", "deletecollection"];

export function byVerb(a: string, b: string): number {
  const place = (verb: string): number => (VERBS.includes(verb) ? VERBS.indexOf(verb) : VERBS.length);
  return place(a) - place(b) || byText(a, b);
}

export function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

const SECTIONS: readonly Section["kind"][] = ["used", "implied", "beyond", "refused", "default", "node"];

function byOrder(a: Piece, b: Piece): number {
  return (
    SECTIONS.indexOf(a.section.kind) - SECTIONS.indexOf(b.section.kind) ||
    byText(orderText(a), orderText(b)) ||
    byText(JSON.stringify(a), JSON.stringify(b))
  );
}

/** Resources before paths, the core group first. */
function orderText({ apiGroups, resources, paths, verbs }: Piece): string {
  return paths.length > 0 ? `~${paths[0]}` : ` ${apiGroups[0]} ${resources[0]} ${verbs[0]}`;
}
