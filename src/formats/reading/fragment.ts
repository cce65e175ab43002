import { sampleText } from "../shape/sample-text.ts";
import type { Opener } from "./contract.ts";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const NAMED_LINE_BYTES = 1024;

/**
 * Whether bytes[start, end) are the rest of a record that began before: they close more than they open, whether they
 * begin outside of a string or in one.
 */
export function isRest(bytes: Uint8Array, start: number, end: number): boolean {
  const last = bytes[end - 1];
  if (last !== 0x7d && last !== 0x5d) return false;
  const outside = balance(bytes, start, end, false);
  if (outside !== null) return outside < 0;
  const inside = balance(bytes, start, end, true);
  return inside !== null && inside < 0;
}

/** Opened minus closed brackets; null when a string is open at the end. */
function balance(bytes: Uint8Array, start: number, end: number, beginsInString: boolean): number | null {
  let depth = 0;
  let isInString = beginsInString;
  for (let i = start; i < end; i += 1) {
    const c = bytes[i] as number;
    if (isInString) {
      if (c === BACKSLASH) i += 1;
      else if (c === QUOTE) isInString = false;
    } else if (c === QUOTE) isInString = true;
    else if (c === 0x7b || c === 0x5b) depth += 1;
    else if (c === 0x7d || c === 0x5d) depth -= 1;
  }
  return isInString ? null : depth;
}

/** A line of pretty-printed JSON: a member, an entry, brackets. */
const PIECE =
  /^\s*(?:"(?:[^"\\]|\\.)*"(?:\s*:\s*.*|,?)|[{[]|[\]}]+,?|-?\d[\d.eE+-]*,?|true,?|false,?|null,?|\{\},?|\[\],?)\s*$/;
const FIRST_PIECE = /^[^{[].*(?:[,{[\]}]|"|\d|true|false|null)\s*$/;

/** The first lines of an input as long as they may be the rest of a record that began before it. */
export class Beginning {
  /** Whether the lines that follow are read without it. */
  isOver = false;
  private readonly opener: Opener;
  private lines = 0;
  private start = 0;
  private end = 0;
  private sample = "";
  /** Smallest indentation behind the first line. */
  private indentation = Number.POSITIVE_INFINITY;

  constructor(opener: Opener) {
    this.opener = opener;
  }

  /** Takes the first line, bytes[start, end), if it is the rest of a line, or a further line of pretty-printed JSON. */
  takes(bytes: Buffer, start: number, end: number, offset: number): boolean {
    if (this.lines === 0) {
      const isAll = isRest(bytes, start, end);
      if (!isAll) return false;
      this.isOver = true;
      const sample = sampleText(bytes, start, end);
      this.opener.reject("fragment", offset, end - start, "the rest of a record that began before", sample);
      return true;
    }
    // The line before ends where its indentation begins: the blanks themselves may have come in an earlier chunk.
    const indentation = offset - this.end;
    const opens = bytes[start] === 0x7b || bytes[start] === 0x5b;
    if ((opens && indentation <= this.indentation) || !PIECE.test(named(bytes, start, end))) {
      this.close();
      return false;
    }
    this.indentation = Math.min(this.indentation, indentation);
    this.lines += 1;
    this.end = offset + (end - start);
    return true;
  }

  /** Takes the first line, found to be nothing else, if it may be one of pretty-printed JSON. */
  begins(bytes: Buffer, start: number, end: number, offset: number): boolean {
    if (this.lines > 0 || !FIRST_PIECE.test(named(bytes, start, end))) return false;
    this.lines = 1;
    this.start = offset;
    this.end = offset + (end - start);
    this.sample = sampleText(bytes, start, end);
    return true;
  }

  /** Counts what was taken. */
  close(): void {
    if (!this.isOver && this.lines > 0) {
      const [kind, reason] =
        this.lines > 1
          ? (["fragment", "the rest of a record that began before"] as const)
          : (["bad", "not JSON"] as const);
      this.opener.reject(kind, this.start, this.end - this.start, reason, this.sample);
    }
    this.isOver = true;
  }
}

function named(bytes: Buffer, start: number, end: number): string {
  return bytes.toString("latin1", start, Math.min(end, start + NAMED_LINE_BYTES));
}
