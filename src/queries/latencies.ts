import { MAX_LATENCY_US, rankOf } from "./latency-histogram.ts";
import type { Percentiles } from "./measures.ts";

/** Up to this many latencies in all, percentiles are exact. */
export const EXACT_LATENCIES = 65_536;
/** All values of every group beside each other, sorted when a group is first asked for: exact. */
export class SortedLatencies implements Percentiles {
  private readonly starts: Uint32Array;
  private readonly ends: Uint32Array;
  private readonly values: Uint32Array;
  private readonly sorted: Uint8Array;

  constructor(groups: number, counted: (group: number) => number) {
    this.starts = new Uint32Array(groups + 1);
    this.sorted = new Uint8Array(groups);
    let total = 0;
    for (let group = 0; group < groups; group++) {
      this.starts[group] = total;
      total += counted(group);
    }
    this.starts[groups] = total;
    this.ends = this.starts.slice();
    this.values = new Uint32Array(total);
  }

  add(group: number, latencyUs: number): void {
    const end = this.ends[group] as number;
    // A request that was answered since the counting has no place of its own.
    if (end === this.starts[group + 1]) return;
    this.values[end] = latencyUs < MAX_LATENCY_US ? latencyUs : MAX_LATENCY_US;
    this.ends[group] = end + 1;
  }

  percentile(group: number, p: number): number {
    const values = this.values.subarray(this.starts[group], this.ends[group]);
    if (this.sorted[group] === 0) {
      values.sort();
      this.sorted[group] = 1;
    }
    return values[rankOf(p, values.length) - 1] ?? Number.NaN;
  }
}
