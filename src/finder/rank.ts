import Fuse from "fuse.js";
import type { NameArena } from "./name-arena.ts";

/** fuse.js alone needs over a second per key on 100,000 names; on a short list of this size it needs 1–3 ms. */
const SHORT_LIST = 300;

export interface Ranked {
  readonly label: number;
  /** Half-open positions in the label that matched. */
  readonly matches: readonly (readonly [number, number])[];
}

/** Best labels for what was typed: the arena makes the short list, fuse.js ranks it and says what matched. */
export function* rank(
  arena: NameArena,
  labelOf: (label: number) => string,
  text: string,
  limit: number,
  weight: (label: number) => number,
): Generator<undefined, Ranked[], void> {
  const short = yield* arena.shortList(text, SHORT_LIST, weight);
  const place = new Map(short.map((label, at) => [label, at]));
  const fuse = new Fuse(
    short.map((label) => ({ label, text: labelOf(label) })),
    {
      keys: ["text"],
      includeMatches: true,
      includeScore: true,
      ignoreLocation: true,
      ignoreFieldNorm: true,
      threshold: 0.6,
      minMatchCharLength: 1,
      useExtendedSearch: text.trim().includes(" "),
      shouldSort: false,
    },
  );
  const found = fuse.search(text.trim().slice(0, 64));
  const order = (entry: { score?: number | undefined; item: { label: number } }): number =>
    // Scores closer than a twentieth are noise to a reader: there the arena's word starts and weights decide.
    Math.round((entry.score ?? 1) * 20) * 1_000 + (place.get(entry.item.label) ?? 0);
  found.sort((a, b) => order(a) - order(b));
  const seen = new Set(found.map((entry) => entry.item.label));
  const ranked: Ranked[] = found.map((entry) => ({
    label: entry.item.label,
    matches: (entry.matches?.[0]?.indices ?? []).map(([from, to]) => [from, to + 1] as const),
  }));
  for (const label of short) if (!seen.has(label)) ranked.push({ label, matches: [] });
  return ranked.slice(0, limit);
}
