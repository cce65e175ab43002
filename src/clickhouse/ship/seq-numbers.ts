/**
 * Rows are numbered by whoever ships them, without asking the server: below 2^53, growing with time, each number once. A number is
 * a slot of time, a lane, which one shipper has at a time, and a place.
 */

const PLACES = 2 ** 14;
/** Shippers of one table at a time. */
export const LANES = 2 ** 10;
/** 2^29 of them are 34 years. Who ships more than PLACES in one is ahead of the clock by as much. */
const SLOT_MS = 2_000;
const EPOCH_MS = Date.UTC(2026, 0, 1);
const SLOT_SPAN = PLACES * LANES;

/** The seq of the first row of the next batch. `lastSeq`: the last one that is taken, of any lane. */
export function nextSeq(nowMs: number, lane: number, lastSeq: number): number {
  const slot = Math.max(Math.floor((nowMs - EPOCH_MS) / SLOT_MS), Math.floor(lastSeq / SLOT_SPAN) + 1, 1);
  return slot * SLOT_SPAN + lane * PLACES;
}

/** The seq of a row of a batch, which may have more rows than a slot has places. */
export function seqAt(first: number, row: number): number {
  return first + (row % PLACES) + Math.floor(row / PLACES) * SLOT_SPAN;
}

/** The least seq of any lane that was given so long before this one. */
export function seqBefore(seq: number, ms: number): number {
  return Math.max(-1, (Math.floor(seq / SLOT_SPAN) - Math.ceil(ms / SLOT_MS)) * SLOT_SPAN);
}

export function laneOf(seq: number): number {
  return Math.floor(seq / PLACES) % LANES;
}

/** The lane of a row. */
export const LANE_SQL = `bitAnd(bitShiftRight(seq, ${Math.log2(PLACES)}), ${LANES - 1})`;
