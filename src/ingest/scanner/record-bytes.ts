import { HASH_START, hashEnd, hashStep } from "../../index/byte-hash.ts";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACE = 0x7d;
const CLOSE_BRACKET = 0x5d;

/** Readers look at up to this many bytes behind a record. */
export const READ_AHEAD = 64;

/**
 * The memory a record lies in, with steps through JSON that need no JS string. Positions are bytes in the whole
 * ArrayBuffer. Tests of four bytes at once: `(w - 0x01010101) & ~w & 0x80808080` has its lowest bit in the first byte of
 * w that is zero (bits above may be wrong).
 */
export class RecordBytes {
  bytes = new Uint8Array(READ_AHEAD);
  view: DataView = new DataView(this.bytes.buffer);
  /** Where the record ends; steps beyond it fail. */
  end = 0;
  /** Results of string(): hashBytes over the raw bytes, and whether they may differ from the text (escapes, non-ASCII). */
  hash = 0;
  isPlain = true;
  private scratch = new Uint8Array(0);

  /** Position of buffer[start] after attaching. The record is copied when it ends too close to its memory's end. */
  attach(buffer: Uint8Array, start: number, end: number): number {
    const memory = buffer.buffer;
    if (buffer.byteOffset + end + READ_AHEAD > memory.byteLength) return this.attachCopy(buffer, start, end);
    if (this.bytes.buffer !== memory) {
      this.bytes = new Uint8Array(memory as ArrayBuffer);
      this.view = new DataView(memory);
    }
    this.end = buffer.byteOffset + end;
    return buffer.byteOffset + start;
  }

  private attachCopy(buffer: Uint8Array, start: number, end: number): number {
    const length = end - start;
    if (this.scratch.length < length + READ_AHEAD) this.scratch = new Uint8Array((length + READ_AHEAD) * 2);
    this.scratch.set(buffer.subarray(start, end));
    this.scratch.fill(0, length, length + READ_AHEAD);
    this.bytes = this.scratch;
    this.view = new DataView(this.scratch.buffer);
    this.end = length;
    return 0;
  }

  /** Position of the quote that closes the string whose content starts at `at`; −1 when there is none. Sets hash, isPlain. */
  string(at: number): number {
    const { view } = this;
    let state = HASH_START;
    let unusual = 0;
    for (let p = at; p < this.end; p += 4) {
      const word = view.getInt32(p, true);
      const quotes = word ^ 0x22222222;
      const slashes = word ^ 0x5c5c5c5c;
      const stops = (((quotes - 0x01010101) & ~quotes) | ((word - 0x20202020) & ~word)) & 0x80808080;
      if (stops === 0) {
        unusual |= ((slashes - 0x01010101) & ~slashes) | word;
        state = hashStep(state, word);
        continue;
      }
      const before = (31 - Math.clz32(stops & -stops)) >>> 3;
      const quote = p + before;
      if (quote >= this.end || this.bytes[quote] !== QUOTE) return -1;
      if (before > 0) {
        const part = word & ((1 << (before << 3)) - 1);
        unusual |= (((slashes - 0x01010101) & ~slashes) | word) & ((1 << (before << 3)) - 1);
        state = hashStep(state, part);
      }
      this.isPlain = (unusual & 0x80808080) === 0;
      if (!this.isPlain && this.bytes[quote - 1] === BACKSLASH && this.isEscaped(quote, at)) {
        const close = this.skipString(at);
        if (close < 0) return -1;
        this.hashSpan(at, close - 1);
        return close - 1;
      }
      this.hash = hashEnd(state, quote - at);
      return quote;
    }
    return -1;
  }

  /** Sets hash to hashBytes over [start, end). */
  hashSpan(start: number, end: number): void {
    const { view } = this;
    let state = HASH_START;
    let p = start;
    for (const last = end - 4; p <= last; p += 4) state = hashStep(state, view.getInt32(p, true));
    if (p < end) state = hashStep(state, view.getInt32(p, true) & ((1 << ((end - p) << 3)) - 1));
    this.hash = hashEnd(state, end - start);
  }

  /** Position behind the JSON value at `at`, −1 when it does not end in the record. Checks nesting and strings, not syntax. */
  value(at: number): number {
    const { bytes, end } = this;
    let first = bytes[at] as number;
    if (first === QUOTE) return this.skipString(at + 1);
    if (first !== OPEN_BRACE && first !== OPEN_BRACKET) {
      let p = at;
      while (p < end && first !== 0x2c && first !== CLOSE_BRACE && first !== CLOSE_BRACKET)
        first = bytes[++p] as number;
      return p < end && p > at ? p : -1;
    }
    let depth = 1;
    for (let p = at + 1; p < end;) {
      const byte = bytes[p++] as number;
      if (byte === QUOTE) {
        p = this.skipString(p);
        if (p < 0) return -1;
      } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
        depth++;
      } else if ((byte === CLOSE_BRACE || byte === CLOSE_BRACKET) && --depth === 0) {
        return p;
      }
    }
    return -1;
  }

  /** Position behind the closing quote of the string whose content starts at `at`, −1 when there is none. */
  skipString(at: number): number {
    const { view, end } = this;
    for (let p = at; p < end;) {
      const word = view.getInt32(p, true);
      const quotes = word ^ 0x22222222;
      const slashes = word ^ 0x5c5c5c5c;
      const stops = (((quotes - 0x01010101) & ~quotes) | ((slashes - 0x01010101) & ~slashes)) & 0x80808080;
      if (stops === 0) {
        p += 4;
        continue;
      }
      p += (31 - Math.clz32(stops & -stops)) >>> 3;
      if (this.bytes[p] === QUOTE) return p < end ? p + 1 : -1;
      p += 2;
    }
    return -1;
  }

  /** Whether the quote at `quote` belongs to the string's content: an odd number of backslashes precedes it. */
  private isEscaped(quote: number, from: number): boolean {
    let p = quote - 1;
    while (p >= from && this.bytes[p] === BACKSLASH) p--;
    return (quote - 1 - p) % 2 === 1;
  }

  /** The bytes as text; of raw JSON string content this is what stands between the quotes. */
  text(start: number, end: number): string {
    return Buffer.from(this.bytes.buffer, this.bytes.byteOffset + start, end - start).toString("utf8");
  }
}
