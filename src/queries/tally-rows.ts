import { ABSENT, type RequestBlock, type RequestIndex } from "../index/contract.ts";
import { MAX_LATENCY_US } from "./latency-histogram.ts";
import { YES } from "./match-state.ts";
import { CLASS, type RowFacts, STARTED } from "./row-facts.ts";

/** Counts of a group: all others, client errors, server errors, those with a latency. */
export const COUNTS = 4;
/** Moments of a group: first and last received, sum and largest of latencies. */
export const MOMENTS = 4;
export const NO_MOMENTS = Float64Array.of(Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0);

/** rows[k] belongs to group ids[k], k < count. */
export interface GroupedRows {
  readonly rows: Uint32Array;
  readonly ids: Uint32Array;
  readonly count: number;
}

/** Figures of group id at id × COUNTS and id × MOMENTS. */
export interface Figures {
  readonly counts: Uint32Array;
  readonly moments: Float64Array;
}

/** Groups and latencies of the rows that have one; the next goes to `count`. */
export interface TimedRows {
  readonly ids: Uint32Array;
  readonly us: Uint32Array;
  count: number;
}

/**
 * Adds rows to their groups' figures and, unless `timedRows` is null, lists the latencies. Returns how many lack their time of
 * receipt.
 */
export function tallyRows(
  { actors: { user } }: RequestIndex,
  block: RequestBlock,
  { rows, ids, count }: GroupedRows,
  { flags, longTargets: { states } }: RowFacts,
  { counts, moments }: Figures,
  timedRows: TimedRows | null,
): number {
  const { actor, target, outcome } = block;
  let untimed = 0;
  let timed = timedRows?.count ?? 0;
  for (let i = 0; i < count; i++) {
    const row = rows[i] as number;
    const id = ids[i] as number;
    const flag = flags[outcome[row] as number] as number;
    const classAt = id * COUNTS + (flag & CLASS);
    counts[classAt] = (counts[classAt] as number) + 1;
    const us = block.receivedUs(row);
    const at = id * MOMENTS;
    if (us < (moments[at] as number)) moments[at] = us;
    if (us > (moments[at + 1] as number)) moments[at + 1] = us;
    else if (us !== us) untimed++;
    // As RowFacts.latencyUs, written out: called per row it takes a third of the loop's time.
    if (timedRows === null || flag <= CLASS || states[target[row] as number] === YES) continue;
    if ((flag & STARTED) !== 0 && user[actor[row] as number] !== ABSENT) continue;
    const latencyUs = block.latencyUs(row);
    if (latencyUs < 0) continue;
    const countAt = id * COUNTS + 3;
    counts[countAt] = (counts[countAt] as number) + 1;
    moments[at + 2] = (moments[at + 2] as number) + latencyUs;
    if (latencyUs > (moments[at + 3] as number)) moments[at + 3] = latencyUs;
    timedRows.ids[timed] = id;
    timedRows.us[timed++] = latencyUs < MAX_LATENCY_US ? latencyUs : MAX_LATENCY_US;
  }
  if (timedRows !== null) timedRows.count = timed;
  return untimed;
}

/** The same for counts of requests alone: moments and latencies of very many groups would not fit into the caches. */
export function countRows(
  { outcome }: RequestBlock,
  { rows, ids, count }: GroupedRows,
  { flags }: RowFacts,
  counts: Uint32Array,
): void {
  for (let i = 0; i < count; i++) {
    const flag = flags[outcome[rows[i] as number] as number] as number;
    const at = (ids[i] as number) * COUNTS + (flag & CLASS);
    counts[at] = (counts[at] as number) + 1;
  }
}
