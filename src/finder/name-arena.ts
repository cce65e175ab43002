import { BestList } from "./best-list.ts";
import { NamePart } from "./name-part.ts";
import { TypedWord } from "./typed-word.ts";

/** Labels are searched by so many bytes. */
const MOST_BYTES = 512;
/** So many are enough for those in lower case, which may be a third of them. */
const MOST_SOURCE = 4 * MOST_BYTES;
const MOST_WORD = 64;

/**
 * Labels as lower-cased bytes with signs of 40 bytes each: a short list for the ranker out of a million names within a key
 * press. Labels keep their number for ever; bytes ≥ 0x80 compare as they are.
 */
export class NameArena {
  /** Where the bytes of a label may be put together for `add`. Longer labels may be cut. */
  readonly scratch = new Uint8Array(MOST_SOURCE);
  private readonly parts: NamePart[] = [];
  private readonly encoder = new TextEncoder();
  private readonly decoder = new TextDecoder();

  get size(): number {
    const whole = Math.max(0, this.parts.length - 1);
    return whole * NamePart.SIZE + (this.parts[whole]?.count ?? 0);
  }

  /** Returns the label's number. Labels over 512 bytes are searched by their first 512. */
  addText(label: string): number {
    return this.add(this.encoder.encodeInto(label, this.scratch).written);
  }

  /** The first `length` bytes of `scratch`, in UTF-8: returns the label's number. */
  add(length: number): number {
    const { scratch, parts } = this;
    const number = this.size;
    const part = number % NamePart.SIZE === 0 ? new NamePart() : (parts.at(-1) as NamePart);
    if (part.count === 0) parts.push(part);
    if (!part.add(scratch, Math.min(length, MOST_BYTES), false)) {
      const lower = this.decoder.decode(scratch.subarray(0, length)).toLowerCase();
      part.add(scratch, Math.min(this.encoder.encodeInto(lower, scratch).written, MOST_BYTES), true);
    }
    return number;
  }

  /**
   * Numbers of the best `limit` labels that contain every space-separated word of `text` as a subsequence, best first.
   * `weight` breaks ties between equally good labels (0…1). Pauses after every part of the labels.
   */
  *shortList(text: string, limit: number, weight: (label: number) => number): Generator<undefined, number[], void> {
    const words = text
      .toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== "")
      .map((word) => new TypedWord(this.encoder.encode(word.slice(0, MOST_WORD))));
    if (words.length === 0) return [];
    const best = new BestList(limit);
    for (const [at, part] of this.parts.entries()) {
      if (at > 0) yield;
      part.offer(words, at * NamePart.SIZE, weight, best);
    }
    return best.take();
  }
}
