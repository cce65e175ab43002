import type { TimeWindow } from "./contract.ts";

/** The time in both; {} is all of it. */
export function intersection(a: TimeWindow = {}, b: TimeWindow = {}): TimeWindow {
  const fromUs = Math.max(a.fromUs ?? Number.NEGATIVE_INFINITY, b.fromUs ?? Number.NEGATIVE_INFINITY);
  const toUs = Math.min(a.toUs ?? Number.POSITIVE_INFINITY, b.toUs ?? Number.POSITIVE_INFINITY);
  return { ...(Number.isFinite(fromUs) ? { fromUs } : {}), ...(Number.isFinite(toUs) ? { toUs } : {}) };
}

export function isUnbounded({ fromUs, toUs }: TimeWindow): boolean {
  return fromUs === undefined && toUs === undefined;
}
