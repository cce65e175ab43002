import { ABSENT, type RequestBlock, type RequestIndex } from "../index/contract.ts";
import { BYTES, COUNTS, type Figures, FIRST, LAST, LATENCY_MAX, LATENCY_SUM, MOMENTS, TIMED } from "./figures.ts";
import { MAX_LATENCY_US } from "./latency-histogram.ts";
import { YES } from "./match-state.ts";
import { CLASS, type RowFacts, STARTED } from "./row-facts.ts";

/** rows[k] belongs to group ids[k], k < count. */
export interface GroupedRows {
  readonly rows: Uint32Array;
  readonly ids: Uint32Array;
  readonly count: number;
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
    if (us < (moments[at + FIRST] as number)) moments[at + FIRST] = us;
    if (us > (moments[at + LAST] as number)) moments[at + LAST] = us;
    else if (us !== us) untimed++;
    // As RowFacts.latencyUs, written out: called per row it takes a third of the loop's time.
    if (timedRows === null || flag <= CLASS || states[target[row] as number] === YES) continue;
    if ((flag & STARTED) !== 0 && user[actor[row] as number] !== ABSENT) continue;
    const latencyUs = block.latencyUs(row);
    if (latencyUs < 0) continue;
    const countAt = id * COUNTS + TIMED;
    counts[countAt] = (counts[countAt] as number) + 1;
    moments[at + LATENCY_SUM] = (moments[at + LATENCY_SUM] as number) + latencyUs;
    if (latencyUs > (moments[at + LATENCY_MAX] as number)) moments[at + LATENCY_MAX] = latencyUs;
    timedRows.ids[timed] = id;
    timedRows.us[timed++] = latencyUs < MAX_LATENCY_US ? latencyUs : MAX_LATENCY_US;
  }
  if (timedRows !== null) timedRows.count = timed;
  return untimed;
}

/** Adds up the lengths of the rows' events: apart, since it takes a tenth of the time of all the rest. */
export function tallyBytes(block: RequestBlock, { rows, ids, count }: GroupedRows, { moments }: Figures): void {
  for (let i = 0; i < count; i++) {
    const at = (ids[i] as number) * MOMENTS + BYTES;
    moments[at] = (moments[at] as number) + block.bytes(rows[i] as number);
  }
}
