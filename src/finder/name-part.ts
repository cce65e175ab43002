import type { BestList } from "./best-list.ts";
import { LOWER, NameSigns, PAIR_WORDS } from "./name-signs.ts";
import { MOST_WEIGHT, NONE, type TypedWord } from "./typed-word.ts";

const SIZE = 8_192;
const signs = new NameSigns();
/** Labels of a part that are left to look at, and what they score at most. */
const left = new Int32Array(SIZE);
const mostOfLeft = new Float64Array(SIZE);

/** So many labels: their bytes after each other, and each of their signs. */
export class NamePart {
  static readonly SIZE = SIZE;
  count = 0;
  private bytes = new Uint8Array(SIZE * 8);
  /** Label i is bytes[starts[i], starts[i + 1]). */
  private readonly starts = new Uint32Array(SIZE + 1);
  private readonly once = new Int32Array(SIZE);
  private readonly twice = new Int32Array(SIZE);
  private readonly firsts = new Int32Array(SIZE);
  private readonly lasts = new Int32Array(SIZE);
  private readonly wholes = new Int32Array(SIZE);
  private readonly pairs = new Int32Array(SIZE * PAIR_WORDS);

  /** Adds a label; false, and nothing is added, where lower case is more than that of ASCII. `isLower`: it is already. */
  add(label: Uint8Array, length: number, isLower: boolean): boolean {
    const { count } = this;
    const start = this.starts[count] as number;
    const end = start + length;
    if (end > this.bytes.length) this.grow(end);
    const { bytes } = this;
    let all = 0;
    for (let at = 0; at < length; at++) {
      const byte = LOWER[label[at] as number] as number;
      all |= byte;
      bytes[start + at] = byte;
    }
    if (all >= 0x80 && !isLower) return false;
    signs.read(bytes, start, end, false);
    this.once[count] = signs.once;
    this.twice[count] = signs.twice;
    this.firsts[count] = signs.firsts;
    this.lasts[count] = signs.lasts;
    this.wholes[count] = signs.wholes;
    for (let at = 0; at < PAIR_WORDS; at++) this.pairs[count * PAIR_WORDS + at] = signs.pairs[at] as number;
    this.starts[count + 1] = end;
    this.count += 1;
    return true;
  }

  /** Labels that match, but those that signs prove to be worse than all of a full list. `first`: the number of the first. */
  offer(words: readonly TypedWord[], first: number, weight: (label: number) => number, best: BestList): void {
    const { bytes, starts } = this;
    let { least } = best;
    const count = this.withBound(words, this.withSigns(words), least, first, weight);
    for (let at = 0; at < count; at++) {
      const most = mostOfLeft[at] as number;
      if (most <= least) continue;
      const label = left[at] as number;
      const start = starts[label] as number;
      const end = starts[label + 1] as number;
      let score = weight(first + label) * MOST_WEIGHT;
      let isMatch = true;
      for (const word of words) {
        let part = this.mayHold(word, label) === 1 ? word.scoreInOnePiece(bytes, start, end, most - least) : NONE;
        if (part === NONE) {
          // What all the words come to if this one does no better than by letters apart.
          const apart =
            most -
            this.mostOf(word, label) +
            word.mostApartWith(this.firsts[label] as number, this.pairs, label * PAIR_WORDS) -
            (end - start);
          part = apart > least ? word.scoreApart(bytes, start, end) : NONE;
        }
        if (part === NONE) {
          isMatch = false;
          break;
        }
        score += part;
      }
      if (!isMatch) continue;
      best.offer(first + label, score);
      ({ least } = best);
    }
  }

  /**
   * Puts those that have all bytes of the words into `left`; returns how many. Here and below nothing branches: which labels
   * are left is as good as random, and a branch foretold wrongly takes longer than the rest.
   */
  private withSigns(words: readonly TypedWord[]): number {
    const { count, once, twice } = this;
    let wanted = 0;
    let wantedTwice = 0;
    for (const { signs: own } of words) {
      wanted |= own.once;
      wantedTwice |= own.twice;
    }
    let found = 0;
    for (let label = 0; label < count; label++) {
      const lacks = (wanted & ~(once[label] as number)) | (wantedTwice & ~(twice[label] as number));
      left[found] = label;
      found += 1 - isSome(lacks);
    }
    return found;
  }

  /** Of the first `count` of `left` those that may be better than `least`. */
  private withBound(
    words: readonly TypedWord[],
    count: number,
    least: number,
    first: number,
    weight: (label: number) => number,
  ): number {
    let found = 0;
    for (let at = 0; at < count; at++) {
      const label = left[at] as number;
      let most = weight(first + label) * MOST_WEIGHT;
      for (const word of words) most += this.mostOf(word, label);
      left[found] = label;
      mostOfLeft[found] = most;
      found += Number(most > least);
    }
    return found;
  }

  /** The label scores no more by the word. */
  private mostOf(word: TypedWord, label: number): number {
    const { starts, firsts, lasts, wholes } = this;
    const begins = isSome((firsts[label] as number) & word.first);
    const ends = isSome((lasts[label] as number) & word.last);
    const isWhole = 1 - isSome(word.whole & ~(wholes[label] as number));
    const bound = word.bounds[this.mayHold(word, label) * 8 + begins * 4 + ends * 2 + isWhole] as number;
    return bound - (starts[label + 1] as number) + (starts[label] as number);
  }

  /** 1: pairs of the label allow the word in one piece. */
  private mayHold({ signs: own }: TypedWord, label: number): number {
    const { pairs } = this;
    const at = label * PAIR_WORDS;
    const wanted = own.pairs;
    const lacks =
      ((wanted[0] as number) & ~(pairs[at] as number)) |
      ((wanted[1] as number) & ~(pairs[at + 1] as number)) |
      ((wanted[2] as number) & ~(pairs[at + 2] as number)) |
      ((wanted[3] as number) & ~(pairs[at + 3] as number));
    return 1 - isSome(lacks);
  }

  private grow(least: number): void {
    const grown = new Uint8Array(Math.max(least, Math.ceil(this.bytes.length * 1.5)));
    grown.set(this.bytes);
    this.bytes = grown;
  }
}

/** 1 if any bit is set, else 0. */
function isSome(bits: number): number {
  return (bits | -bits) >>> 31;
}
