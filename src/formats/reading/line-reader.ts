import type { RecordSink } from "../../ingest/contract.ts";
import { MAX_RECORD_BYTES } from "../contract.ts";
import { jsonEnd } from "../shape/json-bytes.ts";
import { sampleText } from "../shape/sample-text.ts";
import { Carry } from "./carry.ts";
import { BARE } from "./contract.ts";
import { Beginning } from "./fragment.ts";
import { PrefixedLines } from "./prefixed-lines.ts";
import type { Unwrapper } from "./unwrapper.ts";

const NEWLINE = 0x0a;
const RECORD_SEPARATOR = 0x1e;
const BRACE = 0x7b;
const BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const QUOTE = 0x22;
const COMMA = 0x2c;
/** JSON lines longer than this that do not begin as events do are read as documents: lists of any length. */
const LONG_LINE_BYTES = 1024 * 1024;
/** So many raw NULs are no part of a line that goes on behind them. */
const PADDING = Buffer.alloc(64);
/** As the API server begins every event. */
const EVENT_HEAD = Buffer.from('{"kind":"Event","apiVersion":"audit.k8s.io/');

/** A line that is not to be read by itself, and what follows it neither. */
interface Handover {
  /** Where the line begins in the chunk; in the carry when it began in an earlier chunk. */
  readonly start: number;
  readonly isCarried: boolean;
  readonly offset: number;
}

/** Whether a line, bytes[start, end) without its newline, begins something that is not read in lines. */
type BeginsOther = (bytes: Buffer, start: number, end: number, offset: number) => boolean;

/**
 * One record a line. A line that starts with `{` goes to the sink unparsed and, when it lies within one chunk,
 * uncopied; everything else is looked at behind its prefix. Raw NULs end a line as newlines do: a crash leaves them.
 */
export class LineReader {
  #handover: Handover | null = null;
  readonly #sink: RecordSink;
  readonly #open: Unwrapper;
  readonly #beginsOther: BeginsOther;
  readonly #carry = new Carry();
  readonly #prefixed: PrefixedLines;
  readonly #beginning: Beginning;
  /** Absolute offset of the next byte to be pushed. */
  #offset: number;

  constructor(sink: RecordSink, open: Unwrapper, baseOffset: number, beginsOther: BeginsOther) {
    this.#sink = sink;
    this.#open = open;
    this.#offset = baseOffset;
    this.#beginsOther = beginsOther;
    this.#prefixed = new PrefixedLines(open, baseOffset === 0);
    this.#beginning = new Beginning(open);
    if (baseOffset > 0) this.#beginning.close();
  }

  get consumedOffset(): number {
    return this.#prefixed.pendingOffset ?? this.#offset - this.#carry.total;
  }

  /** Whether push() or end() stopped at a line that somebody else has to read. */
  get isHandingOver(): boolean {
    return this.#handover !== null;
  }

  /** Where the line handed over begins, and its beginning when that is not in the chunk any more. */
  takeHandover(): { readonly offset: number; readonly carried: Buffer | null } {
    const { start, isCarried, offset } = this.#handover as Handover;
    const { bytes, length } = this.#carry;
    const carried = isCarried ? Buffer.from(bytes.subarray(start, length)) : null;
    this.#handover = null;
    this.#carry.clear();
    return { offset, carried };
  }

  /** Somebody else read up to this offset, where a line begins. */
  resume(offset: number): void {
    this.#offset = offset;
    this.#beginning.close();
  }

  /** A message that was found otherwise than by its line's end. */
  message(bytes: Buffer, start: number, end: number, offset: number): void {
    this.#beginning.close();
    if (this.#prefixed.line(bytes, start, end, offset)) return;
    this.#open.reject("bad", offset, end - start, "not JSON", sampleText(bytes, start, end));
  }

  /** Returns how many bytes of the chunk were read: all, unless there is a handover. */
  push(bytes: Buffer): number {
    const base = this.#offset;
    let position = 0;
    while (position < bytes.length && this.#handover === null) {
      position = this.#carry.total > 0 ? this.#goOn(bytes, position, base) : this.#lines(bytes, position, base);
    }
    const handover = this.#handover as Handover | null;
    if (handover !== null && !handover.isCarried) position = handover.start;
    this.#offset = base + position;
    return position;
  }

  /** Reads lines that begin in the chunk; returns where to go on. */
  #lines(bytes: Buffer, from: number, base: number): number {
    let position = from;
    const line = (start: number, end: number): boolean => this.#rawLine(bytes, start, end, base + start);
    while (position < bytes.length) {
      if (this.#beginning.isOver) {
        position = this.#sink.lines?.(bytes, position, bytes.length, base + position, line) ?? position;
        if (this.#handover !== null) return position;
      }
      const newline = bytes.indexOf(NEWLINE, position);
      if (newline < 0) break;
      line(position, newline);
      position = newline + 1;
      if (this.#handover !== null) return position;
    }
    return this.#keep(bytes, position, base);
  }

  /** The rest of the chunk has no newline. */
  #keep(bytes: Buffer, from: number, base: number): number {
    let start = from;
    // Padding of any length costs nothing.
    while (start < bytes.length && (bytes[start] as number) <= 0x20) start += 1;
    if (start === bytes.length) return start;
    const nul = bytes.indexOf(PADDING, start);
    if (nul >= 0) {
      this.#rawLine(bytes, start, nul, base + start);
      return nul + 1;
    }
    this.#carry.append(bytes, start, bytes.length);
    return this.#handLongOver(bytes.length, base);
  }

  /** Goes on with the line whose beginning is in the carry. */
  #goOn(bytes: Buffer, from: number, base: number): number {
    const newline = bytes.indexOf(NEWLINE, from);
    const nul = newline < 0 ? bytes.indexOf(PADDING, from) : -1;
    const end = nul >= 0 ? nul : newline;
    const carry = this.#carry;
    carry.append(bytes, from, end < 0 ? bytes.length : end);
    if (end < 0) return this.#handLongOver(bytes.length, base);
    const start = base + end - carry.total;
    if (carry.isOverlong) this.#overlong(start);
    else this.#rawLine(carry.bytes, 0, carry.length, start);
    // The newline goes with the line.
    if (this.#handover !== null) return end;
    carry.clear();
    return end + 1;
  }

  /** The carried line may be too long to wait for its end. */
  #handLongOver(position: number, base: number): number {
    const { total, bytes, length } = this.#carry;
    if (length === total && isLongDocument(bytes, 0, length)) {
      this.#handover = { start: 0, isCarried: true, offset: base + position - total };
    }
    return position;
  }

  end(): void {
    const carry = this.#carry;
    if (carry.total > 0) {
      const start = this.#offset - carry.total;
      if (carry.isOverlong) this.#overlong(start);
      else this.#lastLine(start);
      if (this.#handover !== null) return;
      carry.clear();
    }
    this.#beginning.close();
    this.#prefixed.end();
  }

  #overlong(start: number): void {
    const { bytes, length, total } = this.#carry;
    const reason = `longer than ${MAX_RECORD_BYTES / 1024 / 1024} MiB`;
    this.#open.reject("bad", start, total, reason, sampleText(bytes, 0, length));
  }

  /** Without a newline the last line counts as written only when its JSON is complete; of a list what is there is read. */
  #lastLine(start: number): void {
    const { bytes, length } = this.#carry;
    const line = bytes.subarray(0, length);
    const brace = line.indexOf(BRACE);
    const isOwn =
      brace >= 0 && line.subarray(0, brace).every((byte) => byte <= 0x20) && !isEventHead(bytes, brace, length);
    const value = line[0] === QUOTE ? 0 : brace;
    const isCutShort = brace >= 0 && !isOwn && jsonEnd(bytes, value, length) < 0 && line.indexOf(0) < 0;
    if (!isCutShort || line[0] === BRACKET) this.#rawLine(bytes, 0, length, start);
    else this.#open.reject("truncated", start, length, "the last line is cut short", sampleText(bytes, 0, length));
  }

  /** A line as it lies between two newlines: padding may be in it. False: the rest is not to be read in lines. */
  #rawLine(bytes: Buffer, lineStart: number, lineEnd: number, offset: number): boolean {
    const nul = bytes.subarray(lineStart, lineEnd).indexOf(0);
    if (nul < 0) return this.#line(bytes, lineStart, lineEnd, offset);
    for (let from = lineStart; from < lineEnd;) {
      const at = bytes.subarray(from, lineEnd).indexOf(0);
      const to = at < 0 ? lineEnd : from + at;
      if (!this.#line(bytes, from, to, offset + (from - lineStart))) return false;
      for (from = to; from < lineEnd && bytes[from] === 0;) from += 1;
    }
    return true;
  }

  #line(bytes: Buffer, lineStart: number, lineEnd: number, offset: number): boolean {
    let start = lineStart;
    let end = lineEnd;
    // White space, and the CR of CRLF.
    while (end > start && (bytes[end - 1] as number) <= 0x20) end -= 1;
    while (start < end && ((bytes[start] as number) <= 0x20 || bytes[start] === RECORD_SEPARATOR)) start += 1;
    if (start === end) return true;
    if (bytes[start] === 0xef && bytes[start + 1] === 0xbb && bytes[start + 2] === 0xbf) {
      start += 3;
      if (start >= end) return true;
    }
    const at = offset + (start - lineStart);
    if (!this.#beginning.isOver && this.#beginning.takes(bytes, start, end, at)) return true;
    const first = bytes[start];
    if (first === BRACE || (first === BRACKET && isArrayHead(bytes, start, end))) {
      this.#beginning.close();
      const isRead =
        !isLongDocument(bytes, start, end) && this.#open.record(bytes, start, end, at, end - start, BARE, true);
      return isRead || this.#handOver(bytes, start, at);
    }
    if (this.#beginsOther(bytes, start, end, at)) {
      this.#beginning.close();
      return this.#handOver(bytes, start, at);
    }
    // Untrimmed: a split line may end in a space that belongs to a string.
    if (this.#prefixed.line(bytes, start, lineEnd, at)) {
      this.#beginning.close();
    } else if (this.#beginning.isOver || !this.#beginning.begins(bytes, start, end, at)) {
      this.#beginning.close();
      this.#open.reject("bad", at, end - start, "not JSON", sampleText(bytes, start, end));
    }
    return true;
  }

  #handOver(bytes: Buffer, start: number, offset: number): false {
    this.#handover = { start, isCarried: bytes === this.#carry.bytes, offset };
    return false;
  }
}

function isEventHead(bytes: Buffer, start: number, end: number): boolean {
  const headEnd = start + EVENT_HEAD.length;
  return headEnd <= end && bytes.compare(EVENT_HEAD, 0, EVENT_HEAD.length, start, headEnd) === 0;
}

/** `[` followed by an entry, its end or the line's: an array, not a bracketed log prefix. */
function isArrayHead(bytes: Uint8Array, start: number, end: number): boolean {
  let next = start + 1;
  while (next < end && (bytes[next] as number) <= 0x20) next += 1;
  const c = bytes[next];
  if (next === end || c === BRACE || c === BRACKET || c === CLOSE_BRACKET || c === QUOTE) return true;
  // A number or a word may be a time or a name, too.
  return bytes[end - 1] === CLOSE_BRACKET && bytes.subarray(next, end).includes(COMMA);
}

/** Whether the line is a list or the like, which is not kept as a whole. */
function isLongDocument(bytes: Buffer, start: number, end: number): boolean {
  if (end - start <= LONG_LINE_BYTES) return false;
  const first = bytes[start];
  if (first !== BRACE && first !== BRACKET) return false;
  return !isEventHead(bytes, start, end);
}
