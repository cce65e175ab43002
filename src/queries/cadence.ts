/**
 * How regularly somebody calls. The period is the median distance between beats, the jitter the median absolute deviation
 * (MAD) of those distances: neither is moved by a missed beat, a restart or a silence of the log. Calls closer together than
 * a tenth of the mean distance are one beat, so that a client which asks three times every minute has a period of a minute.
 */

/** Fewer beats than this tell no period. */
export const LEAST_BEATS = 4;
export const BURST = 0.1;
/** Jitter ÷ period up to which calls are regular, and nearly so. Calls at random have 0.69. */
export const REGULAR = 0.2;
const ROUGH = 0.4;

export interface Cadence {
  /** Calls, and beats after bursts were joined. */
  readonly calls: number;
  readonly beats: number;
  readonly periodMs: number;
  /** MAD of the distances between beats. */
  readonly jitterMs: number;
  readonly kind: "regular" | "roughly" | "irregular";
}

/** `timesUs`: when each call came, ascending, without NaN. null: too few beats to tell. */
export function cadenceOf(timesUs: Float64Array): Cadence | null {
  const beats = beatsOf(timesUs);
  const distances = beats.subarray(1).map((us, at) => us - (beats[at] as number));
  const periodUs = medianOf(distances);
  const jitterUs = medianOf(distances.map((distance) => Math.abs(distance - periodUs)));
  return toldCadence({ calls: timesUs.length, beats: beats.length, periodUs, jitterUs });
}

/** What medians of the distances between beats tell. null: too few beats. */
export function toldCadence({
  calls,
  beats,
  periodUs,
  jitterUs,
}: Pick<Cadence, "calls" | "beats"> & { readonly periodUs: number; readonly jitterUs: number }): Cadence | null {
  if (beats < LEAST_BEATS || !(periodUs > 0)) return null;
  const share = jitterUs / periodUs;
  return {
    calls,
    beats,
    periodMs: periodUs / 1e3,
    jitterMs: jitterUs / 1e3,
    kind: share <= REGULAR ? "regular" : share <= ROUGH ? "roughly" : "irregular",
  };
}

/** The first call of every burst. */
function beatsOf(timesUs: Float64Array): Float64Array {
  const count = timesUs.length;
  if (count < 2) return timesUs;
  const least = (((timesUs[count - 1] as number) - (timesUs[0] as number)) / (count - 1)) * BURST;
  const beats = new Float64Array(count);
  let found = 0;
  for (let at = 0; at < count; at++) {
    const us = timesUs[at] as number;
    if (at === 0 || us - (timesUs[at - 1] as number) > least) beats[found++] = us;
  }
  return beats.subarray(0, found);
}

/** Does not change `values`. Of an even number the mean of the middle two. */
export function medianOf(values: Float64Array): number {
  const sorted = values.slice().sort();
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
}
