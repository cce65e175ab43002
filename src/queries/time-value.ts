/** What `since:` and `until:` take, and the same for --since and --until. */

/** Where relative times count from. */
export interface TimeReference {
  /** µs since the epoch: now when following, else the last event. */
  readonly referenceUs: number;
  /** For dates and clock times without an offset. */
  readonly zone: "local" | "utc";
}

export const DURATION_UNITS: Readonly<Record<string, number>> = {
  ns: 1e-3,
  us: 1,
  µs: 1,
  μs: 1,
  ms: 1e3,
  s: 1e6,
  m: 60e6,
  h: 3_600e6,
  d: 86_400e6,
  w: 604_800e6,
};
export const DURATION = /^(?:\d+(?:\.\d+)?(?:ns|us|µs|μs|ms|s|m|h|d|w))+$/;
export const DURATION_PART = /(\d+(?:\.\d+)?)(ns|us|µs|μs|ms|s|m|h|d|w)/g;

/** `500ms`, `1h30m`, `28.677µs` → µs; null when it is no duration. */
export function parseDuration(text: string): number | null {
  if (text.length > 64 || !DURATION.test(text)) return null;
  let us = 0;
  for (const [, amount = "", unit = ""] of text.matchAll(DURATION_PART))
    us += Number(amount) * (DURATION_UNITS[unit] ?? 0);
  return us;
}

const DAY_US = 86_400e6;

const RELATIVE = /^(?:now(?:-(?<ago>.+))?|(?<bare>\d.*))$/;
const CLOCK = /^(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?$/;
const DATE = /^(\d{4})-(\d{2})-(\d{2})(?:[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(Z|z|[+-]\d{2}:?\d{2})?)?$/;

/** µs since the epoch; null when `text` is no time. A clock time is the last such moment up to the reference. */
export function resolveTime(text: string, { referenceUs, zone }: TimeReference): number | null {
  const date = DATE.exec(text);
  if (date !== null) return dateUs(date, zone);
  const clock = CLOCK.exec(text);
  if (clock !== null) return clockUs(clock, referenceUs, zone);
  const relative = RELATIVE.exec(text);
  if (relative === null) return null;
  const ago = relative.groups?.["ago"] ?? relative.groups?.["bare"];
  const durationUs = ago === undefined ? 0 : parseDuration(ago);
  return durationUs === null ? null : referenceUs - durationUs;
}

/**
 * The same for the ends of a time: `until:` a clock time is the one nearest to the reference, so that a moment after the end of
 * the log is no day early.
 */
export function resolveBound(bound: "since" | "until", text: string, time: TimeReference): number | null {
  const us = resolveTime(text, time);
  if (us === null || bound === "since" || !CLOCK.test(text)) return us;
  const next = resolveTime(text, { ...time, referenceUs: us + 1.5 * DAY_US }) ?? us;
  return next - time.referenceUs < time.referenceUs - us ? next : us;
}

/** Whether `text` is a time at all, whatever the reference. */
export function isTime(text: string): boolean {
  return resolveTime(text, { referenceUs: 0, zone: "utc" }) !== null;
}

function micros(fraction: string | undefined): number {
  return fraction === undefined ? 0 : Math.trunc(Number(`0.${fraction}`) * 1e6 + 1e-6);
}

function dateUs(match: RegExpExecArray, zone: TimeReference["zone"]): number | null {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map((part) => Number(part ?? 0));
  const utc = Date.UTC(year, month - 1, day, hour, minute, second);
  const read = new Date(utc);
  // 2026-02-31 or 25:00 would roll over silently.
  if (read.getUTCMonth() !== month - 1 || read.getUTCDate() !== day || hour > 23 || minute > 59 || second > 59)
    return null;
  const offset = match[8];
  const fraction = micros(match[7]);
  if (offset === undefined)
    return (zone === "utc" ? utc : localMs(year, month, day, hour, minute, second)) * 1e3 + fraction;
  if (offset.toUpperCase() === "Z") return utc * 1e3 + fraction;
  const [hours, minutes] = [Number(offset.slice(1, 3)), Number(offset.slice(-2))];
  const shift = (offset.startsWith("-") ? -1 : 1) * (hours * 60 + minutes) * 60_000;
  return (utc - shift) * 1e3 + fraction;
}

function localMs(year: number, month: number, day: number, hour: number, minute: number, second: number): number {
  return new Date(year, month - 1, day, hour, minute, second).getTime();
}

function clockUs(match: RegExpExecArray, referenceUs: number, zone: TimeReference["zone"]): number | null {
  const [hour = 0, minute = 0, second = 0] = match.slice(1, 4).map((part) => Number(part ?? 0));
  if (hour > 23 || minute > 59 || second > 59) return null;
  const reference = new Date(referenceUs / 1e3);
  const at = (daysBack: number): number => {
    if (zone === "utc") {
      const day = Date.UTC(reference.getUTCFullYear(), reference.getUTCMonth(), reference.getUTCDate() - daysBack);
      return (day + ((hour * 60 + minute) * 60 + second) * 1e3) * 1e3 + micros(match[4]);
    }
    const day = reference.getDate() - daysBack;
    return (
      localMs(reference.getFullYear(), reference.getMonth() + 1, day, hour, minute, second) * 1e3 + micros(match[4])
    );
  };
  return at(0) <= referenceUs ? at(0) : at(1);
}
