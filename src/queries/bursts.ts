/** A run of time steps with far more requests than usual. */
export interface Burst {
  /** Start of its first step, and end of its last one, µs since the epoch. */
  readonly fromUs: number;
  readonly toUs: number;
  readonly requests: number;
  /** Requests a step usually has: the median of the steps that have any. */
  readonly usual: number;
  /** Requests of its busiest step. */
  readonly peak: number;
}

/** A step is part of a burst from this many times the usual on, … */
const FACTOR = 3;
/** … where it is among the busiest hundredth (a bursty log would be all bursts else), … */
const RARE = 0.99;
/** … and never below this: a few requests where there is usually one are no burst. */
const LEAST = 20;

/** Bursts in time order. `counts`: requests of adjacent steps of `stepUs` µs from `fromUs` on. A single calmer step does not end one. */
export function burstsOf(counts: readonly number[], fromUs: number, stepUs: number): readonly Burst[] {
  const busy = counts.filter((count) => count > 0).toSorted((a, b) => a - b);
  const usual = busy[Math.floor(busy.length / 2)] ?? 0;
  const rare = busy[Math.floor(busy.length * RARE)] ?? 0;
  const limit = Math.max(LEAST, FACTOR * usual, rare);
  const bursts: Burst[] = [];
  for (let i = 0; i < counts.length; i += 1) {
    if ((counts[i] as number) < limit) continue;
    let end = i + 1;
    while (end < counts.length && Math.max(counts[end] as number, counts[end + 1] ?? 0) >= limit) end += 1;
    const steps = counts.slice(i, end);
    bursts.push({
      fromUs: fromUs + i * stepUs,
      toUs: fromUs + end * stepUs,
      requests: steps.reduce((sum, count) => sum + count, 0),
      usual,
      peak: Math.max(...steps),
    });
    i = end;
  }
  return bursts;
}
