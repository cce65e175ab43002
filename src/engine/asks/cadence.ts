import type { Asks } from "../contract.ts";
import type { Desk } from "./desk.ts";

export async function answerCadence(
  { store }: Desk,
  { per, buckets, limit, ...selection }: Asks["cadence"]["ask"],
  signal: AbortSignal,
): Promise<Asks["cadence"]["answer"]> {
  const query = {
    ...selection,
    by: ["verb", per],
    measures: ["requests", "firstSeen", "lastSeen"],
    sparkBuckets: Math.max(1, buckets),
    distinct: ["object"],
    cadence: { each: "object" },
    limit: Math.max(0, limit),
  } as const;
  const { requests, groups, span, rows } = await store.aggregate(query, signal);
  return {
    requests,
    groups,
    span,
    rows: rows.map(({ key, requests: calls, firstSeen, lastSeen, distinct, cadence, spark = [] }) => ({
      key,
      requests: calls,
      objects: distinct?.object ?? 0,
      cadence: cadence?.whole ?? null,
      perObject: cadence?.each ?? null,
      firstSeen,
      lastSeen,
      spark,
    })),
  };
}
