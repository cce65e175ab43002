import { type Atom, atomKey, isUndoing, type Refusals } from "./atom.ts";

export const EXPANSIONS = ["reads", "writes"] as const;
export type Expansion = (typeof EXPANSIONS)[number];

const VERBS: Readonly<Record<Expansion, readonly string[]>> = {
  reads: ["get", "list", "watch"],
  writes: ["update", "patch"],
};

export interface Widened {
  readonly atoms: readonly Atom[];
  /** What else was to be granted, but was refused in the log. */
  readonly left: readonly Atom[];
}

/** Whoever may do one of a set of verbs may do the others, on the same objects. */
export function withVerbs(atoms: readonly Atom[], expansions: readonly Expansion[], refusals: Refusals): Widened {
  const more: Atom[] = [];
  for (const expansion of expansions) {
    for (const atom of atoms) {
      if (atom.resource === "" || !VERBS[expansion].includes(atom.verb)) continue;
      for (const verb of VERBS[expansion]) {
        if (verb !== atom.verb) more.push(beyond({ ...atom, verb }, `--expand ${expansion}`));
      }
    }
  }
  return checked(atoms, distinct(more), refusals);
}

/** What was done in several namespaces is granted in all. */
export function withAllNamespaces(atoms: readonly Atom[], refusals: Refusals): Widened {
  const groups = new Map<string, Atom[]>();
  for (const atom of atoms) {
    if (atom.namespace === "" || atom.resource === "") continue;
    const key = atomKey(atom);
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [atom]);
    else known.push(atom);
  }
  const more = [...groups.values()].flatMap((group) => {
    const [first] = group;
    const namespaces = new Set(group.map(({ namespace }) => namespace));
    if (first === undefined || namespaces.size < 2) return [];
    const named = group.every(({ names }) => names !== null);
    const names = named ? [...new Set(group.flatMap((atom) => atom.names ?? []))].sort() : null;
    return [beyond({ ...first, namespace: "", names }, "--expand-namespaces")];
  });
  return checked(atoms, more, refusals);
}

function beyond(atom: Atom, flag: string): Atom {
  return {
    ...atom,
    section: { kind: "beyond", notes: [`beyond the log, by ${flag}`] },
    requests: 0,
    firstUs: Number.NaN,
    lastUs: Number.NaN,
    seen: [],
    isKept: false,
  };
}

function distinct(atoms: readonly Atom[]): readonly Atom[] {
  return [
    ...new Map(atoms.map((atom) => [JSON.stringify([atomKey(atom), atom.namespace, atom.names]), atom])).values(),
  ];
}

function checked(atoms: readonly Atom[], more: readonly Atom[], refusals: Refusals): Widened {
  const left = more.filter((atom) => isUndoing(refusals, atom));
  return { atoms: [...atoms, ...more.filter((atom) => !left.includes(atom))], left };
}
