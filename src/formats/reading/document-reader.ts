import { MAX_RECORD_BYTES } from "../contract.ts";
import { sampleText } from "../shape/sample-text.ts";
import { Carry } from "./carry.ts";
import { BARE, DOCUMENTS, type Around, type Opener } from "./contract.ts";
import type { Stretch } from "./framing.ts";
import { ListFinder } from "./list-finder.ts";
import { Nesting } from "./nesting.ts";
import { OpenLists } from "./open-lists.ts";
import {
  BACKSLASH,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  isStop,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
  STRING_STOPS,
} from "./structure-bytes.ts";

const NOTHING = Buffer.alloc(0);
const BRACE = Buffer.from("{");

/** Inside a value; inside a string that began in an earlier chunk; in a line of garbage; looking for the next record. */
type Mode = "structure" | "string" | "garbage" | "recover";

/**
 * Splits arrays, lists and concatenated objects, on one line or many, into the objects they hold, with exact offsets
 * and without keeping more than one record. It proves balance, not validity: that is left to whoever reads the record.
 *
 * An *element* is a value at `elementDepth`: a document at the top, or an entry of the innermost open list.
 */
export class DocumentReader implements Stretch {
  /** Between two lines and outside of everything. */
  isDone = false;
  rest: Buffer = NOTHING;
  /** A brace that opened a deeper line of a broken document ended the last chunk: a quote behind it begins a line's event. */
  #isBraceHeld = false;
  readonly #opener: Opener;
  readonly #stopsAtLines: boolean;
  readonly #carry = new Carry();
  /** Absolute offset of the first byte of the chunk being read; between chunks, of the next one. */
  #offset: number;
  #mode: Mode = "structure";

  readonly #nesting = new Nesting();
  #depth = 0;
  /** Last byte outside white space; the quote for strings. */
  #last = 0;
  readonly #lists: OpenLists;
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

  /** `stopsAtLines`: push() returns as soon as it is outside of everything at the start of a line. */
  constructor(opener: Opener, baseOffset: number, around: Around = BARE, stopsAtLines = false) {
    this.#opener = opener;
    this.#offset = baseOffset;
    this.#lineStart = baseOffset;
    this.#lists = new OpenLists(this.#list, around);
    this.#stopsAtLines = stopsAtLines;
  }

  get consumedOffset(): number {
    return this.#start >= 0 ? this.#start : this.#offset - this.rest.length;
  }

  /** Returns how many bytes of the chunk were read. */
  push(chunk: Uint8Array): number {
    const size = chunk.length;
    this.isDone = false;
    if (this.#isBraceHeld && size > 0) {
      this.#isBraceHeld = false;
      if (chunk[0] === QUOTE) {
        this.rest = BRACE;
        this.#handBack();
        return 0;
      }
    }
    let i = 0;
    while (i < size && !this.isDone) {
      if (this.#mode === "structure") i = this.#structure(chunk, i);
      else if (this.#mode === "string") i = this.#string(chunk, i);
      else i = this.#skip(chunk, i);
    }
    if (this.#start >= 0) this.#carry.append(chunk, Math.max(0, this.#start - this.#offset), size);
    this.#offset += i;
    return i;
  }

  end(): void {
    if (this.#mode === "garbage") {
      this.#rejectElement(this.#offset, "bad", "not JSON");
    } else if (this.#start >= 0) {
      this.#rejectElement(this.#offset, "truncated", "the last record is cut short");
    } else if (this.#depth > 0 && !this.#hasRecovered) {
      this.#opener.reject("truncated", this.#offset, 0, "the list ends before it is closed", "");
    }
    this.#carry.clear();
    this.#start = -1;
  }

  /** Reads from `from` outside strings; returns where another mode takes over, or the end of the chunk. */
  #structure(bytes: Uint8Array, from: number): number {
    const size = bytes.length;
    let depth = this.#depth;
    let last = this.#last;
    let isLineBlank = this.#isLineBlank;
    let elementDepth = this.#lists.elementDepth;
    let i = from;
    while (i < size) {
      const c = bytes[i] as number;
      if (c <= 0x20) {
        if (isStop(c)) {
          if (c !== 0) this.#previousLine = this.#lineStart;
          this.#lineStart = this.#offset + i + 1;
          isLineBlank = true;
          if (depth === 0 && this.#stopsAtLines) {
            this.isDone = true;
            i += 1;
            break;
          }
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
          close += isStop(bytes[close + 1]) ? 1 : 2;
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
        if (depth === 0 || !this.#nesting.isClosedBy(depth, c))
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
          this.#opener.reject("foreign", at, 1, "not an object", String.fromCharCode(c));
        }
      } else if (
        isLineBlank &&
        depth > elementDepth &&
        c !== COMMA &&
        c !== COLON &&
        !this.#nesting.takesValue(depth, last)
      ) {
        return this.#fail(bytes, i, "truncated", "cut short at the end of a line");
      }
      depth = this.#depth;
      elementDepth = this.#lists.elementDepth;
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
    if (depth === this.#lists.elementDepth) {
      if (c === OPEN_BRACKET && !this.#lists.isFull) this.#openList();
      else this.#openElement(i);
    } else {
      const isAllowed = this.#nesting.takesValue(depth, this.#last);
      const isElementPlace = this.#isLineBlank && this.#offset + i - this.#lineStart <= this.#elementColumn;
      // No printer breaks the line after a colon without indenting, or a second line when it kept all to the first.
      const isNext = isElementPlace && (this.#last === COLON || this.#elementLine === this.#previousLine);
      if (!isAllowed || isNext) {
        const reason = isElementPlace ? "cut short at the end of a line" : "not JSON";
        this.#fail(bytes, i, isElementPlace ? "truncated" : "bad", reason);
        return false;
      }
      const isInElement = depth === this.#lists.elementDepth + 1 && !this.#lists.isFull;
      if (c === OPEN_BRACKET && isInElement && this.#list.isListNext) {
        this.#openList();
      }
    }
    this.#depth = depth + 1;
    this.#nesting.open(depth + 1, c);
    return true;
  }

  /** The array that opens here is a list: its entries are elements, the object around it is not kept. */
  #openList(): void {
    this.#lists.open(this.#depth);
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
    if (this.#depth === this.#lists.elementDepth) {
      this.#lists.close();
      this.#elementLine = this.#lineStart;
      this.#elementColumn = Infinity;
      this.#depth -= 1;
      return;
    }
    this.#depth -= 1;
    if (this.#depth === this.#lists.elementDepth && this.#start >= 0) this.#emit(bytes, i + 1);
  }

  /** What spans lines outside of any list was printed for people. */
  get #elementAround(): Around {
    const isSpread = this.#lists.elementDepth === 0 && this.#elementLine !== this.#lineStart;
    return isSpread && this.#lists.around === BARE ? DOCUMENTS : this.#lists.around;
  }

  #emit(bytes: Uint8Array, end: number): void {
    const start = this.#start;
    const carry = this.#carry;
    const around = this.#elementAround;
    this.#start = -1;
    if (carry.total === 0) {
      const first = start - this.#offset;
      this.#opener.record(bytes, first, end, start, end - first, around);
      return;
    }
    carry.append(bytes, 0, end);
    if (carry.isOverlong) {
      const reason = `longer than ${MAX_RECORD_BYTES / 1024 / 1024} MiB`;
      this.#opener.reject("bad", start, carry.total, reason, sampleText(carry.bytes, 0, carry.length), around.format);
    } else {
      this.#opener.record(carry.bytes, 0, carry.length, start, carry.length, around);
    }
    carry.clear();
  }

  #openString(bytes: Uint8Array, i: number): number {
    const isMember = this.#depth === this.#lists.elementDepth + 1 && this.#nesting.isObject(this.#depth);
    this.#role = "plain";
    if (this.#depth === this.#lists.elementDepth) {
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
      if (!isStop(bytes[i])) i += 1;
    }
    for (;;) {
      while (i < size && STRING_STOPS[bytes[i] as number] === 0) i += 1;
      if (bytes[i] !== BACKSLASH) break;
      i += isStop(bytes[i + 1]) ? 1 : 2;
    }
    this.#isEscaped = i > size;
    if (this.#role === "member") this.#list.append(bytes, from, Math.min(i, size));
    if (i >= size) return size;
    this.#mode = "structure";
    if (isStop(bytes[i])) return this.#fail(bytes, i, "truncated", "cut short at the end of a line");
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
      this.#opener.reject(kind, at, 1, reason, sampleText(bytes, i, end));
    }
    this.#depth = this.#lists.elementDepth;
    this.#last = COMMA;
    this.#mode = "recover";
    this.#hasRecovered = true;
    return i;
  }

  /** Whether a line that begins with `c` at this column is none of the broken document: whoever reads lines knows what it is. */
  #isOtherLine(bytes: Uint8Array, i: number, c: number, column: number): boolean {
    if (column <= this.#elementColumn) return c !== CLOSE_BRACE && c !== CLOSE_BRACKET && c !== QUOTE;
    // Deeper lines are the document's, but for events that are indented.
    if (c !== OPEN_BRACE) return false;
    this.#isBraceHeld = i + 1 === bytes.length;
    return bytes[i + 1] === QUOTE;
  }

  #handBack(): void {
    this.#mode = "structure";
    this.isDone = true;
  }

  #garbage(i: number): number {
    this.#start = this.#offset + i;
    this.#mode = "garbage";
    return i;
  }

  #rejectElement(end: number, kind: "bad" | "truncated", reason: string): void {
    const carry = this.#carry;
    this.#opener.reject(kind, this.#start, end - this.#start, reason, sampleText(carry.bytes, 0, carry.length));
    carry.clear();
    this.#start = -1;
  }

  /** Passes over a line of garbage, or over the rest of a broken element to a line where the next one can begin. */
  #skip(bytes: Uint8Array, from: number): number {
    for (let i = from; i < bytes.length; i += 1) {
      const c = bytes[i] as number;
      if (isStop(c)) {
        if (this.#mode === "garbage") {
          this.#carry.append(bytes, Math.max(0, this.#start - this.#offset), i);
          this.#rejectElement(this.#offset + i, "bad", "not JSON");
          this.#mode = "structure";
          return i;
        }

        this.#lineStart = this.#offset + i + 1;
        this.#isLineBlank = true;
      } else if (c > 0x20) {
        if (this.#mode === "recover" && this.#isLineBlank) {
          const column = this.#offset + i - this.#lineStart;
          if (this.#stopsAtLines && this.#lists.elementDepth === 0) {
            if (this.#isOtherLine(bytes, i, c, column)) {
              this.#handBack();
              return i;
            }
          } else if (column <= this.#elementColumn && (c === OPEN_BRACE || c === OPEN_BRACKET || c === CLOSE_BRACKET)) {
            if (c !== CLOSE_BRACKET || this.#lists.elementDepth > 0) {
              this.#mode = "structure";
              return i;
            }
          }
        }
        this.#isLineBlank = false;
      }
    }
    return bytes.length;
  }
}
