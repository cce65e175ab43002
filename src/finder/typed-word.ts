import { bitOf, NameSigns, pairOf, SEPARATES } from "./name-signs.ts";

/** What the score of a word is made of: whole numbers, so that what a label scores at most is never a rounding below it. */
const IN_ONE_PIECE = 2_000;
const AT_WORD_START = 1_200;
const AT_WORD_END = 800;
const NEXT_TO_LAST = 400;
const SCATTERED_AT_WORD_START = 300;
const SCATTERED = 40;
const PER_BYTE_BEFORE = 2;
/** The score of a label that lacks the word. */
export const NONE = -(2 ** 30);
/** Of labels that are as good; one byte less of a label is worth 1. */
export const MOST_WEIGHT = 20;

/** A word that is looked for. */
export class TypedWord {
  readonly signs = new NameSigns();
  /** The most it scores where it is not in one piece, the length of the label aside. */
  readonly mostApart: number;
  private readonly bytes: Uint8Array;
  readonly first: number;
  readonly last: number;
  /** 0 where the word may go over several words of a label. */
  readonly whole: number;
  /**
   * No label scores more, the length of the label aside: 8 if its pairs allow the word in one piece, + 4 if a word of
   * it begins, + 2 if one ends, + 1 if one does both as the word does.
   */
  readonly bounds: Int32Array;

  /** `bytes`: in lower case, one at least. */
  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.signs.read(bytes, 0, bytes.length, true);
    this.first = bitOf(bytes[0] as number);
    this.last = bitOf(bytes.at(-1) as number);
    // One of the letters after the first is not next to the one before it.
    this.mostApart = 2 * SCATTERED_AT_WORD_START + NEXT_TO_LAST * Math.max(0, bytes.length - 2);
    this.whole = bytes.some((byte) => SEPARATES[byte] === 1) ? 0 : this.signs.wholes;
    this.bounds = Int32Array.from({ length: 16 }, (_, has) => this.bound(has));
  }

  private bound(has: number): number {
    if ((has & 8) === 0) return this.mostApart;
    const atStart = (has & 4) === 0 ? 0 : AT_WORD_START;
    const atEnd = (has & 2) === 0 ? 0 : AT_WORD_END;
    const isBoth = (has & 1) !== 0;
    return IN_ONE_PIECE * this.bytes.length + (isBoth ? atStart + atEnd : Math.max(atStart, atEnd));
  }

  /**
   * No label with these signs scores more where the word is not in one piece, the length of the label aside. `pairs`: from
   * `at` on.
   */
  mostApartWith(firsts: number, pairs: Int32Array, at: number): number {
    const { bytes } = this;
    let most = (this.first & firsts) === 0 ? SCATTERED : SCATTERED_AT_WORD_START;
    for (let index = 1; index < bytes.length; index++) {
      const byte = bytes[index] as number;
      const pair = pairOf(bytes[index - 1] as number, byte);
      const isNext = (((pairs[at + (pair >>> 5)] as number) >>> pair) & 1) === 1;
      most += isNext ? NEXT_TO_LAST : (bitOf(byte) & firsts) === 0 ? SCATTERED : SCATTERED_AT_WORD_START;
    }
    return Math.min(most, this.mostApart);
  }

  /**
   * In one piece within bytes[start, end): a run at the start of a word scores highest; shorter labels win ties. NONE: it is not
   * there, or only where so much stands before it that the score is more than `slack` below `most`.
   */
  scoreInOnePiece(bytes: Uint8Array, start: number, end: number, slack: number): number {
    const { bytes: word } = this;
    const { length } = word;
    const first = word[0] as number;
    const last = Math.min(end - length, start + slack / PER_BYTE_BEFORE);
    let best = NONE;
    for (let at = start; at <= last; at += 1) {
      if (bytes[at] !== first) continue;
      let matched = 1;
      while (matched < length && bytes[at + matched] === word[matched]) matched += 1;
      if (matched < length) continue;
      const isAtStart = at === start || SEPARATES[bytes[at - 1] as number] === 1;
      const isAtEnd = at + matched === end || SEPARATES[bytes[at + matched] as number] === 1;
      const score =
        IN_ONE_PIECE * length +
        (isAtStart ? AT_WORD_START : 0) +
        (isAtEnd ? AT_WORD_END : 0) -
        (at - start) * PER_BYTE_BEFORE;
      if (score > best) best = score;
      if (isAtStart) break;
    }
    return best === NONE ? NONE : best - (end - start);
  }

  /** As a subsequence of bytes[start, end); NONE: it is none. */
  scoreApart(bytes: Uint8Array, start: number, end: number): number {
    const { bytes: word } = this;
    let position = start;
    let previous = -2;
    let score = 0;
    for (let index = 0; index < word.length; index += 1) {
      const byte = word[index] as number;
      while (position < end && bytes[position] !== byte) position += 1;
      if (position === end) return NONE;
      const startsWord = position === start || SEPARATES[bytes[position - 1] as number] === 1;
      score += position === previous + 1 ? NEXT_TO_LAST : startsWord ? SCATTERED_AT_WORD_START : SCATTERED;
      previous = position;
      position += 1;
    }
    return score - (end - start);
  }
}
