import { clockTime, dateTime, deltaTime, parseTime, relativeTime, zoneName } from "../models/times.ts";
import type { PaneContext } from "./contract.ts";

/** Times the way `t` chose: absolute with the zone in the title where it fits, distance, or difference from the row above. */
export interface TimeColumn {
  readonly title: string;
  /** Columns the text takes at most. */
  readonly width: number;
  /** `ms` since the epoch, NaN when unknown; `previousMs` is the row above. */
  text(ms: number, previousMs: number): string;
}

export function timeColumn(context: PaneContext, what = "time"): TimeColumn {
  const { timeMode, timeZone } = context.app;
  const reference = referenceMs(context);
  if (timeMode === "relative") return { title: "age", width: 12, text: (ms) => relativeTime(ms, reference) };
  if (timeMode === "delta") return { title: "after", width: 10, text: (ms, previous) => deltaTime(ms, previous) };
  const zone = zoneName(Number.isNaN(reference) ? context.nowMs : reference, timeZone);
  const zoned = `${what} ${zone}`;
  const shown = (width: number, text: TimeColumn["text"]): TimeColumn => ({
    title: zoned.length <= width ? zoned : what,
    width,
    text,
  });
  if (spansOneDay(context)) return shown(12, (ms) => clockTime(ms, timeZone));
  // Without the year and milliseconds where names need the room.
  if (context.width < 100) return shown(14, (ms) => dateTime(ms, timeZone).slice(5, 19));
  return shown(23, (ms) => dateTime(ms, timeZone));
}

/** Relative times count from now when following, else from the last request. */
export function referenceMs(context: PaneContext): number {
  return context.status.phase === "following" ? context.nowMs : parseTime(context.status.to);
}

export function spansOneDay(context: PaneContext): boolean {
  const from = parseTime(context.status.from);
  const to = parseTime(context.status.to);
  if (Number.isNaN(from) || Number.isNaN(to)) return true;
  const { timeZone } = context.app;
  return dateTime(from, timeZone).slice(0, 10) === dateTime(to, timeZone).slice(0, 10);
}

/** One moment in the chosen zone, without a row above it. */
export function moment(context: PaneContext, ms: number): string {
  if (context.app.timeMode === "relative") return relativeTime(ms, referenceMs(context));
  return spansOneDay(context)
    ? clockTime(ms, context.app.timeZone).slice(0, 8)
    : dateTime(ms, context.app.timeZone).slice(0, 19);
}
