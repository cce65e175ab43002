/**
 * Signs of bytes: what tells without looking at a label's bytes that it cannot hold a word. A label that has a word as a
 * subsequence has all signs of the word but its pairs; one that has it in one piece has those, too.
 */

const SEPARATOR = 45;
/** 1 for - . / space : _ */
export const SEPARATES = Uint8Array.from({ length: 256 }, (_, byte) =>
  Number("-./ :_".includes(String.fromCharCode(byte))),
);
/** ASCII in lower case. */
export const LOWER = Uint8Array.from({ length: 256 }, (_, byte) => (byte >= 65 && byte <= 90 ? byte + 32 : byte));
/** A bit for each letter, four for digits, one for - and /, one for all else. */
const BITS = Int32Array.from({ length: 256 }, (_, byte) => {
  if (byte >= 97 && byte <= 122) return 1 << (byte - 97);
  if (byte >= 48 && byte <= 57) return 1 << (26 + (byte & 3));
  return byte === 45 || byte === 47 ? 1 << 30 : 1 << 31;
});

/** Words of 32 pairs. */
export const PAIR_WORDS = 4;

export class NameSigns {
  /** Bytes that are there; more than once; that words begin with; that words end with: a bit each, of BITS. */
  once = 0;
  twice = 0;
  firsts = 0;
  lasts = 0;
  /** First and last bytes of words: a bit each of 32. */
  wholes = 0;
  /** Neighbouring bytes: a bit each of 128, by pairOf. */
  readonly pairs = new Int32Array(PAIR_WORDS);

  /** Of bytes[start, end), in lower case. `isPart`: what stands before the first may be anything. */
  read(bytes: Uint8Array, start: number, end: number, isPart: boolean): void {
    const pairs = this.pairs.fill(0);
    let once = 0;
    let twice = 0;
    let firsts = 0;
    let lasts = 0;
    let wholes = 0;
    let before = SEPARATOR;
    let bitBefore = 0;
    let first = SEPARATOR;
    for (let at = start; at < end; at++) {
      const byte = bytes[at] as number;
      const bit = BITS[byte] as number;
      twice |= once & bit;
      once |= bit;
      const isFirst = -(SEPARATES[before] as number);
      const isEnd = -(SEPARATES[byte] as number);
      firsts |= bit & isFirst;
      lasts |= bitBefore & isEnd;
      wholes |= wholeBit(first, before) & isEnd;
      first += (byte - first) & isFirst;
      if (at > start || !isPart) {
        const pair = pairOf(before, byte);
        pairs[pair >>> 5] = (pairs[pair >>> 5] as number) | (1 << pair);
      }
      before = byte;
      bitBefore = bit;
    }
    this.once = once;
    this.twice = twice;
    this.firsts = firsts;
    this.lasts = lasts | bitBefore;
    this.wholes = wholes | wholeBit(first, before);
  }
}

/** 0 … 127 */
export function pairOf(before: number, byte: number): number {
  return ((Math.imul(before, 0x9e37) + Math.imul(byte, 0x3c6f)) >>> 4) & 127;
}

function wholeBit(first: number, last: number): number {
  return 1 << (Math.imul(first, 0x9e37) + Math.imul(last, 0x3c6f));
}

export function bitOf(byte: number): number {
  return BITS[byte] as number;
}
