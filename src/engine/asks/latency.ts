import { keyOf } from "../../queries/latency-detail.ts";
import { LONG_TERM, type LatencyRow, TIMED_TERM, withTerms } from "../../queries/latency-query.ts";
import type { Asks } from "../contract.ts";
import type { Desk } from "./desk.ts";

export async function answerLatency(
  { store }: Desk,
  query: Asks["latency"]["ask"],
  signal: AbortSignal,
): Promise<Asks["latency"]["answer"]> {
  const timed = withTerms(query, TIMED_TERM);
  const long = withTerms(query, LONG_TERM);
  const { sort = "sum", reverse = false, by, limit } = query;
  const total = await store.aggregate({ ...timed, by: [] }, signal);
  const table = await store.aggregate({ ...timed, by, sort, reverse, limit }, signal);
  const span = { fromUs: Date.parse(total.span.from ?? "") * 1e3, toUs: Date.parse(total.span.to ?? "") * 1e3 };
  const keys = table.rows.map((row) => keyOf(table.by, row.key));
  const detail = await store.latencyDetail({ ...query, ...timed }, keys, span, signal);
  const longRunning = await store.longRunning(long, signal);
  const slowest = await store.facts(detail.slowest);
  const [all] = total.rows;
  return {
    by: table.by,
    groups: table.groups,
    total: all === undefined ? null : { requests: all.requests, latencyMs: all.latencyMs },
    span: table.span,
    rows: table.rows.flatMap((row, at): LatencyRow[] => {
      const { key, requests, errors, latencyMs } = row;
      const points = detail.points.get(keys[at] ?? "");
      return latencyMs === null || points === undefined ? [] : [{ key, requests, errors, latencyMs, points }];
    }),
    slowest: slowest.filter((facts) => facts !== null),
    layers: detail.layers,
    longRunning,
  };
}
