import { isoTime } from "../events/time.ts";
import type { SeriesQuery, SeriesResult } from "./contract.ts";
import { GroupIds } from "./group-ids.ts";
import type { QueryCaches } from "./query-caches.ts";
import { type Scan, spanOf, type Steps } from "./scan.ts";
import { topOf } from "./top-rows.ts";

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
  const named =
    by === null
      ? []
      : valuesOf(counts, groups.groups, query.topValues, (group) => groups.key(index, group).get(by) ?? "");
  const points = Array.from(totals, (requests, point) => ({
    t: isoTime(start + point * stepUs) ?? "",
    requests,
    by: Object.fromEntries(
      named.flatMap(({ value, at }) => {
        const own = at.reduce((sum, group) => sum + counts.get(group, point), 0);
        return own === 0 ? [] : [[value, own] as const];
      }),
    ),
  }));
  return { ...empty, points };
}

/** Counts by (group, point): points of a group are few among all, so each group has its own map. */
class PointCounts {
  readonly totals: number[] = [];
  private readonly points: (Map<number, number> | undefined)[] = [];

  add(group: number, point: number): void {
    let own = this.points[group];
    if (own === undefined) {
      own = new Map();
      this.points[group] = own;
      this.totals[group] = 0;
    }
    own.set(point, (own.get(point) ?? 0) + 1);
    this.totals[group] = (this.totals[group] ?? 0) + 1;
  }

  get(group: number, point: number): number {
    return this.points[group]?.get(point) ?? 0;
  }
}

/** Values largest first, ties by text, with the groups behind each; what is beyond `top` is `other`. */
function valuesOf(
  counts: PointCounts,
  groups: number,
  top: number | undefined,
  textOf: (group: number) => string,
): { value: string; at: number[] }[] {
  const total = (group: number): number => counts.totals[group] ?? 0;
  const texts = Array.from({ length: groups }, (_, group) => textOf(group));
  const order = topOf(groups, groups, (a, b) => {
    if (total(a) !== total(b)) return total(b) - total(a);
    return (texts[a] ?? "") < (texts[b] ?? "") ? -1 : 1;
  }).filter((group) => total(group) > 0);
  const kept = top === undefined ? order : order.slice(0, top);
  const values = kept.map((group) => ({ value: texts[group] ?? "", at: [group] }));
  const rest = order.slice(kept.length);
  if (rest.length === 0) return values;
  const other = values.find(({ value }) => value === "other");
  if (other !== undefined) other.at.push(...rest);
  else values.push({ value: "other", at: rest });
  return values;
}

/** ms */
function stepOf(query: SeriesQuery, span: { readonly fromUs: number; readonly toUs: number }): number {
  const spanMs = Number.isNaN(span.fromUs) ? 0 : (span.toUs - span.fromUs) / 1e3;
  const asked = query.stepMs ?? Math.max(1, Math.ceil(spanMs / Math.max(1, query.buckets ?? DEFAULT_BUCKETS)));
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
