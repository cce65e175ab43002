import { isoTime } from "../events/time.ts";
import type { SeriesQuery, SeriesResult } from "./contract.ts";
import { GroupIds } from "./group-ids.ts";
import { PairIds } from "./pair-ids.ts";
import type { QueryCaches } from "./query-caches.ts";
import { type Scan, spanOf, type Steps } from "./scan.ts";

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
  query: SeriesQuery,
  lastEventUs: number,
): Steps<SeriesResult> {
  const { index } = caches;
  const span = spanOf(index, scan.window, lastEventUs);
  const by = query.by ?? null;
  const stepUs = stepOf(query, span) * 1e3;
  const empty = { step: stepText(stepUs / 1e3), stepMs: stepUs / 1e3, by, points: [] };
  if (Number.isNaN(span.fromUs)) return empty;
  const start = Math.floor(span.fromUs / stepUs) * stepUs;
  const length = Math.floor((span.toUs - start) / stepUs) + 1;
  const totals = new Uint32Array(length);
  const groups = new GroupIds(by === null ? [] : [by], (dimension) => caches.codesOf(dimension));
  const counts = new PointCounts();
  yield* scan.blocks([groups], (block, { rows, count }) => {
    for (let i = 0; i < count; i++) {
      const point = Math.floor((block.receivedUs(rows[i] as number) - start) / stepUs);
      if (point >= 0 && point < length) totals[point] = (totals[point] as number) + 1;
    }
    if (by === null) return;
    groups.assign(index, block, rows, count);
    for (let i = 0; i < groups.count; i++) {
      const point = Math.floor((block.receivedUs(groups.rows[i] as number) - start) / stepUs);
      if (point >= 0 && point < length) counts.add(groups.ids[i] as number, point);
    }
  });
  const byPoint = by === null ? [] : counts.byPoint(query.topValues, (group) => groups.key(index, group).get(by) ?? "");
  const points = Array.from(totals, (requests, point) => ({
    t: isoTime(start + point * stepUs) ?? "",
    requests,
    by: Object.fromEntries(byPoint[point] ?? []),
  }));
  return { ...empty, points };
}

const OTHER = "other";

/** Counts by (group, point). */
class PointCounts {
  private readonly pairs = new PairIds();
  private counts = new Uint32Array(1_024);

  add(group: number, point: number): void {
    const id = this.pairs.id(group, point);
    if (id >= this.counts.length) {
      const grown = new Uint32Array(this.counts.length * 2);
      grown.set(this.counts);
      this.counts = grown;
    }
    this.counts[id] = (this.counts[id] as number) + 1;
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
