import { parseTime } from "../models/times.ts";
import type { Selection, TimeWindow } from "../queries/contract.ts";
import { splitTimes } from "../queries/filter-times.ts";
import { intersection, isUnbounded } from "../queries/time-window.ts";
import type { TimeReference } from "../queries/time-value.ts";
import type { PaneContext } from "./contract.ts";
import { referenceMs } from "./time-column.ts";

/** What times on this screen count from. Whole seconds while following, so that a live tail does not ask anew all the time. */
export function timeReference(context: PaneContext): TimeReference {
  const ms = referenceMs(context);
  const isFollowing = context.status.phase === "following";
  return { referenceUs: isFollowing ? Math.floor(ms / 1_000) * 1e6 : ms * 1_000, zone: context.app.timeZone };
}

/** The time that is shown, by the window or by since: and until: in the filter, and the filter without it. */
export function ownTime(context: PaneContext): Selection {
  const split = splitTimes(context.filter, timeReference(context));
  const window = intersection(context.window ?? {}, split.window);
  return isUnbounded(window) ? { filter: split.filter } : { filter: split.filter, window };
}

/** What of a time is inside the window of the screen. */
export function windowWithin({ window }: Pick<PaneContext, "window">, time: TimeWindow): TimeWindow {
  return intersection(window ?? {}, time);
}

/** The log's own span, µs; NaN when it is empty. */
export function logSpan({ status }: PaneContext): { readonly fromUs: number; readonly toUs: number } {
  return { fromUs: parseTime(status.from) * 1_000, toUs: parseTime(status.to) * 1_000 };
}

/** What of the log is shown, ms; NaN when it is empty. */
export interface ShownTime {
  readonly fromMs: number;
  readonly toMs: number;
}

export function shownTime(context: PaneContext): ShownTime {
  const log = logSpan(context);
  const { fromUs = log.fromUs, toUs = log.toUs } = ownTime(context).window ?? {};
  return { fromMs: Math.max(log.fromUs, fromUs) / 1_000, toMs: Math.min(log.toUs, toUs) / 1_000 };
}
