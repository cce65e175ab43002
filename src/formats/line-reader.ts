import type { RecordReader, RecordSink } from "../ingest/contract.ts";
import { Carry } from "./carry.ts";
import { MAX_RECORD_BYTES } from "./contract.ts";
import { isEventListHead, splitRecord } from "./split-record.ts";
import { PrefixedLines } from "./prefixed-lines.ts";
import { jsonEnd } from "./json-bytes.ts";
import { sampleText } from "./sample-text.ts";

const NEWLINE = 0x0a;
const BRACE = 0x7b;
const BRACKET = 0x5b;

/**
 * One record a line. A line that starts with `{` goes to the sink unparsed and, when it lies within one chunk,
 * uncopied; EventList lines are split; everything else is looked at behind its prefix.
 */
export class LineReader implements RecordReader {
  readonly #sink: RecordSink;
  readonly #carry = new Carry();
  readonly #prefixed: PrefixedLines;
  /** Absolute offset of the next byte to be pushed. */
  #offset: number;

  constructor(sink: RecordSink, baseOffset: number) {
    this.#sink = sink;
    this.#offset = baseOffset;
    this.#prefixed = new PrefixedLines(sink);
  }

  get consumedOffset(): number {
    return this.#prefixed.pendingOffset ?? this.#offset - this.#carry.total;
  }

  get remembers(): boolean {
    return this.#prefixed.remembers;
  }

  push(chunk: Uint8Array): void {
    // Buffer.indexOf is a native memchr; on a plain Uint8Array it is a slower generic loop.
    const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
    const base = this.#offset;
    let position = 0;
    if (this.#carry.total > 0) {
      const newline = bytes.indexOf(NEWLINE);
      const end = newline < 0 ? bytes.length : newline;
      this.#carry.append(bytes, 0, end);
      if (newline < 0) {
        this.#offset = base + bytes.length;
        return;
      }
      this.#carried(base + end);
      position = newline + 1;
    }
    const line = (start: number, end: number): void => this.#line(bytes, start, end, base + start);
    while (position < bytes.length) {
      position = this.#sink.lines?.(bytes, position, bytes.length, base + position, line) ?? position;
      const newline = bytes.indexOf(NEWLINE, position);
      if (newline < 0) break;
      line(position, newline);
      position = newline + 1;
    }
    if (position < bytes.length) this.#carry.append(bytes, position, bytes.length);
    this.#offset = base + bytes.length;
  }

  end(): void {
    const carry = this.#carry;
    if (carry.total > 0) {
      if (carry.isOverlong) this.#carried(this.#offset);
      else this.#lastLine();
      carry.clear();
    }
    this.#prefixed.end();
  }

  /** The line that began in an earlier chunk and ends before absolute offset `end`. */
  #carried(end: number): void {
    const carry = this.#carry;
    const start = end - carry.total;
    if (carry.isOverlong) {
      const reason = `longer than ${MAX_RECORD_BYTES / 1024 / 1024} MiB`;
      this.#sink.reject("bad", start, carry.total, reason, sampleText(carry.bytes, 0, carry.length));
    } else {
      this.#line(carry.bytes, 0, carry.length, start);
    }
    carry.clear();
  }

  /** Without a newline the last line counts as written only when its JSON is complete. */
  #lastLine(): void {
    const { bytes, length } = this.#carry;
    const start = this.#offset - this.#carry.total;
    const brace = bytes.subarray(0, length).indexOf(BRACE);
    const isCutShort = brace >= 0 && jsonEnd(bytes, brace, length) < 0;
    if (!isCutShort) this.#line(bytes, 0, length, start);
    else this.#sink.reject("truncated", start, length, "the last line is cut short", sampleText(bytes, 0, length));
  }

  #line(bytes: Buffer, lineStart: number, lineEnd: number, offset: number): void {
    let start = lineStart;
    let end = lineEnd;
    // White space, the CR of CRLF, and the NULs a crash leaves behind.
    while (end > start && (bytes[end - 1] as number) <= 0x20) end -= 1;
    while (start < end && (bytes[start] as number) <= 0x20) start += 1;
    if (start === end) return;
    if (bytes[start] === 0xef && bytes[start + 1] === 0xbb && bytes[start + 2] === 0xbf) {
      start += 3;
      if (start >= end) return;
    }
    const first = bytes[start];
    const at = offset + (start - lineStart);
    if (first === BRACE && !isEventListHead(bytes, start, end)) {
      this.#sink.record(bytes, start, end, at, end - start);
    } else if (first === BRACE || (first === BRACKET && isArrayHead(bytes, start, end))) {
      splitRecord(bytes, start, end, at, this.#sink);
    } else {
      // Untrimmed: a split line may end in a space that belongs to a string.
      this.#prefixed.line(bytes, start, lineEnd, at);
    }
  }
}

/** `[` followed by `{`, `]` or `[`: an array on one line, not a bracketed log prefix. */
function isArrayHead(bytes: Uint8Array, start: number, end: number): boolean {
  let next = start + 1;
  while (next < end && (bytes[next] as number) <= 0x20) next += 1;
  const c = bytes[next];
  return c === BRACE || c === BRACKET || c === 0x5d;
}
