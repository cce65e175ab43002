import { BestList } from "./best-list.ts";

const PART = 16_384;
/** Labels are searched by so many bytes. */
const MOST_BYTES = 512;
const MOST_WORD = 64;

/** What a label holds, beside each other by label: where it starts, then signs that tell without its bytes what it cannot score. */
const SIGNS = 6;
const START = 0;
/** Bytes it has; that words begin with; that words end with: a bit each, of BITS. */
const BYTES = 1;
const FIRSTS = 2;
const LASTS = 3;
/** Neighbouring bytes it has: a bit each of 64, of `pairOf`. */
const PAIRS = 4;

/** What the score of a word is made of. */
const IN_ONE_PIECE = 100;
const AT_WORD_START = 60;
const AT_WORD_END = 40;
const NEXT_TO_LAST = 20;
const SCATTERED_AT_WORD_START = 15;
const SCATTERED = 2;
const PER_BYTE_BEFORE = 0.1;
const PER_BYTE_OF_LABEL = 0.05;
/** Sums of the above in another order differ by less. */
const ROUNDING = 1e-6;

/**
 * Labels as lower-cased bytes in one arena with signs of 24 bytes each: a short list for the ranker out of a million names
 * within a key press. Labels keep their number for ever; bytes ≥ 0x80 compare as they are.
 */
export class NameArena {
  private bytes = new Uint8Array(1 << 14);
  private used = 0;
  private signs = new Int32Array(SIGNS << 10);
  private count = 0;
  private readonly encoder = new TextEncoder();

  get size(): number {
    return this.count;
  }

  /** Returns the label's number. Labels over 512 bytes are searched by their first 512. */
  add(label: string): number {
    if (this.used + MOST_BYTES > this.bytes.length) this.bytes = grownBytes(this.bytes);
    if ((this.count + 2) * SIGNS > this.signs.length) this.signs = grownWords(this.signs);
    const from = this.used;
    const to = this.write(label, from);
    this.sign(this.count, from, to);
    this.used = to;
    this.count += 1;
    this.signs[this.count * SIGNS + START] = to;
    return this.count - 1;
  }

  /**
   * Numbers of the best `limit` labels that contain every space-separated word of `text` as a subsequence, best first.
   * `weight` breaks ties between equally good labels (0…1). Pauses every 16,384 labels.
   */
  *shortList(text: string, limit: number, weight: (label: number) => number): Generator<undefined, number[], void> {
    const words = text
      .toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== "")
      .map((word) => new Word(this.encoder.encode(word.slice(0, MOST_WORD))));
    if (words.length === 0) return [];
    const best = new BestList(limit);
    for (let from = 0; from < this.count; from += PART) {
      if (from > 0) yield;
      this.offer(from, Math.min(this.count, from + PART), words, weight, best);
    }
    return best.take();
  }

  /** Writes the label from `from` on; returns where it ends. */
  private write(label: string, from: number): number {
    const { bytes } = this;
    const length = Math.min(label.length, MOST_BYTES);
    for (let at = 0; at < length; at += 1) {
      const code = label.charCodeAt(at);
      if (code >= 0x80) {
        const encoded = this.encoder.encode(label.toLowerCase()).subarray(0, MOST_BYTES);
        bytes.set(encoded, from);
        return from + encoded.length;
      }
      bytes[from + at] = code >= 65 && code <= 90 ? code + 32 : code;
    }
    return from + length;
  }

  private sign(label: number, from: number, to: number): void {
    const { bytes, signs } = this;
    let own = 0;
    let firsts = 0;
    let lasts = 0;
    let low = 0;
    let high = 0;
    let before = SEPARATOR;
    let bitBefore = 0;
    for (let at = from; at < to; at += 1) {
      const byte = bytes[at] as number;
      const bit = BITS[byte] as number;
      own |= bit;
      if (SEPARATES[before] === 1) firsts |= bit;
      if (SEPARATES[byte] === 1) lasts |= bitBefore;
      // Also of the first with what stands before the label: one bit too many rules nothing out.
      const pair = pairOf(before, byte);
      if (pair < 32) low |= 1 << pair;
      else high |= 1 << (pair - 32);
      before = byte;
      bitBefore = bit;
    }
    const sign = label * SIGNS;
    signs[sign + BYTES] = own;
    signs[sign + FIRSTS] = firsts;
    signs[sign + LASTS] = lasts | bitBefore;
    signs[sign + PAIRS] = low;
    signs[sign + PAIRS + 1] = high;
  }

  /** Labels [from, to) that match, but those that signs prove to be worse than all of a full list. */
  private offer(
    from: number,
    to: number,
    words: readonly Word[],
    weight: (label: number) => number,
    best: BestList,
  ): void {
    const { bytes, signs } = this;
    let wanted = 0;
    for (const { own } of words) wanted |= own;
    let { least } = best;
    for (let label = from; label < to; label += 1) {
      const sign = label * SIGNS;
      if (((signs[sign + BYTES] as number) & wanted) !== wanted) continue;
      const start = signs[sign + START] as number;
      const end = signs[sign + SIGNS + START] as number;
      // Added up as the score is, so that it is never rounded below one that is reached.
      const perLabel = (end - start) * PER_BYTE_OF_LABEL;
      let most = 0;
      for (const word of words) most += word.most(signs, sign) - perLabel;
      if (most + 1 <= least) continue;
      const own = weight(label);
      most += own;
      if (most <= least) continue;
      let score = 0;
      for (const word of words) {
        // What all the words come to if this one does no better than by letters apart.
        const apart = most - word.most(signs, sign) + word.mostApart + ROUNDING;
        const part = word.score(bytes, start, end, word.mayHold(signs, sign), apart > least);
        if (part < 0) {
          score = -1;
          break;
        }
        score += part;
      }
      if (score < 0) continue;
      best.offer(label, score + own);
      ({ least } = best);
    }
  }
}

/** A word that is looked for. */
class Word {
  readonly own: number;
  /** The most it scores where it is not in one piece. */
  readonly mostApart: number;
  private readonly bytes: Uint8Array;
  private readonly first: number;
  private readonly last: number;
  private readonly low: number;
  private readonly high: number;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    let own = 0;
    let low = 0;
    let high = 0;
    bytes.forEach((byte, at) => {
      own |= BITS[byte] as number;
      if (at === 0) return;
      const pair = pairOf(bytes[at - 1] as number, byte);
      if (pair < 32) low |= 1 << pair;
      else high |= 1 << (pair - 32);
    });
    this.own = own;
    this.low = low;
    this.high = high;
    this.first = BITS[bytes[0] as number] as number;
    this.last = BITS[bytes.at(-1) as number] as number;
    // One of the letters after the first is not next to the one before it.
    this.mostApart = 2 * SCATTERED_AT_WORD_START + NEXT_TO_LAST * Math.max(0, bytes.length - 2);
  }

  /** Whether a label with these signs may have it in one piece. */
  mayHold(signs: Int32Array, sign: number): boolean {
    return (
      (this.low & ~(signs[sign + PAIRS] as number)) === 0 && (this.high & ~(signs[sign + PAIRS + 1] as number)) === 0
    );
  }

  /** No label with these signs scores more, the length of the label aside. */
  most(signs: Int32Array, sign: number): number {
    if (!this.mayHold(signs, sign)) return this.mostApart;
    const atStart = ((signs[sign + FIRSTS] as number) & this.first) === 0 ? 0 : AT_WORD_START;
    const atEnd = ((signs[sign + LASTS] as number) & this.last) === 0 ? 0 : AT_WORD_END;
    return IN_ONE_PIECE * this.bytes.length + atStart + atEnd;
  }

  /**
   * −1: not a subsequence, or neither in one piece nor `isApartWorthwhile`. A run of neighbours at the start of a word scores
   * highest; shorter labels win ties. `mayHold`: see above.
   */
  score(bytes: Uint8Array, start: number, end: number, mayHold: boolean, isApartWorthwhile: boolean): number {
    const inOnePiece = mayHold ? this.scoreInOnePiece(bytes, start, end) : -1;
    if (inOnePiece >= 0) return inOnePiece - (end - start) * PER_BYTE_OF_LABEL;
    return isApartWorthwhile ? this.scoreApart(bytes, start, end) : -1;
  }

  private scoreInOnePiece(bytes: Uint8Array, start: number, end: number): number {
    const { bytes: word } = this;
    const { length } = word;
    const first = word[0] as number;
    let best = -1;
    for (let at = start; at <= end - length; at += 1) {
      if (bytes[at] !== first) continue;
      let matched = 1;
      while (matched < length && bytes[at + matched] === word[matched]) matched += 1;
      if (matched < length) continue;
      const isAtStart = startsWord(bytes, at, start);
      const isAtEnd = at + matched === end || SEPARATES[bytes[at + matched] as number] === 1;
      const score =
        IN_ONE_PIECE * length +
        (isAtStart ? AT_WORD_START : 0) +
        (isAtEnd ? AT_WORD_END : 0) -
        (at - start) * PER_BYTE_BEFORE;
      if (score > best) best = score;
      if (isAtStart) break;
    }
    return best;
  }

  private scoreApart(bytes: Uint8Array, start: number, end: number): number {
    const { bytes: word } = this;
    let position = start;
    let previous = -2;
    let score = 0;
    for (let index = 0; index < word.length; index += 1) {
      const byte = word[index] as number;
      while (position < end && bytes[position] !== byte) position += 1;
      if (position === end) return -1;
      score +=
        position === previous + 1
          ? NEXT_TO_LAST
          : startsWord(bytes, position, start)
            ? SCATTERED_AT_WORD_START
            : SCATTERED;
      previous = position;
      position += 1;
    }
    return score - (end - start) * PER_BYTE_OF_LABEL;
  }
}

function grownBytes(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const next = new Uint8Array(bytes.length * 2);
  next.set(bytes);
  return next;
}

function grownWords(words: Int32Array): Int32Array<ArrayBuffer> {
  const next = new Int32Array(words.length * 2);
  next.set(words);
  return next;
}

const SEPARATOR = 45;
/** 1 for - . / space : _ */
const SEPARATES = Uint8Array.from({ length: 256 }, (_, byte) => Number("-./ :_".includes(String.fromCharCode(byte))));
/** A bit for each letter, four for digits, one for - and /, one for all else. */
const BITS = Int32Array.from({ length: 256 }, (_, byte) => {
  if (byte >= 97 && byte <= 122) return 1 << (byte - 97);
  if (byte >= 48 && byte <= 57) return 1 << (26 + (byte & 3));
  return byte === 45 || byte === 47 ? 1 << 30 : 1 << 31;
});

/** 0 … 63 */
function pairOf(before: number, byte: number): number {
  return ((Math.imul(before, 0x9e37) + Math.imul(byte, 0x3c6f)) >>> 4) & 63;
}

function startsWord(bytes: Uint8Array, at: number, start: number): boolean {
  return at === start || SEPARATES[bytes[at - 1] as number] === 1;
}
