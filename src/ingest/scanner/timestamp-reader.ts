import { daysSinceEpoch } from "./timestamps.ts";

const ZERO = 0x30;
const DAY_US = 86_400e6;

/** "2026-11-21T00:02:26.760834Z", as the API server writes it, from bytes. */
export const TIMESTAMP_BYTES = 27;

/** Reads such times; the day before this one is usually the same, so it is worked out once. */
export class TimestampReader {
  private yearMonth = 0;
  private day = 0;
  private dayUs = Number.NaN;

  /** µs since the epoch; NaN when the 27 bytes at `at` are not exactly of that form (nothing is said of other forms). */
  read(view: DataView, bytes: Uint8Array, at: number): number {
    const yearMonth = view.getFloat64(at, true);
    const day = view.getInt32(at + 8, true) & 0xffff;
    if (yearMonth !== this.yearMonth || day !== this.day) {
      this.dayUs = dayAt(bytes, at) * DAY_US;
      this.yearMonth = yearMonth;
      this.day = day;
    }
    const hours = digits(bytes, at + 11, 2);
    const minutes = digits(bytes, at + 14, 2);
    const seconds = digits(bytes, at + 17, 2);
    const micros = digits(bytes, at + 20, 6);
    if ((hours | minutes | seconds | micros) < 0 || hours > 23 || minutes > 59 || seconds > 60) return Number.NaN;
    if (
      bytes[at + 10] !== 0x54 ||
      bytes[at + 13] !== 0x3a ||
      bytes[at + 16] !== 0x3a ||
      bytes[at + 19] !== 0x2e ||
      bytes[at + 26] !== 0x5a
    ) {
      return Number.NaN;
    }
    return this.dayUs + (hours * 3600 + minutes * 60 + seconds) * 1_000_000 + micros;
  }
}

function dayAt(bytes: Uint8Array, at: number): number {
  if (bytes[at + 4] !== 0x2d || bytes[at + 7] !== 0x2d) return Number.NaN;
  const [year, month, day] = [digits(bytes, at, 4), digits(bytes, at + 5, 2), digits(bytes, at + 8, 2)];
  return (year | month | day) < 0 ? Number.NaN : daysSinceEpoch(year, month, day);
}

/** The decimal number of `count` digits; −1 when one of the bytes is no digit. */
function digits(bytes: Uint8Array, at: number, count: number): number {
  let value = 0;
  for (let i = at; i < at + count; i++) {
    const digit = (bytes[i] as number) - ZERO;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}
