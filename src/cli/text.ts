/** Values as people read them in headless tables. */
import { clockSeconds, clockTime, dateOf, dateTime, parseTime, zoneName, type TimeZone } from "../models/times.ts";

/** ISO time → `2026-11-21 00:09:31`; "" when there is none. */
export function secondTime(iso: string | null, zone: TimeZone): string {
  const ms = parseTime(iso);
  return Number.isNaN(ms) ? "" : dateTime(ms, zone).slice(0, 19);
}

/** Times of one answer: those of a single day are told by the clock, and the day once, in the title. */
export interface Times {
  /** To the second, "" when there is none. */
  second(iso: string | null): string;
  /** To the millisecond. */
  exact(iso: string | null): string;
  /** The title with the day, or with the clock the times are of. */
  titled(title: string): string;
}

export function timesOf(all: readonly (string | null)[], zone: TimeZone): Times {
  const known = all.map(parseTime).filter((ms) => !Number.isNaN(ms));
  const days = new Set(known.map((ms) => dateOf(ms, zone)));
  const [first = Number.NaN] = known;
  const isOneDay = days.size === 1;
  const ofZone = Number.isNaN(first) ? "" : zoneName(first, zone);
  return {
    second(iso) {
      if (Number.isNaN(parseTime(iso))) return "";
      return isOneDay ? clockSeconds(parseTime(iso), zone) : secondTime(iso, zone);
    },
    exact: (iso) => (isOneDay ? clockTime(parseTime(iso), zone) : dateTime(parseTime(iso), zone)),
    titled: (title) =>
      ofZone === "" ? title : `${title}, ${isOneDay ? `${[...days][0] ?? ""} ${ofZone}` : `times in ${ofZone}`}`,
  };
}

/** Column title that says which clock its times are of. */
export function timeTitle(title: string, zone: TimeZone): string {
  return zone === "utc" ? `${title} (UTC)` : title;
}
