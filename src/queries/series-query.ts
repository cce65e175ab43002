import { isoTime } from "../events/time.ts";
import type { RequestBlock } from "../index/contract.ts";
import type { SeriesQuery, SeriesResult } from "./contract.ts";
import { GroupIds } from "./group-ids.ts";
import { PairIds } from "./pair-ids.ts";
import { pointMeasures } from "./point-measures.ts";
import type { QueryCaches } from "./query-caches.ts";
import { type Pauses, type Scan, spanOf, type Steps } from "./scan.ts";
import { type SeriesPart, SeriesPartMaker } from "./series-part.ts";

/** One stray timestamp must not make millions of points: a step that would is made longer. */
export const MAX_POINTS = 20_000;
const DEFAULT_BUCKETS = 60;

/**
 * Requests over time, over the whole time examined, empty points too. Points start at multiples of the step. Requests
 * without a time are in no point. With topValues the rest is summed as `other`.
 */
export function* seriesSteps(
  caches: QueryCaches,
  scan: Scan,
  key: string,
  query: SeriesQuery,
  lastEventUs: number,
): Steps<SeriesResult> {
  const { index } = caches;
  const span = spanOf(index, scan.window, lastEventUs);
  const by = query.by ?? null;
  const { empty, stepUs, first, length } = gridOf(query, span);
  if (length === 0) return empty;
  const planKey = `${stepUs} ${by} ${key}`;
  const dimensions = by === null ? [] : [by];
  const plan = caches.seriesParts.plan(planKey, () => new GroupIds(dimensions, (one) => caches.codesOf(one)));
  const { groups } = plan;
  scan.extendAlso([groups]);
  const maker = new SeriesPartMaker(stepUs);
  const sums = new PointSums(first, length);
  const answer = (): SeriesResult => ({
    ...empty,
    points: sums.points(stepUs, by === null ? [] : sums.byPoint(query.topValues, (id) => keyText(id))),
  });
  const keyText = (id: number): string => (by === null ? "" : (groups.key(index, id).get(by) ?? ""));
  const blocks = index.blocks.map((block) => ({ block, rows: block.count }));
  const of = blocks.reduce((sum, { rows }) => sum + rows, 0);
  let done = 0;
  const soFar = (): SeriesResult => ({ ...answer(), partial: { of, done } });
  for (const { block, rows } of blocks) {
    let part = plan.of(block, scan);
    if (part === undefined) {
      part = yield* partOf(caches, scan, by === null ? null : groups, maker, block, rows);
      plan.keep(block, part, scan);
    }
    sums.add(part);
    done += rows;
    yield soFar;
  }
  if (scan.isRepeatable) caches.seriesParts.keep(planKey, plan, index);
  const { measures = [] } = query;
  if (measures.length === 0) return answer();
  const figuresOf = yield* pointMeasures(caches, scan, { first, length, stepUs }, measures);
  const whole = answer();
  return { ...whole, points: whole.points.map((point, at) => ({ ...point, ...figuresOf(at) })) };
}

function* partOf(
  { index }: QueryCaches,
  scan: Scan,
  groups: GroupIds | null,
  maker: SeriesPartMaker,
  block: RequestBlock,
  limit: number,
): Pauses<SeriesPart> {
  const { revision } = block;
  yield* scan.select(block, limit, ({ rows, count }) => {
    maker.addRows(block, rows, count);
    if (groups === null) return;
    groups.assign(index, block, rows, count);
    maker.addGroups(block, groups);
  });
  return maker.take(revision, limit);
}

export const OTHER = "other";

/** Sums of parts over the points [first, first + length). */
class PointSums {
  private readonly first: number;
  private readonly totals: Float64Array;
  private readonly pairs = new PairIds();
  private counts = new Uint32Array(1_024);

  constructor(first: number, length: number) {
    this.first = first;
    this.totals = new Float64Array(length);
  }

  add(part: SeriesPart): void {
    const { first, totals } = this;
    for (let i = 0; i < part.points.length; i++) {
      const point = (part.points[i] as number) - first;
      if (point >= 0 && point < totals.length) totals[point] = (totals[point] as number) + (part.requests[i] as number);
    }
    for (let k = 0; k < part.groups.length; k++) {
      const point = (part.points[part.at[k] as number] as number) - first;
      if (!(point >= 0 && point < totals.length)) continue;
      const id = this.pairs.id(part.groups[k] as number, point);
      if (id >= this.counts.length) {
        const grown = new Uint32Array(this.counts.length * 2);
        grown.set(this.counts);
        this.counts = grown;
      }
      this.counts[id] = (this.counts[id] as number) + (part.counts[k] as number);
    }
  }

  points(stepUs: number, byPoint: readonly (readonly [string, number][])[]): SeriesResult["points"] {
    return Array.from(this.totals, (requests, point) => ({
      t: isoTime((this.first + point) * stepUs) ?? "",
      requests,
      by: Object.fromEntries(byPoint[point] ?? []),
    }));
  }

  /** [value, count] pairs of every point, the value with most requests first; what is beyond the `top` values is summed. */
  byPoint(top: number | undefined, textOf: (group: number) => string): [string, number][][] {
    const { pairs, counts } = this;
    const totals: number[] = [];
    for (let id = 0; id < pairs.count; id++) {
      const group = pairs.first[id] as number;
      totals[group] = (totals[group] ?? 0) + (counts[id] as number);
    }
    const texts = totals.map((_, group) => textOf(group));
    const order = [...texts.keys()].filter((group) => totals[group] !== undefined);
    order.sort((a, b) => (totals[b] ?? 0) - (totals[a] ?? 0) || ((texts[a] ?? "") < (texts[b] ?? "") ? -1 : 1));
    const kept = new Set(top === undefined ? order : order.slice(0, top));
    const values = [...[...kept].map((group) => texts[group] ?? ""), OTHER];
    const rankOf = new Map(values.map((value, rank) => [value, rank]));
    const points: Map<string, number>[] = [];
    for (let id = 0; id < pairs.count; id++) {
      const group = pairs.first[id] as number;
      const value = kept.has(group) ? (texts[group] ?? "") : OTHER;
      const own = (points[pairs.second[id] as number] ??= new Map());
      own.set(value, (own.get(value) ?? 0) + (counts[id] as number));
    }
    return points.map((own) => [...own].sort(([a], [b]) => (rankOf.get(a) ?? 0) - (rankOf.get(b) ?? 0)));
  }
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const SPLIT_SECOND = [1, 2, 5, 10, 20, 50, 100, 200, 500];
/** Steps people read at a glance, ms. */
const ROUND_STEPS = [
  ...SPLIT_SECOND,
  ...[1, 2, 5, 10, 15, 20, 30].map((seconds) => seconds * 1_000),
  ...[1, 2, 5, 10, 15, 20, 30].map((minutes) => minutes * MINUTE_MS),
  ...[1, 2, 3, 6, 12, 24].map((hours) => hours * HOUR_MS),
];

/** The shortest round step that makes at most this many points of the span; whole days beyond one. */
function roundStep(spanMs: number, buckets: number): number {
  const least = spanMs / Math.max(1, buckets - 1);
  const found = ROUND_STEPS.find((step) => step >= least);
  return found ?? Math.ceil(least / (24 * HOUR_MS)) * 24 * HOUR_MS;
}

/** Where points lie: the first, in steps since the epoch, and how many; none where nothing has a time. */
export function gridOf(
  query: SeriesQuery,
  span: { readonly fromUs: number; readonly toUs: number },
): { readonly empty: SeriesResult; readonly stepUs: number; readonly first: number; readonly length: number } {
  const stepMs = stepOf(query, span);
  const stepUs = stepMs * 1e3;
  const empty = { step: stepText(stepMs), stepMs, by: query.by ?? null, points: [] };
  if (Number.isNaN(span.fromUs)) return { empty, stepUs, first: 0, length: 0 };
  const first = Math.floor(span.fromUs / stepUs);
  return { empty, stepUs, first, length: Math.floor(span.toUs / stepUs) - first + 1 };
}

/** ms */
function stepOf(query: SeriesQuery, span: { readonly fromUs: number; readonly toUs: number }): number {
  const spanMs = Number.isNaN(span.fromUs) ? 0 : (span.toUs - span.fromUs) / 1e3;
  const asked = query.stepMs ?? roundStep(spanMs, query.buckets ?? DEFAULT_BUCKETS);
  const step = Number.isFinite(asked) && asked > 0 ? asked : 1;
  return step * Math.max(1, Math.ceil(spanMs / step / MAX_POINTS));
}

/** `1m`, `1h30m`, `500ms`: as Go prints durations, without zero parts. */
export function stepText(ms: number): string {
  if (ms < 1_000 || ms % 1_000 !== 0) return `${ms}ms`;
  const seconds = ms / 1_000;
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor((seconds % 3_600) / 60)];
  const parts = [`${hours}h`, `${minutes}m`, `${seconds % 60}s`].filter((part) => !/^0[hms]$/.test(part));
  return parts.join("");
}
