const SHAPE = /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:[Zz]|([+-])(\d\d):?(\d\d))?$/;

/**
 * µs since the epoch of an RFC 3339 time; finer digits are cut. A space instead of T and a missing zone (then UTC) are
 * accepted, as written by exports of log stores. NaN for anything else.
 */
export function parseTimestamp(text: string): number {
  const match = SHAPE.exec(text);
  if (match === null) return Number.NaN;
  const [, year, month, day, hour, minute, second, fraction, sign, offsetHours, offsetMinutes] = match;
  const days = daysSinceEpoch(Number(year), Number(month), Number(day));
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 60) return Number.NaN;
  let seconds = days * 86_400 + Number(hour) * 3600 + Number(minute) * 60 + Number(second);
  if (sign !== undefined) {
    const ahead = Number(offsetHours) * 3600 + Number(offsetMinutes) * 60;
    seconds += sign === "+" ? -ahead : ahead;
  }
  return seconds * 1e6 + (fraction === undefined ? 0 : Number(fraction.slice(0, 6).padEnd(6, "0")));
}

/** NaN for days that don't exist. */
export function daysSinceEpoch(year: number, month: number, day: number): number {
  const ms = Date.UTC(2000, month - 1, day);
  if (month < 1 || month > 12 || day < 1 || Number.isNaN(ms)) return Number.NaN;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day
    ? Math.round(date.getTime() / 86_400_000)
    : Number.NaN;
}
