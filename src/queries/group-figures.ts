import type { GroupRow } from "./contract.ts";
import { P } from "./group-order.ts";
import type { GroupTotals } from "./group-totals.ts";
import type { Percentiles } from "./latencies.ts";

/** Errors and latencies of a group, as its row has them. `percentiles` null: they are not known. */
export function figuresOf(
  group: number,
  totals: GroupTotals,
  percentiles: Percentiles | null,
): Pick<GroupRow, "errors" | "latencyMs"> {
  const timed = totals.timed(group);
  const maxUs = totals.latencyMax(group);
  const errors = { "4xx": totals.clientErrors(group), "5xx": totals.serverErrors(group) };
  if (timed === 0 || percentiles === null) return { errors, latencyMs: null };
  const ms = (p: number): number => Math.min(percentiles.percentile(group, p, timed), maxUs) / 1e3;
  const sum = totals.latencySum(group) / 1e3;
  return { errors, latencyMs: { p50: ms(P.p50), p90: ms(P.p90), p99: ms(P.p99), max: maxUs / 1e3, sum } };
}
