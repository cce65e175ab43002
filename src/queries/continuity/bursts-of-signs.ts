import type { SeenSign } from "./sign-reader.ts";

/** From the first of its signs to the one that made it certain; µs since the epoch. */
export interface Burst {
  readonly fromUs: number;
  readonly toUs: number;
}

/** Signs within this time belong to one start … */
const WINDOW_US = 5e6;
/** … and so many different ones make it certain: the busiest recorded API server in steady state shows 5, a new one 38 to 150. */
const CERTAIN = 12;

/** Bursts of signs that only a new process makes, in time order. `marks` are in time order. */
export function burstsOf(marks: readonly SeenSign[]): Burst[] {
  const own = marks.filter(({ worth }) => worth > 0);
  const bursts: Burst[] = [];
  const repeats = new Map<string, number>();
  let worth = 0;
  let first = 0;
  // A start goes on making signs: another one is another burst only after a rest.
  let restUs = Number.NEGATIVE_INFINITY;
  for (const mark of own) {
    for (let gone = own[first] as SeenSign; gone.us < mark.us - WINDOW_US; gone = own[++first] as SeenSign) {
      const left = (repeats.get(gone.key) ?? 1) - 1;
      if (left > 0) repeats.set(gone.key, left);
      else {
        repeats.delete(gone.key);
        worth -= gone.worth;
      }
    }
    const seen = repeats.get(mark.key) ?? 0;
    repeats.set(mark.key, seen + 1);
    if (seen === 0) worth += mark.worth;
    if (worth < CERTAIN) continue;
    if (mark.us > restUs) bursts.push({ fromUs: (own[first] as SeenSign).us, toUs: mark.us });
    restUs = mark.us + WINDOW_US;
  }
  return bursts;
}
