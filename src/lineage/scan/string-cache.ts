import { HASH_START, hashStep, sameBytes } from "./shape.ts";

const SLOTS = 8_192;
/** Longer strings are rarely met twice. */
const MAX_CACHED = 64;

/** Strings met again and again (names, uids, phases) are made once: a hit costs a third of making one. */
export class StringCache {
  private readonly bytes: (Uint8Array | undefined)[] = Array.from({ length: SLOTS });
  private readonly texts: string[] = Array.from({ length: SLOTS }, () => "");

  /** Text of the inside of a JSON string. */
  take(buffer: Buffer, start: number, end: number): string {
    let hash = HASH_START;
    for (let at = start; at < end; at += 1) {
      const byte = buffer[at] as number;
      if (byte === 0x5c || byte > 0x7f) return decode(buffer, start, end);
      if (at - start < MAX_CACHED) hash = hashStep(hash, byte);
    }
    if (end - start > MAX_CACHED) return buffer.toString("latin1", start, end);
    const slot = (hash ^ (hash >>> 13)) & (SLOTS - 1);
    const known = this.bytes[slot];
    if (known !== undefined && sameBytes(known, buffer, start, end)) return this.texts[slot] as string;
    const text = buffer.toString("latin1", start, end);
    this.bytes[slot] = Uint8Array.prototype.slice.call(buffer, start, end);
    this.texts[slot] = text;
    return text;
  }
}

function decode(buffer: Buffer, start: number, end: number): string {
  return JSON.parse(buffer.toString("utf8", start - 1, end + 1)) as string;
}
