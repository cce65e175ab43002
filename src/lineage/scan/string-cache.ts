import type { Latin1Bytes } from "./shape.ts";

const SLOTS = 8_192;
/** Longer strings are rarely met twice. */
const MAX_CACHED = 64;

/** Strings met again and again (names, uids, phases) are made once: a hit costs a third of making one. */
export class StringCache {
  /** Bytes of slot i from i × MAX_CACHED on; 512 KiB that are filled in place, so that a miss allocates no more than its text. */
  private readonly bytes = new Uint8Array(SLOTS * MAX_CACHED);
  private readonly lengths = new Uint8Array(SLOTS);
  private readonly texts: string[] = Array.from({ length: SLOTS }, () => "");

  /** Text of the inside of a JSON string; `plain`: ASCII without escapes. */
  take(buffer: Latin1Bytes, start: number, end: number, plain: boolean): string {
    if (!plain) return decode(buffer, start, end);
    const length = end - start;
    if (length === 0) return "";
    if (length > MAX_CACHED) return buffer.latin1Slice(start, end);
    // Names differ at their ends, uids anywhere: a few bytes of each tell enough.
    const mixed =
      length +
      (buffer[start] as number) * 31 +
      (buffer[end - 1] as number) * 1_021 +
      (buffer[start + (length >> 1)] as number) * 7_919 +
      (buffer[end - 1 - (length >> 3)] as number) * 50_021 +
      (buffer[start + (length >> 2)] as number) * 104_729 +
      (buffer[end - 1 - (length >> 2)] as number) * 1_299_709;
    const slot = (mixed ^ (mixed >>> 13)) & (SLOTS - 1);
    const { bytes } = this;
    const known = slot * MAX_CACHED;
    if (this.lengths[slot] === length) {
      let at = 0;
      while (at < length && bytes[known + at] === buffer[start + at]) at += 1;
      if (at === length) return this.texts[slot] as string;
    }
    const text = buffer.latin1Slice(start, end);
    for (let at = 0; at < length; at += 1) bytes[known + at] = buffer[start + at] as number;
    this.lengths[slot] = length;
    this.texts[slot] = text;
    return text;
  }
}

function decode(buffer: Latin1Bytes, start: number, end: number): string {
  return JSON.parse(buffer.toString("utf8", start - 1, end + 1)) as string;
}
