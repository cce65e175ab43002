import type { GroupResult, GroupRow, Selection } from "../../queries/contract.ts";
import {
  LONG_TERM,
  type LatencyReport,
  type LatencyRow,
  OPEN_TERM,
  TIMED_TERM,
  withTerms,
} from "../../queries/latency-query.ts";
import type { Store } from "../../store/store.ts";
import type { Asks } from "../contract.ts";
import type { Desk } from "./desk.ts";

const MOST_LONG = 100;

type Report = Asks["latency"]["answer"];

/** What a partial answer does not tell. */
const UNTOLD: Pick<Report, "slowest" | "layers" | "longRunning"> = {
  slowest: [],
  layers: { requests: 0, sum: 0, rows: [] },
  longRunning: { requests: 0, open: 0, rows: [] },
};

export async function answerLatency(
  { store }: Desk,
  query: Asks["latency"]["ask"],
  signal: AbortSignal,
  onPartial?: (answer: Report) => void,
): Promise<Report> {
  const timed = withTerms(query, TIMED_TERM);
  const { sort = "sum", reverse = false, by, limit, slowest } = query;
  const spark = { sparkBuckets: Math.max(1, Math.floor(query.buckets)), sparkPercentiles: ["p50", "p99"] } as const;
  const tell = ({ partial, ...table }: GroupResult): void => {
    if (partial === undefined || table.rows.length === 0) return;
    onPartial?.({ ...grouped(table), total: { requests: table.requests, latencyMs: null }, ...UNTOLD, partial });
  };
  const table = await store.aggregate({ ...timed, by, sort, reverse, limit, ...spark }, signal, tell);
  const total = await store.aggregate({ ...timed, by: [] }, signal);
  const slow = { order: "latency", reverse: true, anchor: "oldest", before: 0, after: slowest } as const;
  const [all] = total.rows;
  return {
    ...grouped(table),
    total: all === undefined ? null : { requests: all.requests, latencyMs: all.latencyMs },
    slowest: slowest < 1 ? [] : (await store.rows({ ...timed, ...slow }, signal)).rows,
    layers: await store.layers(timed, signal),
    longRunning: await longRunning(store, query, signal),
  };
}

function grouped({ by, groups, span, rows }: GroupResult): Pick<Report, "by" | "groups" | "span" | "rows"> {
  return { by, groups, span, rows: rows.flatMap(latencyRow) };
}

function latencyRow({ key, requests, errors, latencyMs, spark = [], sparkLatencyMs }: GroupRow): LatencyRow[] {
  if (latencyMs === null) return [];
  const { p50 = [], p99 = [] } = sparkLatencyMs ?? {};
  return [{ key, requests, errors, latencyMs, points: { requests: spark, p50, p99 } }];
}

/** How many there are, and how long those that ended had listened. By verb and resource. */
async function longRunning(
  store: Store,
  selection: Selection,
  signal: AbortSignal,
): Promise<LatencyReport["longRunning"]> {
  const by = { by: ["verb", "resource"], latencyOf: "ended" } as const;
  const all = await store.aggregate({ ...withTerms(selection, LONG_TERM), ...by, limit: MOST_LONG }, signal);
  const open = await store.aggregate(
    { ...withTerms(selection, `${LONG_TERM} ${OPEN_TERM}`), ...by, measures: ["requests"] },
    signal,
  );
  const openOf = new Map(open.rows.map(({ key, requests }) => [JSON.stringify(key), requests]));
  return {
    requests: all.requests,
    open: open.requests,
    rows: all.rows.map(({ key, requests, latencyMs }) => ({
      key: { verb: key["verb"] ?? "", resource: key["resource"] ?? "" },
      requests,
      open: openOf.get(JSON.stringify(key)) ?? 0,
      listenedMs: latencyMs === null ? null : { p50: latencyMs.p50, max: latencyMs.max, sum: latencyMs.sum },
    })),
  };
}
