import { isoTime } from "../events/time.ts";
import type { Dimension, Filter, GroupResult, Selection, TimeWindow } from "./contract.ts";
import type { GroupIds } from "./group-ids.ts";
import { latenciesOfParts, latenciesOfRows } from "./group-latencies.ts";
import { GroupKeys } from "./group-order.ts";
import type { GroupPart } from "./group-part.ts";
import { GroupTotals } from "./group-totals.ts";
import {
  type GroupFigures,
  type Measured,
  type MeasureId,
  MEASURES,
  measuresOf,
  needsOf,
  type Percentiles,
} from "./measures.ts";
import type { QueryCaches } from "./query-caches.ts";
import type { RowFacts } from "./row-facts.ts";
import { type Pauses, type Scan, spanOf } from "./scan.ts";
import type { TimeReference } from "./time-value.ts";
import { intersection } from "./time-window.ts";
import { topOf } from "./top-rows.ts";

/** What is compared: requests of the whole comparison narrowed by terms, by time, or both. */
export interface CompareSide {
  readonly filter?: Filter;
  readonly window?: TimeWindow;
}

/** The first is how it is asked for. */
export const COMPARE_SORTS = ["change", "requests", "errors", "p50", "p99", "bytes", "key"] as const;
export type CompareSort = (typeof COMPARE_SORTS)[number];

export interface CompareQuery extends Selection {
  readonly a: CompareSide;
  readonly b: CompareSide;
  readonly by: readonly Dimension[];
  readonly sort?: CompareSort;
  readonly reverse?: boolean;
  readonly limit?: number;
}

/** `rate`: of the side's span. */
export type ComparedFigures = Pick<GroupFigures, "requests" | "rate" | "errors" | "latencyMs" | "bytes">;
export const COMPARED: readonly MeasureId[] = [
  "requests",
  "rate",
  "4xx",
  "5xx",
  "p50",
  "p90",
  "p99",
  "max",
  "sum",
  "bytes",
];
export const COMPARED_NEEDS = needsOf(COMPARED);

export interface ComparedSide extends ComparedFigures {
  /** Time examined: the side's window within the log; of an input or API server from its first to its last request. */
  readonly span: GroupResult["span"];
}

export interface ComparedRow {
  readonly key: Readonly<Record<string, string>>;
  /** `more` and `less` only where chance does not explain it (see `significance`), else `same`. */
  readonly change: "new" | "gone" | "more" | "less" | "same";
  /** Rate of B minus rate of A, in standard deviations of two Poisson counts. */
  readonly significance: number;
  readonly rateChange: number;
  readonly a: ComparedFigures;
  readonly b: ComparedFigures;
}

export interface CompareResult {
  readonly by: readonly Dimension[];
  readonly groups: number;
  /** The spans are of one length, to 1 %: counts compare as they are, otherwise only rates do. */
  readonly sameLength: boolean;
  readonly a: ComparedSide;
  readonly b: ComparedSide;
  readonly rows: readonly ComparedRow[];
}

/** |significance| from which a change counts as one. */
export const SIGNIFICANT = 3;
/** Timed requests both sides need before their percentiles are ranked by difference. */
export const LEAST_TIMED = 20;
/** A side of a single moment still has a rate. */
export const SHORTEST_SECONDS = 0.001;

export function selectionOfSide({ filter, window }: Selection, side: CompareSide): Selection {
  const both = side.filter === undefined ? filter : ({ op: "and", terms: [filter, side.filter] } as const);
  return { filter: both, window: intersection(window, side.window) };
}

/** One side grouped. Both sides number their groups alike. */
class Side {
  readonly totals = new GroupTotals();
  readonly seconds: number;
  readonly span: Span;
  private readonly caches: QueryCaches;
  private readonly scan: Scan;
  private readonly groups: GroupIds;
  private readonly facts: RowFacts;
  private readonly parts: GroupPart[] = [];

  constructor(caches: QueryCaches, scan: Scan, groups: GroupIds, span: Span) {
    this.caches = caches;
    this.scan = scan;
    this.groups = groups;
    this.facts = caches.factsOf("answered");
    this.span = span;
    this.seconds = Math.max(SHORTEST_SECONDS, lengthOf(span));
  }

  *read(): Pauses<void> {
    const { caches, scan, groups } = this;
    const maker = caches.takeMaker();
    maker.begin(COMPARED_NEEDS);
    scan.extendAlso([groups, this.facts]);
    for (const { block, limit } of caches.index.blocks.map((each) => ({ block: each, limit: each.count }))) {
      const { revision } = block;
      yield* scan.select(block, limit, ({ rows, count }) => {
        groups.assign(caches.index, block, rows, count);
        maker.add(caches.index, this.facts, block, groups, count);
      });
      const part = maker.take(revision, limit);
      this.parts.push(part);
      this.totals.add(part, groups.groups);
      yield;
    }
    caches.giveMaker(maker);
  }

  /** Percentiles of these groups, by their numbers. */
  *percentiles(chosen: Uint32Array): Pauses<Percentiles> {
    const { caches, scan, groups, totals } = this;
    const slots = new Uint32Array(groups.groups);
    chosen.forEach((group, slot) => {
      slots[group] = slot + 1;
    });
    const wanted = { count: chosen.length, slots, timed: (slot: number) => totals.timed(chosen[slot] as number) };
    return (
      latenciesOfParts(this.parts, wanted) ?? (yield* latenciesOfRows(caches.index, this.facts, scan, groups, wanted))
    );
  }

  rate(group: number): number {
    return this.totals.requests(group) / this.seconds;
  }

  measured(percentiles: Percentiles | null): Measured {
    const { totals, seconds } = this;
    return { totals, percentiles, needs: COMPARED_NEEDS, selected: totals.selected, seconds };
  }

  figures(group: number, percentiles: Percentiles): ComparedFigures {
    return measuresOf<keyof ComparedFigures>(COMPARED, this.measured(percentiles), group);
  }
}

/** Both sides by the same groups, what changed most first. `wholes`: each side as one group. */
export function* compareSteps(
  caches: QueryCaches,
  query: CompareQuery,
  wholes: readonly [GroupResult, GroupResult],
  time: TimeReference,
  lastEventUs: number,
): Pauses<CompareResult> {
  const by = [...new Set(query.by)];
  const groups = caches.groupIdsOf(by);
  const spans = [
    yield* spanOfSide(caches, query, query.a, time, lastEventUs),
    yield* spanOfSide(caches, query, query.b, time, lastEventUs),
  ] as const;
  const sideOf = (side: CompareSide, span: Span): Side =>
    new Side(caches, caches.scan(selectionOfSide(query, side), time), groups, span);
  const a = sideOf(query.a, spans[0]);
  const b = sideOf(query.b, spans[1]);
  yield* a.read();
  yield* b.read();
  const present = both(a.totals, b.totals);
  const keys = new GroupKeys(caches.index, groups, by);
  const sort = query.sort ?? "change";
  const ranked = sort === "p50" || sort === "p99";
  const all = ranked ? ([yield* a.percentiles(present), yield* b.percentiles(present)] as const) : null;
  const order = comparison(sort, query.reverse === true, a, b, all, keys);
  const top = yield* topOf(present.length, query.limit ?? Number.POSITIVE_INFINITY, (x, y) =>
    order(present[x] as number, present[y] as number),
  );
  const chosen = Uint32Array.from(top, (at) => present[at] as number);
  const ofA = all?.[0] ?? (yield* a.percentiles(chosen));
  const ofB = all?.[1] ?? (yield* b.percentiles(chosen));
  return {
    by,
    groups: present.length,
    sameLength: Math.abs(a.seconds - b.seconds) <= 0.01 * Math.max(a.seconds, b.seconds),
    a: wholeOf(a, wholes[0]),
    b: wholeOf(b, wholes[1]),
    rows: Array.from(chosen, (group): ComparedRow => {
      const left = a.figures(group, ofA);
      const right = b.figures(group, ofB);
      const z = significance(group, a, b);
      return {
        key: keys.key(group),
        change: changeOf(left.requests, right.requests, z),
        significance: z,
        rateChange: right.rate - left.rate,
        a: left,
        b: right,
      };
    }),
  };
}

/** Groups that either side has. */
function both(a: GroupTotals, b: GroupTotals): Uint32Array {
  const ofA = a.present();
  const others = b.present().filter((group) => a.requests(group) === 0);
  const all = new Uint32Array(ofA.length + others.length);
  all.set(ofA);
  all.set(others, ofA.length);
  return all;
}

export function wholeOf(
  { span, seconds }: Pick<Side, "span" | "seconds">,
  { requests, rows: [row] }: GroupResult,
): ComparedSide {
  return {
    span: { from: isoTime(span.fromUs), to: isoTime(span.toUs), seconds: lengthOf(span) },
    requests,
    rate: requests / seconds,
    errors: row?.errors ?? { "4xx": 0, "5xx": 0 },
    latencyMs: row?.latencyMs ?? null,
    bytes: row?.bytes ?? 0,
  };
}

interface Span {
  readonly fromUs: number;
  readonly toUs: number;
}

/** Seconds; 0 when nothing is in it. */
export function lengthOf({ fromUs, toUs }: Span): number {
  return Number.isNaN(fromUs) ? 0 : (toUs - fromUs) / 1e6;
}

function* spanOfSide(
  caches: QueryCaches,
  query: CompareQuery,
  side: CompareSide,
  time: TimeReference,
  lastEventUs: number,
): Pauses<Span> {
  const scan = caches.scan(selectionOfSide({ filter: NOTHING_ELSE, ...windowOf(query) }, side), time);
  if (isOfSources(side.filter)) return yield* receivedSpan(scan);
  return spanOf(caches.index, scan.window, lastEventUs);
}

const NOTHING_ELSE: Filter = { op: "and", terms: [] };

function windowOf({ window }: Selection): { readonly window?: TimeWindow } {
  return window === undefined ? {} : { window };
}

/** Only of what says where requests were read: two clusters rarely start and end together. */
export function isOfSources(filter: Filter | undefined): boolean {
  if (filter === undefined) return false;
  if (filter.op === "match") return filter.field === "input" || filter.field === "apiserver";
  if (filter.op === "not") return isOfSources(filter.term);
  return filter.terms.length > 0 && filter.terms.every(isOfSources);
}

function* receivedSpan(scan: Scan): Pauses<Span> {
  let fromUs = Number.POSITIVE_INFINITY;
  let toUs = Number.NEGATIVE_INFINITY;
  yield* scan.all((block, { rows, count }) => {
    for (let i = 0; i < count; i++) {
      const us = block.receivedUs(rows[i] as number);
      if (us < fromUs) fromUs = us;
      if (us > toUs) toUs = us;
    }
  });
  return fromUs <= toUs ? { fromUs, toUs } : { fromUs: Number.NaN, toUs: Number.NaN };
}

function significance(group: number, a: Side, b: Side): number {
  const told = ({ totals, seconds }: Side): TimedCount => ({ requests: totals.requests(group), seconds });
  return significanceOf(told(a), told(b));
}

/** Requests in so many seconds. */
interface TimedCount {
  readonly requests: number;
  readonly seconds: number;
}

/** By how many standard deviations the rate of B is above that of A. */
export function significanceOf(a: TimedCount, b: TimedCount): number {
  const deviation = Math.sqrt(a.requests / a.seconds ** 2 + b.requests / b.seconds ** 2);
  return deviation === 0 ? 0 : (b.requests / b.seconds - a.requests / a.seconds) / deviation;
}

export function changeOf(ofA: number, ofB: number, z: number): ComparedRow["change"] {
  if (ofA === 0) return ofB === 0 ? "same" : "new";
  if (ofB === 0) return "gone";
  return Math.abs(z) < SIGNIFICANT ? "same" : z > 0 ? "more" : "less";
}

/**
 * `change`: what is new or gone, then what grew or shrank, by how much the rate changed; changes that chance explains last.
 * The others: largest difference first.
 */
function comparison(
  sort: CompareSort,
  reverse: boolean,
  a: Side,
  b: Side,
  percentiles: readonly [Percentiles, Percentiles] | null,
  keys: GroupKeys,
): (x: number, y: number) => number {
  const sign = reverse ? -1 : 1;
  if (sort === "key") return (x, y) => sign * keys.compare(x, y);
  const moved = difference("rate", a, b, null);
  const slower = (sort: "p50" | "p99") => {
    const byPercentile = difference(sort, a, b, percentiles);
    return (group: number) =>
      Math.min(a.totals.timed(group), b.totals.timed(group)) < LEAST_TIMED ? -1 : byPercentile(group);
  };
  const values: Readonly<Record<Exclude<CompareSort, "key">, readonly ((group: number) => number)[]>> = {
    change: [(group) => prominence(group, a, b), moved],
    requests: [(group) => a.totals.requests(group) + b.totals.requests(group)],
    errors: [(group) => Math.abs(errorRate(b, group) - errorRate(a, group)), moved],
    p50: [slower("p50"), moved],
    p99: [slower("p99"), moved],
    bytes: [difference("bytes", a, b, null), moved],
  };
  const order = values[sort];
  return (x, y) => {
    for (const value of order) {
      const [left, right] = [value(x), value(y)];
      if (left !== right) return left > right ? -sign : sign;
    }
    return keys.compare(x, y);
  };
}

/** How far the sides are apart in a measure. */
function difference(
  measure: MeasureId,
  a: Side,
  b: Side,
  percentiles: readonly [Percentiles, Percentiles] | null,
): (group: number) => number {
  const [ofA, ofB] = [a.measured(percentiles?.[0] ?? null), b.measured(percentiles?.[1] ?? null)];
  const { read } = MEASURES[measure];
  return (group) => Math.abs(read(ofB, group) - read(ofA, group));
}

function errorRate({ totals, seconds }: Side, group: number): number {
  return (totals.clientErrors(group) + totals.serverErrors(group)) / seconds;
}

function prominence(group: number, a: Side, b: Side): number {
  const isAlone = a.totals.requests(group) === 0 || b.totals.requests(group) === 0;
  const isCertain = Math.abs(significance(group, a, b)) >= SIGNIFICANT;
  return isCertain ? (isAlone ? 3 : 2) : isAlone ? 1 : 0;
}
