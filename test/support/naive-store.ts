import { type Cadence, cadenceOf } from "../../src/queries/cadence.ts";
import type {
  Dimension,
  GroupQuery,
  GroupResult,
  GroupRow,
  PercentileId,
  RowsQuery,
  RowsResult,
  Selection,
  SeriesQuery,
  SeriesResult,
} from "../../src/queries/contract.ts";
import type { GroupSort } from "../../src/queries/measures.ts";
import type { ObjectsQuery, ObjectsResult, Store, StoredEvent } from "../../src/store/store.ts";
import { oracleMatches } from "./oracle-filter.ts";
import { dimensionValues, nearestRank, oracleGroups, type OracleGroup } from "./oracle-groups.ts";
import { isLongRunning, latencyMs, microsOf, type OracleRequest } from "./oracle.ts";

/** What any store must answer alike; the others are worked out of rows. */
export type CoreStore = Pick<
  Store,
  "aggregate" | "series" | "ids" | "originals" | "bytesOf" | "objects" | "isUndecided"
>;

/** A store over parsed JSON: one object per request, every question a walk over all of them. */
export class NaiveStore implements CoreStore {
  private readonly requests: readonly OracleRequest[];

  constructor(requests: readonly OracleRequest[]) {
    this.requests = requests;
  }

  async aggregate(query: GroupQuery): Promise<GroupResult> {
    const matching = this.selected(query);
    const by = [...new Set(query.by)];
    const { from, to, seconds } = this.span();
    const rows = oracleGroups(matching, by).map((group) => ({
      ...rowOf(withLatencies(group, query.latencyOf), matching.length, seconds),
      ...furtherOf(group.members, query, { fromUs: microsOf(from ?? ""), toUs: microsOf(to ?? "") }),
    }));
    const measured = rows.map((row) => ({ row, value: valueOf(row, query.sort ?? "requests") }));
    const sign = query.reverse === true ? -1 : 1;
    measured.sort((a, b) => {
      if (query.sort === "key") return sign * compareKeys(a.row, b.row, by);
      return a.value === b.value ? compareKeys(a.row, b.row, by) : a.value > b.value ? -sign : sign;
    });
    return {
      requests: matching.length,
      groups: rows.length,
      by,
      span: { from, to, seconds },
      rows: measured.slice(0, query.limit).map(({ row }) => row),
    };
  }

  /** Points that have requests, with every measure. */
  async series({ stepMs = 60_000, by, ...selection }: SeriesQuery): Promise<SeriesResult> {
    const points = new Map<number, { requests: number; by: Record<string, number>; members: OracleRequest[] }>();
    const matching = this.selected(selection);
    for (const request of matching) {
      const at = Math.floor(microsOf(request.received) / 1e3 / stepMs);
      const point = points.get(at) ?? { requests: 0, by: {}, members: [] };
      points.set(at, point);
      point.requests += 1;
      point.members.push(request);
      for (const value of by === undefined ? [] : dimensionValues(by, request)) {
        point.by[value] = (point.by[value] ?? 0) + 1;
      }
    }
    const told = [...points].sort(([a], [b]) => a - b);
    return {
      step: "",
      stepMs,
      by: by ?? null,
      points: told.map(([at, { members, ...point }]) => ({
        t: new Date(at * stepMs).toISOString(),
        ...rowOf(oracleGroups(members, [])[0] as OracleGroup, matching.length, stepMs / 1e3),
        ...point,
      })),
    };
  }

  /** By arrival, time or latency. */
  async ids(query: RowsQuery): Promise<RowsResult<number>> {
    const { order = "arrival", reverse = false, anchor, position = 0, before = 0, after = 0 } = query;
    const value = (request: OracleRequest): number => {
      const us = microsOf(request.received);
      return order === "arrival" ? request.at : order === "received" ? us : (latencyMs(request) ?? Number.NaN);
    };
    const rows = this.selected(query).sort((a, b) => {
      const [x, y] = [value(a), value(b)];
      if (Number.isNaN(x) !== Number.isNaN(y)) return Number.isNaN(x) ? 1 : -1;
      const first = Number.isNaN(x) ? 0 : (reverse ? -1 : 1) * (x - y);
      return first || microsOf(a.received) - microsOf(b.received) || a.at - b.at;
    });
    const at = anchor === "oldest" ? 0 : Math.max(0, Math.min(position, rows.length - 1));
    const first = Math.max(0, at - before);
    return { total: rows.length, first, at, rows: rows.slice(first, at + after).map((request) => request.at) };
  }

  async *originals(ids: readonly number[]): AsyncGenerator<{ readonly at: number; readonly event: StoredEvent }> {
    for (const [at, id] of ids.entries()) {
      const request = this.requests[id];
      if (request === undefined) continue;
      yield { at, event: { bytes: Buffer.from(JSON.stringify(request.event)) } };
    }
  }

  async bytesOf(ids: readonly number[]): Promise<readonly (number | null)[]> {
    return ids.map((id) => this.requests[id]?.bytes ?? null);
  }

  async objects({ text, limit, ...selection }: ObjectsQuery): Promise<ObjectsResult> {
    if (text !== "") throw new Error("fuzzy search is the ring's own");
    const objects = new Map<string, { at: number; requests: OracleRequest[] }>();
    for (const request of this.selected(selection)) {
      if (request.resource === "" || request.name === "") continue;
      const key = JSON.stringify([request.resource, request.namespace, request.name]);
      const known = objects.get(key) ?? { at: request.at, requests: [] };
      objects.set(key, known);
      known.requests.push(request);
    }
    const found = [...objects.values()].sort((a, b) => b.requests.length - a.requests.length || a.at - b.at);
    return {
      total: found.length,
      rows: found.slice(0, limit).map(({ requests }) => {
        const times = requests.map(({ received }) => received).sort();
        const last = requests.find(({ received }) => received === times.at(-1)) as OracleRequest;
        const { resource, namespace, name } = last;
        return {
          resource,
          namespace,
          name,
          label: `${namespace === "" ? "" : `${namespace}/`}${name} ${resource}`,
          requests: requests.length,
          errors: requests.filter(({ code }) => (code ?? 0) >= 400).length,
          firstSeen: times[0] ?? "",
          lastSeen: last.received,
          lastSeq: last.at,
          matches: [],
        };
      }),
    };
  }

  isUndecided(): boolean {
    return false;
  }

  private selected({ filter, window }: Selection): OracleRequest[] {
    const { fromUs = -Infinity, toUs = Infinity } = window ?? {};
    return this.requests.filter((request) => {
      const us = microsOf(request.received);
      return us >= fromUs && us < toUs && oracleMatches(filter, request);
    });
  }

  private span(): GroupResult["span"] {
    const from = this.requests.map(({ received }) => received).reduce((a, b) => (b < a ? b : a));
    const to = this.requests.map(({ stageTime }) => stageTime).reduce((a, b) => (b > a ? b : a));
    return { from, to, seconds: (microsOf(to) - microsOf(from)) / 1e6 };
  }
}

function isMeasured(request: OracleRequest, latencyOf: GroupQuery["latencyOf"]): boolean {
  return latencyMs(request) !== null && (latencyOf === "ended" || !isLongRunning(request));
}

function withLatencies(group: OracleGroup, latencyOf: GroupQuery["latencyOf"]): OracleGroup {
  const own = group.members.filter((request) => isMeasured(request, latencyOf));
  return { ...group, latencies: own.map((request) => latencyMs(request) ?? 0) };
}

/** What only chosen groups are asked for. */
function furtherOf(
  members: readonly OracleRequest[],
  { sparkBuckets = 0, sparkPercentiles = [], distinct, cadence, latencyOf }: GroupQuery,
  { fromUs, toUs }: { readonly fromUs: number; readonly toUs: number },
): Partial<GroupRow> {
  const bucketOf = ({ received }: OracleRequest): number =>
    Math.min(sparkBuckets - 1, Math.floor(((microsOf(received) - fromUs) * sparkBuckets) / (toUs - fromUs)));
  const buckets = Array.from({ length: sparkBuckets }, (_, at) => members.filter((one) => bucketOf(one) === at));
  const percentiles = (id: PercentileId): readonly number[] =>
    buckets.map((own) => {
      const timed = own.filter((request) => isMeasured(request, latencyOf));
      const ms = timed.map((request) => latencyMs(request) ?? 0);
      return ms.length === 0 ? 0 : nearestRank(ms, Number(id.slice(1)) / 100);
    });
  const valuesOf = (dimension: Dimension): string[] =>
    members.flatMap((request) => dimensionValues(dimension, request)).filter((value) => value !== "");
  const cadenceAmong = (own: readonly OracleRequest[]): Cadence | null =>
    cadenceOf(Float64Array.from(own, ({ received }) => microsOf(received)).sort());
  return {
    ...(sparkBuckets === 0 ? {} : { spark: buckets.map((own) => own.length) }),
    ...(sparkBuckets === 0 || sparkPercentiles.length === 0
      ? {}
      : { sparkLatencyMs: Object.fromEntries(sparkPercentiles.map((id) => [id, percentiles(id)])) }),
    ...(distinct === undefined || distinct.length === 0
      ? {}
      : { distinct: Object.fromEntries(distinct.map((one) => [one, new Set(valuesOf(one)).size])) }),
    ...(cadence === undefined ? {} : { cadence: { whole: cadenceAmong(members), each: null } }),
  };
}

function rowOf(group: OracleGroup, selected: number, seconds: number): GroupRow {
  const { key, requests, latencies, bytes, firstSeen, lastSeen, clientErrors, serverErrors } = group;
  const p = (share: number): number => nearestRank(latencies, share);
  const sum = latencies.reduce((total, ms) => total + ms, 0);
  return {
    key,
    requests,
    share: requests / selected,
    rate: requests / seconds,
    errors: { "4xx": clientErrors, "5xx": serverErrors },
    latencyMs: latencies.length === 0 ? null : { p50: p(0.5), p90: p(0.9), p99: p(0.99), max: p(1), sum },
    firstSeen,
    lastSeen,
    bytes,
  };
}

function valueOf(row: GroupRow, sort: GroupSort): number {
  const { latencyMs: ms, errors } = row;
  switch (sort) {
    case "4xx":
    case "5xx":
      return errors[sort];
    case "errors":
      return errors["4xx"] + errors["5xx"];
    case "p50":
    case "p90":
    case "p99":
    case "max":
    case "sum":
      return ms === null ? -Infinity : Math.round(ms[sort] * 1e3);
    case "firstSeen":
    case "lastSeen":
      return microsOf(row[sort]);
    case "key":
      return 0;
    default:
      return row[sort] ?? -Infinity;
  }
}

function compareKeys(a: GroupRow, b: GroupRow, by: readonly string[]): number {
  for (const dimension of by) {
    const [x = "", y = ""] = [a.key[dimension], b.key[dimension]];
    if (x !== y) return x < y ? -1 : 1;
  }
  return 0;
}
