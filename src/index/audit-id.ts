import { partialWord } from "./byte-hash.ts";
import { scramble } from "./request-key.ts";

const encoder = new TextEncoder();

/**
 * 64-bit hash of an auditID, as two words. Clients may choose the id, so it is seeded: without the seed nobody can make
 * two ids meet. Scanners of one ring share its seed.
 */
export class AuditIdHasher {
  /** The result of hash() or end(), unsigned. */
  low = 0;
  high = 0;
  private readonly lowStart: number;
  private readonly highStart: number;
  private readonly wordA: number;
  private readonly wordB: number;
  private readonly stateA: number;
  private readonly stateB: number;

  constructor(seed: readonly [number, number]) {
    const [a, b] = [Math.floor(seed[0]), Math.floor(seed[1])];
    this.lowStart = scramble(a);
    this.highStart = scramble(b);
    this.wordA = scramble(a + 1) | 1;
    this.wordB = scramble(b + 1) | 1;
    this.stateA = scramble(a + 2) | 1;
    this.stateB = scramble(b + 2) | 1;
  }

  /** Lets another implementation compute the same hash. */
  seedInto(other: { seedIds(low: number, high: number, a: number, b: number, c: number, d: number): void }): void {
    other.seedIds(this.lowStart, this.highStart, this.wordA, this.wordB, this.stateA, this.stateB);
  }

  begin(): void {
    this.low = this.lowStart;
    this.high = this.highStart;
  }

  /** Four bytes, little endian; the last step is padded with zeros. */
  step(word: number): void {
    const low = this.low ^ Math.imul(word, this.wordA);
    const high = this.high ^ Math.imul(word, this.wordB);
    this.low = Math.imul((low << 15) | (low >>> 17), this.stateA);
    this.high = Math.imul((high << 13) | (high >>> 19), this.stateB);
  }

  end(bytes: number): void {
    let low = this.low ^ bytes;
    let high = this.high + bytes;
    low = Math.imul(low ^ (low >>> 16), 0x85ebca6b);
    high = Math.imul(high ^ (high >>> 15), 0xc2b2ae35);
    low ^= high >>> 13;
    this.low = low >>> 0;
    this.high = (high ^ (low >>> 16)) >>> 0;
  }

  hash(view: DataView, bytes: Uint8Array, start: number, end: number): void {
    this.begin();
    let at = start;
    for (const last = end - 4; at <= last; at += 4) this.step(view.getInt32(at, true));
    if (at < end) this.step(partialWord(bytes, at, end));
    this.end(end - start);
  }

  /**
   * hash() of the content of a JSON string that starts at `at`; position of its closing quote. −1 when the content is not
   * plain ASCII without escapes, or does not end before `end`. Reads up to 3 bytes beyond `end`.
   */
  hashQuoted(view: DataView, at: number, end: number): number {
    const { wordA, wordB, stateA, stateB } = this;
    let low = this.lowStart;
    let high = this.highStart;
    for (let p = at; p < end; p += 4) {
      let word = view.getInt32(p, true);
      const quotes = word ^ 0x22222222;
      const slashes = word ^ 0x5c5c5c5c;
      const stops =
        (((quotes - 0x01010101) & ~quotes) |
          ((slashes - 0x01010101) & ~slashes) |
          ((word - 0x20202020) & ~word) |
          word) &
        0x80808080;
      let before = 4;
      if (stops !== 0) {
        before = (31 - Math.clz32(stops & -stops)) >>> 3;
        if (((word >>> (before << 3)) & 0xff) !== 0x22 || p + before >= end) return -1;
        word &= (1 << (before << 3)) - 1;
      }
      if (before > 0) {
        low ^= Math.imul(word, wordA);
        high ^= Math.imul(word, wordB);
        low = Math.imul((low << 15) | (low >>> 17), stateA);
        high = Math.imul((high << 13) | (high >>> 19), stateB);
      }
      if (stops !== 0) {
        this.low = low;
        this.high = high;
        this.end(p + before - at);
        return p + before;
      }
    }
    return -1;
  }

  hashText(auditID: string): void {
    const bytes = encoder.encode(auditID);
    this.hash(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), bytes, 0, bytes.length);
  }
}
