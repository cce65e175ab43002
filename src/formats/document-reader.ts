import type { RecordReader, RecordSink } from "../ingest/contract.ts";
import { Carry } from "./carry.ts";
import { MAX_RECORD_BYTES } from "./contract.ts";
import { ListFinder } from "./list-finder.ts";
import { sampleText } from "./sample-text.ts";

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const NEWLINE = 0x0a;
const OPEN_BRACE = 0x7b;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACE = 0x7d;
const CLOSE_BRACKET = 0x5d;

/** Deeper than any Kubernetes object; bounds what hostile nesting may cost. */
const MAX_DEPTH = 4096;

/** Bytes that end the quick walk through a string. A raw newline can not be in one: the record was cut short there. */
const STRING_STOPS = new Uint8Array(256);
STRING_STOPS[QUOTE] = STRING_STOPS[BACKSLASH] = STRING_STOPS[NEWLINE] = 1;

/** Inside a value; inside a string that began in an earlier chunk; in a line of garbage; looking for the next record. */
type Mode = "structure" | "string" | "garbage" | "recover";

/**
 * Splits arrays, lists and concatenated objects, on one line or many, into the objects they hold, with exact offsets
 * and without keeping more than one record. It proves balance, not validity: that is left to whoever reads the record.
 *
 * An *element* is a value at `#elementDepth`: a document at the top, or an entry of the innermost open list.
 */
export class DocumentReader implements RecordReader {
  readonly #sink: RecordSink;
  readonly #apiserver: string | undefined;
  readonly #carry = new Carry();
  /** Absolute offset of the first byte of the chunk being read; between chunks, of the next one. */
  #offset: number;
  #mode: Mode = "structure";

  /** Type of the container at each depth: its opening byte. */
  readonly #types = new Uint8Array(MAX_DEPTH + 2);
  #depth = 0;
  /** Last byte outside white space; the quote for strings. */
  #last = 0;
  /** The element depths outside the open lists, outermost first. */
  readonly #outer: number[] = [];
  #elementDepth = 0;
  /** Absolute offset of the element being read, -1 between elements and in objects that turned out to be lists. */
  #start = -1;
  readonly #list = new ListFinder();

  /** What the string being read is good for, and whether a chunk ended behind its backslash. */
  #role: "plain" | "member" | "element" = "plain";
  #isEscaped = false;

  /** Absolute offset of the first byte of the current line, and whether only white space was seen in it. */
  #lineStart: number;
  #isLineBlank = true;
  /** Where the line before began, and the one in which the element (or the rest of its object) did. */
  #previousLine = -1;
  #elementLine = -1;
  /** Column at which elements begin a line here: deeper lines are no place to resume. */
  #elementColumn = Infinity;
  #hasRecovered = false;

  constructor(sink: RecordSink, baseOffset: number, apiserver?: string) {
    this.#sink = sink;
    this.#offset = baseOffset;
    this.#lineStart = baseOffset;
    this.#apiserver = apiserver;
  }

  /** Documents don't end with their lines. */
  get remembers(): boolean {
    return true;
  }

  get consumedOffset(): number {
    return this.#start >= 0 ? this.#start : this.#offset;
  }

  push(chunk: Uint8Array): void {
    const size = chunk.length;
    let i = 0;
    while (i < size) {
      if (this.#mode === "structure") i = this.#structure(chunk, i);
      else if (this.#mode === "string") i = this.#string(chunk, i);
      else i = this.#skip(chunk, i);
    }
    if (this.#start >= 0) this.#carry.append(chunk, Math.max(0, this.#start - this.#offset), size);
    this.#offset += size;
  }

  end(): void {
    if (this.#mode === "garbage") {
      this.#rejectElement(this.#offset, "bad", "not JSON");
    } else if (this.#start >= 0) {
      this.#rejectElement(this.#offset, "truncated", "the last record is cut short");
    } else if (this.#depth > 0 && !this.#hasRecovered) {
      this.#sink.reject("truncated", this.#offset, 0, "the list ends before it is closed", "");
    }
    this.#carry.clear();
    this.#start = -1;
  }

  /** Reads from `from` outside strings; returns where another mode takes over, or the end of the chunk. */
  #structure(bytes: Uint8Array, from: number): number {
    const size = bytes.length;
    const types = this.#types;
    let depth = this.#depth;
    let last = this.#last;
    let isLineBlank = this.#isLineBlank;
    let elementDepth = this.#elementDepth;
    let i = from;
    while (i < size) {
      const c = bytes[i] as number;
      if (c <= 0x20) {
        if (c === NEWLINE) {
          this.#previousLine = this.#lineStart;
          this.#lineStart = this.#offset + i + 1;
          isLineBlank = true;
        }
        i += 1;
        continue;
      }
      if (c === QUOTE && (depth > elementDepth + 1 || (depth > elementDepth && !this.#list.mayBeList))) {
        // The bulk of the bytes: strings nothing depends on.
        let close = i + 1;
        for (;;) {
          while (close < size && STRING_STOPS[bytes[close] as number] === 0) close += 1;
          if (bytes[close] !== BACKSLASH) break;
          close += bytes[close + 1] === NEWLINE ? 1 : 2;
        }
        if (close < size && bytes[close] === QUOTE) {
          i = close + 1;
          last = QUOTE;
          isLineBlank = false;
          continue;
        }
      }
      this.#depth = depth;
      this.#last = last;
      this.#isLineBlank = isLineBlank;
      if (c === QUOTE) return this.#openString(bytes, i);
      if (c === OPEN_BRACE || c === OPEN_BRACKET) {
        if (!this.#open(bytes, i, c)) return i;
      } else if (c === CLOSE_BRACE || c === CLOSE_BRACKET) {
        if (depth === 0 || c !== (types[depth] as number) + 2)
          return this.#fail(bytes, i, "bad", "unbalanced brackets");
        this.#close(bytes, i);
      } else if (depth === elementDepth && c !== COMMA) {
        if (depth === 0) {
          // The byte order mark of a file.
          if (this.#offset + i < 3 && c >= 0x80) {
            i += 1;
            continue;
          }
          return this.#garbage(i);
        }
        if (last === COMMA || last === OPEN_BRACKET) {
          const at = this.#offset + i;
          this.#sink.reject("foreign", at, 1, "not an object", String.fromCharCode(c));
        }
      }
      depth = this.#depth;
      elementDepth = this.#elementDepth;
      last = c;
      isLineBlank = false;
      i += 1;
    }
    this.#depth = depth;
    this.#last = last;
    this.#isLineBlank = isLineBlank;
    return i;
  }

  /** An object or array opens at `i`; false when it can not, then the mode has changed. */
  #open(bytes: Uint8Array, i: number, c: number): boolean {
    const depth = this.#depth;
    if (depth >= MAX_DEPTH) {
      this.#fail(bytes, i, "bad", `nested deeper than ${MAX_DEPTH} levels`);
      this.#outer.length = 0;
      this.#depth = this.#elementDepth = 0;
      return false;
    }
    if (depth === this.#elementDepth) {
      if (c === OPEN_BRACKET) this.#openList();
      else this.#openElement(i);
    } else {
      const isAllowed =
        this.#types[depth] === OPEN_BRACE ? this.#last === COLON : this.#last === COMMA || this.#last === OPEN_BRACKET;
      const isElementPlace = this.#isLineBlank && this.#offset + i - this.#lineStart <= this.#elementColumn;
      // No printer breaks the line after a colon without indenting, or a second line when it kept all to the first.
      const isNext = isElementPlace && (this.#last === COLON || this.#elementLine === this.#previousLine);
      if (!isAllowed || isNext) {
        const reason = isElementPlace ? "cut short at the end of a line" : "not JSON";
        this.#fail(bytes, i, isElementPlace ? "truncated" : "bad", reason);
        return false;
      }
      if (c === OPEN_BRACKET && depth === this.#elementDepth + 1 && this.#list.isListNext) {
        this.#openList();
      }
    }
    this.#depth = depth + 1;
    this.#types[depth + 1] = c;
    return true;
  }

  /** The array that opens here is a list: its entries are elements, the object around it is not kept. */
  #openList(): void {
    this.#outer.push(this.#elementDepth);
    this.#elementDepth = this.#depth + 1;
    this.#elementColumn = Infinity;
    this.#start = -1;
    this.#carry.clear();
  }

  #openElement(i: number): void {
    const at = this.#offset + i;
    if (this.#isLineBlank) this.#elementColumn = at - this.#lineStart;
    this.#elementLine = this.#lineStart;
    this.#start = at;
    this.#list.begin();
  }

  #close(bytes: Uint8Array, i: number): void {
    if (this.#depth === this.#elementDepth) {
      this.#elementDepth = this.#outer.pop() as number;
      this.#elementLine = this.#lineStart;
      this.#elementColumn = Infinity;
      // Back in the object the list belongs to, if there is one: it may hold another list.
      this.#list.begin();
      this.#depth -= 1;
      return;
    }
    this.#depth -= 1;
    if (this.#depth === this.#elementDepth && this.#start >= 0) this.#emit(bytes, i + 1);
  }

  #emit(bytes: Uint8Array, end: number): void {
    const start = this.#start;
    const carry = this.#carry;
    this.#start = -1;
    if (carry.total === 0) {
      const first = start - this.#offset;
      this.#sink.record(bytes, first, end, start, end - first, this.#apiserver);
      return;
    }
    carry.append(bytes, 0, end);
    if (carry.isOverlong) {
      const reason = `longer than ${MAX_RECORD_BYTES / 1024 / 1024} MiB`;
      this.#sink.reject("bad", start, carry.total, reason, sampleText(carry.bytes, 0, carry.length));
    } else {
      this.#sink.record(carry.bytes, 0, carry.length, start, carry.length, this.#apiserver);
    }
    carry.clear();
  }

  #openString(bytes: Uint8Array, i: number): number {
    const isMember = this.#depth === this.#elementDepth + 1 && this.#types[this.#depth] === OPEN_BRACE;
    this.#role = "plain";
    if (this.#depth === this.#elementDepth) {
      if (this.#depth === 0) return this.#garbage(i);
      this.#start = this.#offset + i;
      this.#role = "element";
    } else if (isMember && this.#list.beginString(this.#last !== COLON)) {
      this.#role = "member";
    }
    this.#mode = "string";
    this.#isLineBlank = false;
    return this.#string(bytes, i + 1);
  }

  /** Reads on from `from` inside a string. */
  #string(bytes: Uint8Array, from: number): number {
    const size = bytes.length;
    let i = from;
    if (this.#isEscaped && i < size) {
      this.#isEscaped = false;
      if (bytes[i] !== NEWLINE) i += 1;
    }
    for (;;) {
      while (i < size && STRING_STOPS[bytes[i] as number] === 0) i += 1;
      if (bytes[i] !== BACKSLASH) break;
      i += bytes[i + 1] === NEWLINE ? 1 : 2;
    }
    this.#isEscaped = i > size;
    if (this.#role === "member") this.#list.append(bytes, from, Math.min(i, size));
    if (i >= size) return size;
    this.#mode = "structure";
    if (bytes[i] === NEWLINE) return this.#fail(bytes, i, "truncated", "cut short at the end of a line");
    this.#last = QUOTE;
    if (this.#role === "element") this.#emit(bytes, i + 1);
    else if (this.#role === "member") this.#list.endString();
    return i + 1;
  }

  /** The element is broken at `i`: count it and look for the next one in the same list. */
  #fail(bytes: Uint8Array, i: number, kind: "bad" | "truncated", reason: string): number {
    const at = this.#offset + i;
    if (this.#start >= 0) {
      this.#carry.append(bytes, Math.max(0, this.#start - this.#offset), i);
      this.#rejectElement(at, kind, reason);
    } else {
      const end = Math.min(bytes.length, i + 1);
      this.#sink.reject(kind, at, 1, reason, sampleText(bytes, i, end));
    }
    this.#depth = this.#elementDepth;
    this.#last = COMMA;
    this.#mode = "recover";
    this.#hasRecovered = true;
    return i;
  }

  #garbage(i: number): number {
    this.#start = this.#offset + i;
    this.#mode = "garbage";
    return i;
  }

  #rejectElement(end: number, kind: "bad" | "truncated", reason: string): void {
    const carry = this.#carry;
    this.#sink.reject(kind, this.#start, end - this.#start, reason, sampleText(carry.bytes, 0, carry.length));
    carry.clear();
    this.#start = -1;
  }

  /** Passes over a line of garbage, or over the rest of a broken element to a line where the next one can begin. */
  #skip(bytes: Uint8Array, from: number): number {
    for (let i = from; i < bytes.length; i += 1) {
      const c = bytes[i] as number;
      if (c === NEWLINE) {
        if (this.#mode === "garbage") {
          this.#carry.append(bytes, Math.max(0, this.#start - this.#offset), i);
          this.#rejectElement(this.#offset + i, "bad", "not JSON");
          this.#mode = "structure";
          return i;
        }
        this.#lineStart = this.#offset + i + 1;
        this.#isLineBlank = true;
      } else if (c > 0x20) {
        const column = this.#offset + i - this.#lineStart;
        const canBegin = c === OPEN_BRACE || c === OPEN_BRACKET || (c === CLOSE_BRACKET && this.#elementDepth > 0);
        if (this.#mode === "recover" && this.#isLineBlank && canBegin && column <= this.#elementColumn) {
          this.#mode = "structure";
          return i;
        }
        this.#isLineBlank = false;
      }
    }
    return bytes.length;
  }
}
