import { parseTimestamp } from "./timestamps.ts";

const ZERO = 0x30;

/** "2026-11-21T00:02:26.760834Z", as the API server writes it, from bytes. */
export const TIMESTAMP_BYTES = 27;

/** Reads such times; the minute before this one is usually the same, so it is parsed once. */
export class TimestampReader {
  private firstHalf = 0;
  private secondHalf = 0;
  private minuteUs = Number.NaN;

  /** µs since the epoch; NaN when the 27 bytes at `at` are not exactly of that form (nothing is said of other forms). */
  read(view: DataView, bytes: Uint8Array, at: number): number {
    const firstHalf = view.getFloat64(at, true);
    const secondHalf = view.getFloat64(at + 8, true);
    if (firstHalf !== this.firstHalf || secondHalf !== this.secondHalf) {
      this.minuteUs = parseTimestamp(`${Buffer.from(bytes.buffer, bytes.byteOffset + at, 16).toString("latin1")}:00Z`);
      this.firstHalf = firstHalf;
      this.secondHalf = secondHalf;
    }
    if (bytes[at + 10] !== 0x54 || bytes[at + 16] !== 0x3a || bytes[at + 19] !== 0x2e || bytes[at + 26] !== 0x5a) {
      return Number.NaN;
    }
    const seconds = digits(bytes, at + 17, 2);
    const micros = digits(bytes, at + 20, 6);
    return seconds < 0 || seconds > 60 || micros < 0 ? Number.NaN : this.minuteUs + seconds * 1_000_000 + micros;
  }
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
