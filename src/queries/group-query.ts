import { isoTime } from "../events/time.ts";
import type { Dimension, GroupQuery, GroupResult, GroupRow, GroupSort } from "./contract.ts";
import { GroupIds } from "./group-ids.ts";
import { GroupedScan } from "./grouped-scan.ts";
import { GroupStats } from "./group-stats.ts";
import { LatencyHistograms } from "./latency-histogram.ts";
import { EXACT_LATENCIES, Latencies, type Percentiles, SortedLatencies } from "./latencies.ts";
import type { QueryCaches } from "./query-caches.ts";
import { type Scan, spanOf, type Steps } from "./scan.ts";
import { topOf } from "./top-rows.ts";

const MAX_HISTOGRAMS = 1_024;
const NO_LATENCIES: Percentiles = { percentile: () => Number.NaN };

/** Groups the selected requests. `lastEventUs`: end of the log where it is known better than by the rows, else NaN. */
export function* groupSteps(
  caches: QueryCaches,
  scan: Scan,
  query: GroupQuery,
  lastEventUs: number,
): Steps<GroupResult> {
  const { index } = caches;
  const by = [...new Set(query.by)];
  const groups = new GroupIds(by, (dimension) => caches.codesOf(dimension));
  const grouped = new GroupedScan(caches, scan, groups);
  const stats = new GroupStats();
  const latencies = query.latency === false ? null : new Latencies();
  const buckets = query.sparkBuckets ?? 0;
  let requests = 0;
  yield* grouped.first(buckets > 0, (block, rows, selected) => {
    requests += selected;
    stats.add(index, block, rows, groups.groups, caches.facts, latencies);
  });
  const span = spanOf(index, scan.window, lastEventUs);
  const found = by.length === 0 ? Number(requests > 0) : groups.groups;
  const timed = (group: number): number => stats.timed(group);

  let percentiles = latencies === null ? NO_LATENCIES : latencies.percentiles(found, timed);
  const sort = query.sort ?? "requests";
  if (percentiles === null && isPercentile(sort)) {
    const all = new SortedLatencies(found, timed);
    yield* collectLatencies(caches, grouped, all, null);
    percentiles = all;
  }
  const keys = new GroupKeys((group) => groups.key(index, group), by);
  const order = comparison(sort, query.reverse === true, stats, percentiles, keys);
  const chosen = topOf(found, query.limit ?? Number.POSITIVE_INFINITY, order);
  const slots = slotsOf(chosen, found);
  if (percentiles === null) {
    percentiles = yield* latenciesOf(caches, grouped, stats, chosen, slots);
  }
  const sparks = yield* sparksOf(grouped, slots, chosen.length, span, buckets);
  const seconds = Number.isNaN(span.fromUs) ? 0 : (span.toUs - span.fromUs) / 1e6;
  const read = percentiles;
  return {
    requests,
    groups: found,
    by,
    span: { from: isoTime(span.fromUs), to: isoTime(span.toUs), seconds },
    rows: chosen.map((group, slot) => {
      const row = rowOf(group, stats, read, keys, requests, seconds);
      const spark = sparks?.[slot];
      return spark === undefined ? row : { ...row, spark };
    }),
  };
}

/** Keys as texts, made when first needed. */
class GroupKeys {
  private readonly keyOf: (group: number) => ReadonlyMap<Dimension, string>;
  private readonly by: readonly Dimension[];
  private readonly made = new Map<number, readonly string[]>();

  constructor(keyOf: (group: number) => ReadonlyMap<Dimension, string>, by: readonly Dimension[]) {
    this.keyOf = keyOf;
    this.by = by;
  }

  values(group: number): readonly string[] {
    const known = this.made.get(group);
    if (known !== undefined) return known;
    const key = this.keyOf(group);
    const values = this.by.map((dimension) => key.get(dimension) ?? "");
    this.made.set(group, values);
    return values;
  }

  key(group: number): Record<string, string> {
    const values = this.values(group);
    return Object.fromEntries(this.by.map((dimension, i) => [dimension, values[i] ?? ""]));
  }

  compare(a: number, b: number): number {
    const [left, right] = [this.values(a), this.values(b)];
    for (let i = 0; i < left.length; i++) {
      const [x = "", y = ""] = [left[i], right[i]];
      if (x !== y) return x < y ? -1 : 1;
    }
    return 0;
  }
}

function isPercentile(sort: GroupSort): sort is "p50" | "p90" | "p99" {
  return sort === "p50" || sort === "p90" || sort === "p99";
}

/** Largest first (keys: A first), turned round by `reverse`; ties by key. */
function comparison(
  sort: GroupSort,
  reverse: boolean,
  stats: GroupStats,
  percentiles: Percentiles | null,
  keys: GroupKeys,
): (a: number, b: number) => number {
  if (sort === "key") return reverse ? (a, b) => keys.compare(b, a) : (a, b) => keys.compare(a, b);
  const value = sortValue(sort, stats, percentiles);
  const sign = reverse ? -1 : 1;
  return (a, b) => {
    const [x, y] = [value(a), value(b)];
    return x === y ? keys.compare(a, b) : x > y ? -sign : sign;
  };
}

function sortValue(
  sort: Exclude<GroupSort, "key">,
  stats: GroupStats,
  percentiles: Percentiles | null,
): (group: number) => number {
  switch (sort) {
    // The rate has the same span for all.
    case "requests":
    case "rate":
      return (group) => stats.requests(group);
    case "errors":
      return (group) => stats.clientErrors(group) + stats.serverErrors(group);
    case "max":
      return (group) => stats.latencyMax(group);
    case "sum":
      return (group) => stats.latencySum(group);
    case "lastSeen":
      return (group) => stats.lastSeen(group);
    case "p50":
    case "p90":
    case "p99": {
      const p = P[sort];
      const known = new Map<number, number>();
      return (group) => {
        let value = known.get(group);
        if (value === undefined) {
          const count = stats.timed(group);
          value = count === 0 || percentiles === null ? -1 : percentiles.percentile(group, p, count);
          known.set(group, value);
        }
        return value;
      };
    }
    default:
      return sort satisfies never;
  }
}

const P = { p50: 0.5, p90: 0.9, p99: 0.99 } as const;

function rowOf(
  group: number,
  stats: GroupStats,
  percentiles: Percentiles,
  keys: GroupKeys,
  requests: number,
  seconds: number,
): GroupRow {
  const own = stats.requests(group);
  const timed = stats.timed(group);
  const maxUs = stats.latencyMax(group);
  const ms = (p: number): number => Math.min(percentiles.percentile(group, p, timed), maxUs) / 1e3;
  return {
    key: keys.key(group),
    requests: own,
    share: requests === 0 ? 0 : own / requests,
    rate: seconds > 0 ? own / seconds : 0,
    errors: { "4xx": stats.clientErrors(group), "5xx": stats.serverErrors(group) },
    latencyMs:
      timed === 0
        ? null
        : {
            p50: ms(P.p50),
            p90: ms(P.p90),
            p99: ms(P.p99),
            max: maxUs / 1e3,
            sum: stats.latencySum(group) / 1e3,
          },
    firstSeen: isoTime(stats.firstSeen(group)) ?? "",
    lastSeen: isoTime(stats.lastSeen(group)) ?? "",
  };
}

/** Position + 1 of each group among the chosen ones; 0 for the others. */
function slotsOf(chosen: readonly number[], groups: number): Uint32Array {
  const slots = new Uint32Array(groups);
  chosen.forEach((group, slot) => {
    slots[group] = slot + 1;
  });
  return slots;
}

/** A second pass for the latencies of the chosen groups alone: exact while they are few. */
function* latenciesOf(
  caches: QueryCaches,
  grouped: GroupedScan,
  stats: GroupStats,
  chosen: readonly number[],
  slots: Uint32Array,
): Steps<Percentiles> {
  const timed = (slot: number): number => stats.timed(chosen[slot] ?? 0);
  const total = chosen.reduce((sum, _, slot) => sum + timed(slot), 0);
  const sink =
    total > EXACT_LATENCIES && chosen.length <= MAX_HISTOGRAMS
      ? new LatencyHistograms()
      : new SortedLatencies(chosen.length, timed);
  yield* collectLatencies(caches, grouped, sink, slots);
  return { percentile: (group, p, count) => sink.percentile((slots[group] ?? 1) - 1, p, count) };
}

function* collectLatencies(
  { index, facts }: QueryCaches,
  grouped: GroupedScan,
  sink: { add(group: number, latencyUs: number): void },
  slots: Uint32Array | null,
): Steps<void> {
  yield* grouped.again((block, { rows, ids, count }) => {
    for (let i = 0; i < count; i++) {
      const id = ids[i] as number;
      const slot = slots === null ? id : (slots[id] ?? 0) - 1;
      if (slot < 0) continue;
      const latencyUs = facts.latencyUs(index, block, rows[i] as number);
      if (latencyUs >= 0) sink.add(slot, latencyUs);
    }
  });
}

/** Requests per bucket of the span for each chosen group; null when nobody asked. */
function* sparksOf(
  grouped: GroupedScan,
  slots: Uint32Array,
  chosen: number,
  span: { readonly fromUs: number; readonly toUs: number },
  buckets: number,
): Steps<number[][] | null> {
  if (buckets <= 0 || chosen === 0 || Number.isNaN(span.fromUs)) return null;
  const counts = new Uint32Array(chosen * buckets);
  const scale = buckets / Math.max(1, span.toUs - span.fromUs);
  yield* grouped.again((block, { rows, ids, count }) => {
    for (let i = 0; i < count; i++) {
      const slot = (slots[ids[i] as number] ?? 0) - 1;
      if (slot < 0) continue;
      const us = block.receivedUs(rows[i] as number);
      if (!(us >= span.fromUs)) continue;
      const at = slot * buckets + Math.min(buckets - 1, Math.floor((us - span.fromUs) * scale));
      counts[at] = (counts[at] as number) + 1;
    }
  });
  return Array.from({ length: chosen }, (_, slot) => [...counts.subarray(slot * buckets, (slot + 1) * buckets)]);
}
