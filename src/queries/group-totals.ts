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
import type { GatheredFigures } from "./measures.ts";
import { CLIENT_ERROR, SERVER_ERROR } from "./row-facts.ts";

/** What was gathered, and of which groups. */
export interface GroupSums extends GatheredFigures {
  /** Selected requests, however many groups each is in. */
  readonly selected: number;
  /** Groups with requests. */
  present(): Uint32Array;
}

/** Figures by group, summed over parts: of the groups that have requests, however many there are of others. */
export class GroupTotals implements GroupSums {
  selected = 0;
  private size = 0;
  private groups = new Uint32Array(64);
  /** Place + 1 of a group's figures; 0: it has no requests. */
  private places = new Uint32Array(0);
  private counts = new Uint32Array(64 * COUNTS);
  private moments = new Float64Array(0);
  private placed = new Uint32Array(0);

  /** The first seen first. */
  present(): Uint32Array {
    return this.groups.slice(0, this.size);
  }

  /** Places of the figures of ids[0, count), all below `groups`; valid until the next call. */
  place(ids: Uint32Array, count: number, groups: number): Uint32Array {
    if (this.places.length < groups) {
      const grown = new Uint32Array(Math.max(groups, this.places.length * 2));
      grown.set(this.places);
      this.places = grown;
    }
    if (this.placed.length < count) this.placed = new Uint32Array(count);
    const { places, placed } = this;
    for (let i = 0; i < count; i++) {
      const id = ids[i] as number;
      const known = places[id] as number;
      placed[i] = (known === 0 ? this.open(id) : known) - 1;
    }
    return placed;
  }

  /** Figures by place, to be added to until more groups are placed. */
  figures(): Figures {
    const { counts, moments } = this;
    const length = (counts.length / COUNTS) * MOMENTS;
    if (moments.length === length) return { counts, moments };
    const grown = new Float64Array(length);
    grown.set(moments);
    emptyMoments(grown, moments.length / MOMENTS, length / MOMENTS);
    this.moments = grown;
    return { counts, moments: grown };
  }

  requests(group: number): number {
    const at = this.placeOf(group) * COUNTS;
    return (this.counts[at] ?? 0) + (this.counts[at + 1] ?? 0) + (this.counts[at + 2] ?? 0);
  }

  clientErrors(group: number): number {
    return this.counts[this.placeOf(group) * COUNTS + CLIENT_ERROR] ?? 0;
  }

  serverErrors(group: number): number {
    return this.counts[this.placeOf(group) * COUNTS + SERVER_ERROR] ?? 0;
  }

  /** Requests with a latency. */
  timed(group: number): number {
    return this.counts[this.placeOf(group) * COUNTS + TIMED] ?? 0;
  }

  /** µs since the epoch; ±Infinity when no request had a time. */
  firstSeen(group: number): number {
    return this.moments[this.placeOf(group) * MOMENTS + FIRST] ?? Number.POSITIVE_INFINITY;
  }

  lastSeen(group: number): number {
    return this.moments[this.placeOf(group) * MOMENTS + LAST] ?? Number.NEGATIVE_INFINITY;
  }

  /** µs */
  latencySum(group: number): number {
    return this.moments[this.placeOf(group) * MOMENTS + LATENCY_SUM] ?? 0;
  }

  latencyMax(group: number): number {
    return this.moments[this.placeOf(group) * MOMENTS + LATENCY_MAX] ?? 0;
  }

  /** Of the events the requests' facts come from. */
  bytes(group: number): number {
    return this.moments[this.placeOf(group) * MOMENTS + BYTES] ?? 0;
  }

  /** Ids of the part are below `groups`. */
  add(part: GroupPart, groups: number): void {
    this.selected += part.selected;
    const places = this.place(part.ids, part.ids.length, groups).subarray(0, part.ids.length);
    mergeFigures(this.figures(), part, places);
  }

  /** NaN for a group without requests: nothing is there. */
  private placeOf(group: number): number {
    return (this.places[group] || Number.NaN) - 1;
  }

  private open(group: number): number {
    const place = this.size++;
    if (place >= this.groups.length) {
      const groups = new Uint32Array(this.groups.length * 2);
      groups.set(this.groups);
      this.groups = groups;
      const counts = new Uint32Array(groups.length * COUNTS);
      counts.set(this.counts);
      this.counts = counts;
    }
    this.groups[place] = group;
    this.places[group] = place + 1;
    return place + 1;
  }
}

/** Counts known before, and what another pass gathered of the chosen groups, by slot. `groups`: all are below it. */
export function completed(
  before: GroupSums,
  chosen: Uint32Array,
  groups: number,
  { counts, moments }: Figures,
): GroupTotals {
  const totals = new GroupTotals();
  totals.selected = before.selected;
  totals.place(chosen, chosen.length, groups);
  const into = totals.figures();
  into.moments.set(moments);
  chosen.forEach((group, slot) => {
    const clientErrors = before.clientErrors(group);
    const serverErrors = before.serverErrors(group);
    const at = slot * COUNTS;
    into.counts[at] = before.requests(group) - clientErrors - serverErrors;
    into.counts[at + CLIENT_ERROR] = clientErrors;
    into.counts[at + SERVER_ERROR] = serverErrors;
    into.counts[at + TIMED] = counts[at + TIMED] as number;
  });
  return totals;
}
