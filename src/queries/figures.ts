/**
 * What is gathered of a group's requests: figure k of group id is at id × COUNTS + k or id × MOMENTS + k. A row here says what a
 * figure is before the first request and how those of two blocks become one; tally-rows.ts adds requests to all of them in
 * one loop.
 */

/** Requests that are no errors, 4xx, 5xx (RowFacts' CLASS), and those with a latency: all summed. */
export const COUNTS = 4;
export const TIMED = 3;

interface Figure {
  readonly empty: number;
  readonly merge: (into: Float64Array, from: Float64Array, ids: Uint32Array, figure: number) => void;
}

/** Position in MOMENT_FIGURES. */
export const FIRST = 0;
export const LAST = 1;
export const LATENCY_SUM = 2;
export const LATENCY_MAX = 3;
export const BYTES = 4;
const MOMENT_FIGURES: readonly Figure[] = [
  { empty: Number.POSITIVE_INFINITY, merge: least },
  { empty: Number.NEGATIVE_INFINITY, merge: most },
  { empty: 0, merge: sum },
  { empty: 0, merge: most },
  { empty: 0, merge: sum },
];
export const MOMENTS = 5;
const EMPTY = Float64Array.from(MOMENT_FIGURES, ({ empty }) => empty);

/** Figures of groups by their numbers. */
export interface Figures {
  readonly counts: Uint32Array;
  readonly moments: Float64Array;
}

/** Moments of groups [from, to) before their first request. */
export function emptyMoments(moments: Float64Array, from: number, to: number): void {
  for (let at = from * MOMENTS; at < to * MOMENTS; at += MOMENTS) moments.set(EMPTY, at);
}

export function noFigures(groups: number): Figures {
  const moments = new Float64Array(groups * MOMENTS);
  emptyMoments(moments, 0, groups);
  return { counts: new Uint32Array(groups * COUNTS), moments };
}

/** Adds the k-th group of `from` to group ids[k]. */
export function mergeFigures({ counts, moments }: Figures, from: Figures, ids: Uint32Array): void {
  for (let k = 0; k < ids.length; k++) {
    const to = (ids[k] as number) * COUNTS;
    const own = k * COUNTS;
    for (let figure = 0; figure < COUNTS; figure++) {
      counts[to + figure] = (counts[to + figure] as number) + (from.counts[own + figure] as number);
    }
  }
  MOMENT_FIGURES.forEach(({ merge }, figure) => merge(moments, from.moments, ids, figure));
}

function sum(into: Float64Array, from: Float64Array, ids: Uint32Array, figure: number): void {
  for (let k = 0; k < ids.length; k++) {
    const at = (ids[k] as number) * MOMENTS + figure;
    into[at] = (into[at] as number) + (from[k * MOMENTS + figure] as number);
  }
}

function least(into: Float64Array, from: Float64Array, ids: Uint32Array, figure: number): void {
  for (let k = 0; k < ids.length; k++) {
    const at = (ids[k] as number) * MOMENTS + figure;
    const own = from[k * MOMENTS + figure] as number;
    if (own < (into[at] as number)) into[at] = own;
  }
}

function most(into: Float64Array, from: Float64Array, ids: Uint32Array, figure: number): void {
  for (let k = 0; k < ids.length; k++) {
    const at = (ids[k] as number) * MOMENTS + figure;
    const own = from[k * MOMENTS + figure] as number;
    if (own > (into[at] as number)) into[at] = own;
  }
}
