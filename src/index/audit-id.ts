import { partialWord } from "./byte-hash.ts";

const encoder = new TextEncoder();

function scramble(seed: number): number {
  let x = (seed ^ 0x9e3779b9) | 0;
  x = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
  x = Math.imul(x ^ (x >>> 15), 0x735a2d97);
  return x ^ (x >>> 15);
}

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

  hashText(auditID: string): void {
    const bytes = encoder.encode(auditID);
    this.hash(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), bytes, 0, bytes.length);
  }
}

/** Keeps apart what must not meet although the ids are equal: other API servers, or (see RowAssembly) other times. */
export function saltId(low: number, salt: number): number {
  return salt === 0 ? low : (low ^ scramble(salt)) >>> 0;
}
