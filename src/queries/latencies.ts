import { LatencyHistograms, MAX_LATENCY_US, rankOf } from "./latency-histogram.ts";

/** Up to this many latencies in all, percentiles are exact. */
export const EXACT_LATENCIES = 65_536;
/** Up to this many groups each have a histogram (7 KB) from the start. */
const MAX_HISTOGRAMS = 1_024;

/** What percentiles are read from, µs. */
export interface Percentiles {
  percentile(group: number, p: number, count: number): number;
}

/**
 * Collects latencies by group in one pass: the values themselves while there are few, else histograms while there are few
 * groups. When there are many of both, `percentiles` is null: a second pass over the groups that are shown is needed.
 */
export class Latencies {
  private readonly groups = new Uint32Array(EXACT_LATENCIES);
  private readonly values = new Uint32Array(EXACT_LATENCIES);
  private count = 0;
  private histograms: LatencyHistograms | null = null;
  private tooMany = false;

  add(group: number, latencyUs: number): void {
    const us = latencyUs < MAX_LATENCY_US ? latencyUs : MAX_LATENCY_US;
    if (this.count < EXACT_LATENCIES) {
      this.groups[this.count] = group;
      this.values[this.count++] = us;
    } else if (!this.tooMany) {
      this.addToHistogram(group, us);
    }
  }

  private addToHistogram(group: number, us: number): void {
    if (this.histograms === null) {
      this.histograms = new LatencyHistograms();
      for (let i = 0; i < this.count && !this.tooMany; i++) {
        this.intoHistogram(this.histograms, this.groups[i] as number, this.values[i] as number);
      }
    }
    this.intoHistogram(this.histograms, group, us);
  }

  private intoHistogram(histograms: LatencyHistograms, group: number, us: number): void {
    if (group >= MAX_HISTOGRAMS) this.tooMany = true;
    else histograms.add(group, us);
  }

  /** `counted`: latencies per group. */
  percentiles(groups: number, counted: (group: number) => number): Percentiles | null {
    if (this.tooMany) return null;
    if (this.histograms !== null) return this.histograms;
    const sorted = new SortedLatencies(groups, counted);
    for (let i = 0; i < this.count; i++) sorted.add(this.groups[i] as number, this.values[i] as number);
    return sorted;
  }
}

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
