import {
  BYTES,
  COUNTS,
  emptyMoments,
  type Figures,
  FIRST,
  LAST,
  LATENCY_MAX,
  LATENCY_SUM,
  mergeFigures,
  MOMENTS,
  TIMED,
} from "./figures.ts";
import type { GroupPart } from "./group-part.ts";
import { CLIENT_ERROR, SERVER_ERROR } from "./row-facts.ts";

/** Figures by group, summed over parts. */
export class GroupTotals {
  /** Selected requests, however many groups each is in. */
  selected = 0;
  private counts = new Uint32Array(0);
  private moments = new Float64Array(0);

  /** Groups with requests, of those below `groups`. */
  present(groups: number): Uint32Array {
    const found = new Uint32Array(groups);
    let count = 0;
    for (let group = 0; group < groups; group++) if (this.requests(group) > 0) found[count++] = group;
    return found.subarray(0, count);
  }

  /** To be added to; valid while no more than `groups` are needed. */
  figures(groups: number): Figures {
    this.reserve(groups);
    return { counts: this.counts, moments: this.moments };
  }

  requests(group: number): number {
    const at = group * COUNTS;
    return (this.counts[at] ?? 0) + (this.counts[at + 1] ?? 0) + (this.counts[at + 2] ?? 0);
  }

  clientErrors(group: number): number {
    return this.counts[group * COUNTS + CLIENT_ERROR] ?? 0;
  }

  serverErrors(group: number): number {
    return this.counts[group * COUNTS + SERVER_ERROR] ?? 0;
  }

  /** Requests with a latency. */
  timed(group: number): number {
    return this.counts[group * COUNTS + TIMED] ?? 0;
  }

  /** µs since the epoch; ±Infinity when no request had a time. */
  firstSeen(group: number): number {
    return this.moments[group * MOMENTS + FIRST] ?? Number.POSITIVE_INFINITY;
  }

  lastSeen(group: number): number {
    return this.moments[group * MOMENTS + LAST] ?? Number.NEGATIVE_INFINITY;
  }

  /** µs */
  latencySum(group: number): number {
    return this.moments[group * MOMENTS + LATENCY_SUM] ?? 0;
  }

  latencyMax(group: number): number {
    return this.moments[group * MOMENTS + LATENCY_MAX] ?? 0;
  }

  /** Of the events the requests' facts come from. */
  bytes(group: number): number {
    return this.moments[group * MOMENTS + BYTES] ?? 0;
  }

  /** Ids of the part are below `groups`. */
  add(part: GroupPart, groups: number): void {
    this.selected += part.selected;
    mergeFigures(this.figures(groups), part, part.ids);
  }

  /** Moments and latency counts of these groups, by slot. */
  complete(chosen: Uint32Array, { counts, moments }: Figures): void {
    for (let slot = 0; slot < chosen.length; slot++) {
      const group = chosen[slot] as number;
      this.counts[group * COUNTS + TIMED] = counts[slot * COUNTS + TIMED] as number;
      this.moments.set(moments.subarray(slot * MOMENTS, (slot + 1) * MOMENTS), group * MOMENTS);
    }
  }

  private reserve(groups: number): void {
    if (groups * COUNTS <= this.counts.length) return;
    const length = Math.max(groups, (this.counts.length / COUNTS) * 2, 64);
    const counts = new Uint32Array(length * COUNTS);
    counts.set(this.counts);
    this.counts = counts;
    const moments = new Float64Array(length * MOMENTS);
    moments.set(this.moments);
    emptyMoments(moments, this.moments.length / MOMENTS, length);
    this.moments = moments;
  }
}
