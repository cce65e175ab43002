import { factsOf } from "../../index/facts.ts";
import { keyOf, LatencyVisitor } from "../../queries/latency-detail.ts";
import { LONG_TERM, type LatencyRow, TIMED_TERM, withTerms } from "../../queries/latency-query.ts";
import { LongRunningVisitor } from "../../queries/long-running.ts";
import { visitMatching } from "../../queries/matching-runs.ts";
import type { Asks } from "../contract.ts";
import type { Desk } from "./desk.ts";
import { run, settle } from "./queries.ts";

export async function answerLatency(
  desk: Desk,
  query: Asks["latency"]["ask"],
  signal: AbortSignal,
): Promise<Asks["latency"]["answer"]> {
  const { queries, ring } = desk;
  const timed = withTerms(query, TIMED_TERM);
  const long = withTerms(query, LONG_TERM);
  await settle(desk, timed, signal);
  await settle(desk, long, signal);
  const { sort = "sum", reverse = false, by, limit } = query;
  const total = await run(queries.groups({ ...timed, by: [] }), signal);
  const table = await run(queries.groups({ ...timed, by, sort, reverse, limit }), signal);
  const span = { fromUs: Date.parse(total.span.from ?? "") * 1e3, toUs: Date.parse(total.span.to ?? "") * 1e3 };
  const keys = table.rows.map((row) => keyOf(table.by, row.key));
  const detail = await run(
    visitMatching(
      queries,
      ring,
      timed,
      () => new LatencyVisitor(query, keys, span, (by) => queries.codes.groupIdsOf(by)),
    ),
    signal,
  );
  const longRunning = await run(
    visitMatching(queries, ring, long, () => new LongRunningVisitor((by) => queries.codes.groupIdsOf(by))),
    signal,
  );
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
    slowest: detail.slowest.flatMap((seq) => {
      const place = ring.locate(seq);
      return place === null ? [] : [factsOf(ring, place.block, place.row)];
    }),
    layers: detail.layers,
    longRunning,
  };
}
