/** Rows of a batch are numbered on from a number that no other batch has: below 2^53, growing with time. */

/** Most rows of a batch. */
export const BATCH_SPAN = 65_536;
/** Shippers of one table that number by themselves: each has every 64th batch number. */
export const LANES = 64;
/** What batch numbers count: hundredths of seconds since 2026. 2^37 of them are 43 years. */
const TICK_MS = 10;
const EPOCH_MS = Date.UTC(2026, 0, 1);

/** The seq of the first row of the next batch. `lastSeq`: the last one that is taken. */
export function nextSeq(nowMs: number, lane: number, lastSeq: number): number {
  const tick = Math.max(Math.floor((nowMs - EPOCH_MS) / TICK_MS), Math.floor(lastSeq / BATCH_SPAN) + 1, LANES);
  return (tick + ((((lane - tick) % LANES) + LANES) % LANES)) * BATCH_SPAN;
}

/** The lane of a seq. */
export const LANE_SQL = `bitAnd(bitShiftRight(seq, ${Math.log2(BATCH_SPAN)}), ${LANES - 1})`;
