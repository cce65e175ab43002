import { duration } from "./numbers.ts";

/** Moments as people read them. Milliseconds since the epoch in, text of a stable width out. */

export type TimeZone = "local" | "utc";

function parts(ms: number, zone: TimeZone): { date: string; time: string } {
  const shifted = zone === "utc" ? ms : ms - new Date(ms).getTimezoneOffset() * 60_000;
  const text = new Date(shifted).toISOString();
  return { date: text.slice(0, 10), time: text.slice(11, 23) };
}

function isShowable(ms: number | null): ms is number {
  return ms !== null && Number.isFinite(ms) && Math.abs(ms) <= 8.64e15 - 864e5;
}

/** 00:09:30.459 (12 columns); `-` when unknown. */
export function clockTime(ms: number | null, zone: TimeZone): string {
  return isShowable(ms) ? parts(ms, zone).time : "-";
}

/** 00:09:30 */
export function clockSeconds(ms: number | null, zone: TimeZone): string {
  return isShowable(ms) ? parts(ms, zone).time.slice(0, 8) : "-";
}

/** 2026-11-21 00:09:30.459 */
export function dateTime(ms: number | null, zone: TimeZone): string {
  if (!isShowable(ms)) return "-";
  const { date, time } = parts(ms, zone);
  return `${date} ${time}`;
}

export function dateOf(ms: number | null, zone: TimeZone): string {
  return isShowable(ms) ? parts(ms, zone).date : "-";
}

/** UTC, or the local offset at that moment: +02:00. */
export function zoneName(ms: number, zone: TimeZone): string {
  if (zone === "utc") return "UTC";
  const offset = Number.isFinite(ms) ? -new Date(ms).getTimezoneOffset() : 0;
  const sign = offset < 0 ? "-" : "+";
  const minutes = Math.abs(offset);
  return `${sign}${Math.floor(minutes / 60)
    .toString()
    .padStart(2, "0")}:${(minutes % 60).toString().padStart(2, "0")}`;
}

/** Distance to `referenceMs`: "3m05s ago", "now", "in 2.00 s". */
export function relativeTime(ms: number | null, referenceMs: number): string {
  if (!isShowable(ms)) return "-";
  const age = referenceMs - ms;
  if (Math.abs(age) < 0.5) return "now";
  return age > 0 ? `${duration(age)} ago` : `in ${duration(-age)}`;
}

/** Distance from the previous row: "+12.3 ms". */
export function deltaTime(ms: number | null, previousMs: number | null): string {
  if (!isShowable(ms) || !isShowable(previousMs)) return "-";
  const delta = ms - previousMs;
  return delta < 0 ? `-${duration(-delta)}` : `+${duration(delta)}`;
}

/** NaN for null and for what is no time. */
export function parseTime(iso: string | null): number {
  return iso === null ? Number.NaN : Date.parse(iso);
}
