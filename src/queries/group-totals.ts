import type { GroupPart } from "./group-part.ts";
import { CLIENT_ERROR, SERVER_ERROR } from "./row-facts.ts";
import { COUNTS, type Figures, MOMENTS, NO_MOMENTS } from "./tally-rows.ts";

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
    return this.counts[group * COUNTS + 3] ?? 0;
  }

  /** µs since the epoch; ±Infinity when no request had a time. */
  firstSeen(group: number): number {
    return this.moments[group * MOMENTS] ?? Number.POSITIVE_INFINITY;
  }

  lastSeen(group: number): number {
    return this.moments[group * MOMENTS + 1] ?? Number.NEGATIVE_INFINITY;
  }

  /** µs */
  latencySum(group: number): number {
    return this.moments[group * MOMENTS + 2] ?? 0;
  }

  latencyMax(group: number): number {
    return this.moments[group * MOMENTS + 3] ?? 0;
  }

  /** Ids of the part are below `groups`. */
  add(part: GroupPart, groups: number): void {
    this.selected += part.selected;
    this.reserve(groups);
    const { counts, moments } = this;
    const { ids } = part;
    for (let k = 0; k < ids.length; k++) {
      const id = ids[k] as number;
      const to = id * COUNTS;
      const from = k * COUNTS;
      counts[to] = (counts[to] as number) + (part.counts[from] as number);
      counts[to + 1] = (counts[to + 1] as number) + (part.counts[from + 1] as number);
      counts[to + 2] = (counts[to + 2] as number) + (part.counts[from + 2] as number);
      counts[to + 3] = (counts[to + 3] as number) + (part.counts[from + 3] as number);
      const into = id * MOMENTS;
      const own = k * MOMENTS;
      if ((part.moments[own] as number) < (moments[into] as number)) moments[into] = part.moments[own] as number;
      const last = part.moments[own + 1] as number;
      if (last > (moments[into + 1] as number)) moments[into + 1] = last;
      moments[into + 2] = (moments[into + 2] as number) + (part.moments[own + 2] as number);
      const max = part.moments[own + 3] as number;
      if (max > (moments[into + 3] as number)) moments[into + 3] = max;
    }
  }

  /** Moments and latency counts of these groups, by slot. */
  complete(chosen: Uint32Array, { counts, moments }: Figures): void {
    for (let slot = 0; slot < chosen.length; slot++) {
      const group = chosen[slot] as number;
      this.counts[group * COUNTS + 3] = counts[slot * COUNTS + 3] as number;
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
    for (let at = this.moments.length; at < moments.length; at += MOMENTS) moments.set(NO_MOMENTS, at);
    this.moments = moments;
  }
}
