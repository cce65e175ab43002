/** JSON seen as bytes: where a value ends, and where an object's members lie. Proves balance, not validity. */

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;

/** Index of the quote that closes the string opened at `open`, or -1. */
function closingQuote(bytes: Uint8Array, open: number, end: number): number {
  let i = open + 1;
  while (i < end) {
    const c = bytes[i];
    if (c === QUOTE) return i;
    i += c === BACKSLASH ? 2 : 1;
  }
  return -1;
}

/** Index after the value that starts at `start`; -1 when buffer[start, end) ends inside it. */
export function jsonEnd(bytes: Uint8Array, start: number, end: number): number {
  let depth = 0;
  let i = start;
  while (i < end) {
    const c = bytes[i];
    if (c === QUOTE) {
      i = closingQuote(bytes, i, end);
      if (i < 0) return -1;
    } else if (c === 0x7b || c === 0x5b) {
      depth += 1;
    } else if (c === 0x7d || c === 0x5d) {
      // The closer of an enclosing value ends a bare number or word.
      if (depth === 0) return i;
      depth -= 1;
    } else if (depth > 0 || c === undefined || (c > 0x20 && c !== COMMA)) {
      i += 1;
      continue;
    } else {
      return i;
    }
    i += 1;
    if (depth === 0) return i;
  }
  return depth === 0 && i > start ? end : -1;
}

export interface Member {
  readonly key: string;
  /** Where the key begins, with its quote. */
  readonly at: number;
  /** The value is bytes[start, end). */
  readonly start: number;
  readonly end: number;
}

/** The members of the object at bytes[start, end), in order; stops at the first thing that is no member. */
export function objectMembers(bytes: Buffer, start: number, end: number): Member[] {
  const members: Member[] = [];
  readMembers(bytes, start, end, members);
  return members;
}

/** As objectMembers, of an object that takes all of bytes[start, end); null when it does not, or is cut short. */
export function wholeObject(bytes: Buffer, start: number, end: number): Member[] | null {
  if (bytes[start] !== 0x7b) return null;
  const members: Member[] = [];
  const at = readMembers(bytes, start, end, members);
  return at === end - 1 && bytes[at] === 0x7d && bytes[end - 2] !== COMMA ? members : null;
}

/** Index of the first thing that is no member. */
function readMembers(bytes: Buffer, start: number, end: number, members: Member[]): number {
  let i = skipSpace(bytes, start + 1, end);
  while (i < end && bytes[i] === QUOTE) {
    const close = closingQuote(bytes, i, end);
    if (close < 0) break;
    const at = i;
    const key = keyText(bytes, at, close + 1);
    i = skipSpace(bytes, close + 1, end);
    if (bytes[i] !== COLON) break;
    const valueStart = skipSpace(bytes, i + 1, end);
    const valueEnd = jsonEnd(bytes, valueStart, end);
    if (valueEnd < 0) break;
    members.push({ key, at, start: valueStart, end: valueEnd });
    i = skipSpace(bytes, valueEnd, end);
    if (bytes[i] !== COMMA) break;
    i = skipSpace(bytes, i + 1, end);
  }
  return i;
}

export function skipSpace(bytes: Uint8Array, start: number, end: number): number {
  let i = start;
  while (i < end && (bytes[i] as number) <= 0x20) i += 1;
  return i;
}

function keyText(bytes: Buffer, start: number, end: number): string {
  const raw = bytes.toString("utf8", start, end);
  if (!raw.includes("\\")) return raw.slice(1, -1);
  try {
    return String(JSON.parse(raw));
  } catch {
    return raw.slice(1, -1);
  }
}
