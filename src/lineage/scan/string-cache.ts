import { sameBytes, type Latin1Bytes } from "./shape.ts";

const SLOTS = 8_192;
/** Longer strings are rarely met twice. */
const MAX_CACHED = 64;

/** Strings met again and again (names, uids, phases) are made once: a hit costs a third of making one. */
export class StringCache {
  private readonly bytes: (Uint8Array | undefined)[] = Array.from({ length: SLOTS });
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
    const known = this.bytes[slot];
    if (known !== undefined && sameBytes(known, buffer, start, end)) return this.texts[slot] as string;
    const text = buffer.latin1Slice(start, end);
    this.bytes[slot] = Uint8Array.prototype.slice.call(buffer, start, end);
    this.texts[slot] = text;
    return text;
  }
}

function decode(buffer: Latin1Bytes, start: number, end: number): string {
  return JSON.parse(buffer.toString("utf8", start - 1, end + 1)) as string;
}
