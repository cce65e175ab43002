import type { RequestIndex } from "../index/contract.ts";
import type { GroupIds } from "./group-ids.ts";
import type { TimedRows } from "./tally-rows.ts";
import type { GroupPart } from "./group-part.ts";
import { LatencyHistograms } from "./latency-histogram.ts";
import { EXACT_LATENCIES, SortedLatencies } from "./latencies.ts";
import type { Percentiles } from "./measures.ts";
import type { RowFacts } from "./row-facts.ts";
import type { Pauses, Scan } from "./scan.ts";

/** Groups that may have a histogram each (7 KB). */
const MAX_HISTOGRAMS = 1_024;

/** Groups whose percentiles are wanted, by slot. */
export interface WantedGroups {
  readonly count: number;
  /** Slot + 1 by group; 0: not wanted. */
  readonly slots: Uint32Array;
  /** Requests with a latency, by slot. */
  readonly timed: (slot: number) => number;
}

/** Exact while there are few latencies in all, or more groups than histograms. */
function isExact({ count, timed }: WantedGroups): boolean {
  if (count > MAX_HISTOGRAMS) return true;
  let total = 0;
  for (let slot = 0; slot < count; slot++) total += timed(slot);
  return total <= EXACT_LATENCIES;
}

type Sink = Percentiles & { add(slot: number, latencyUs: number): void };

function sinkFor(wanted: WantedGroups): Sink {
  return isExact(wanted) ? new SortedLatencies(wanted.count, wanted.timed) : new LatencyHistograms(wanted.count);
}

/** Percentiles by group out of what is kept by slot. */
function bySlot(sink: Percentiles, { slots }: WantedGroups): Percentiles {
  return { percentile: (group, p, count) => sink.percentile((slots[group] ?? 1) - 1, p, count) };
}

/** Percentiles of latencies listed by slot. */
export function latenciesOfList({ ids, us, count }: TimedRows, wanted: WantedGroups): Percentiles {
  const sink = sinkFor(wanted);
  for (let i = 0; i < count; i++) sink.add(ids[i] as number, us[i] as number);
  return bySlot(sink, wanted);
}

/**
 * Percentiles from what the parts kept; null when some kept none, or only histograms where values are wanted, unless `isRough`:
 * then histograms do.
 */
export function latenciesOfParts(
  parts: readonly GroupPart[],
  wanted: WantedGroups,
  isRough = false,
): Percentiles | null {
  const isFine = isExact(wanted) && !(isRough && wanted.count <= MAX_HISTOGRAMS);
  const enough = isFine ? ["values"] : ["values", "buckets"];
  if (!parts.every(({ latencies, ids }) => ids.length === 0 || enough.includes(latencies.kind))) return null;
  if (isFine) {
    const sink = new SortedLatencies(wanted.count, wanted.timed);
    for (const part of parts) addValues(part, wanted.slots, sink);
    return bySlot(sink, wanted);
  }
  const sink = new LatencyHistograms(wanted.count);
  for (const part of parts) {
    addValues(part, wanted.slots, sink);
    addBuckets(part, wanted.slots, sink);
  }
  return bySlot(sink, wanted);
}

/** The same by another pass over the rows. */
export function* latenciesOfRows(
  index: RequestIndex,
  facts: RowFacts,
  scan: Scan,
  groups: GroupIds,
  wanted: WantedGroups,
): Pauses<Percentiles> {
  const sink = sinkFor(wanted);
  yield* scan.all((block, { rows: selected, count: most }) => {
    groups.assign(index, block, selected, most);
    const { rows, ids, count } = groups;
    for (let i = 0; i < count; i++) {
      // A group that came up since the choice has no slot.
      const slot = wanted.slots[ids[i] as number] ?? 0;
      if (slot === 0) continue;
      const latencyUs = facts.latencyUs(index, block, rows[i] as number);
      if (latencyUs >= 0) sink.add(slot - 1, latencyUs);
    }
  });
  return bySlot(sink, wanted);
}

function addValues({ ids, latencies }: GroupPart, slots: Uint32Array, sink: Sink): void {
  if (latencies.kind !== "values") return;
  const { at, us } = latencies;
  for (let i = 0; i < at.length; i++) {
    const slot = (slots[ids[at[i] as number] as number] as number) - 1;
    if (slot >= 0) sink.add(slot, us[i] as number);
  }
}

function addBuckets({ ids, latencies }: GroupPart, slots: Uint32Array, sink: LatencyHistograms): void {
  if (latencies.kind !== "buckets") return;
  const { starts, buckets } = latencies;
  for (let k = 0; k < ids.length; k++) {
    const slot = (slots[ids[k] as number] as number) - 1;
    if (slot >= 0) sink.addBuckets(slot, buckets, starts[k] as number, starts[k + 1] as number);
  }
}
