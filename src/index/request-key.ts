/** One round trip of bits; a bijection. */
export function scramble(seed: number): number {
  let x = (seed ^ 0x9e3779b9) | 0;
  x = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
  x = Math.imul(x ^ (x >>> 15), 0x735a2d97);
  return x ^ (x >>> 15);
}

/** No time is anywhere near (µs). */
const NO_TIME = -1;

/**
 * What one request is found by: auditID, time of receipt and API server as one 64-bit hash. A client chooses its auditID,
 * and whoever makes a log its times: seeded by both words, neither can be chosen so that requests meet in the id table.
 */
export class RequestKeys {
  /** Results of set(), unsigned. */
  low = 0;
  high = 0;
  private readonly seedA: number;
  private readonly seedB: number;

  constructor(seed: readonly [number, number]) {
    this.seedA = scramble(Math.floor(seed[0]) + 3);
    this.seedB = scramble(Math.floor(seed[1]) + 5);
  }

  /** `idLow` and `idHigh` are AuditIdHasher's; `receivedUs` may be NaN; `server` numbers API servers from 0. */
  set(idLow: number, idHigh: number, receivedUs: number, server: number): void {
    const us = receivedUs === receivedUs ? receivedUs : NO_TIME;
    const upper = Math.floor(us / 0x1_0000_0000) ^ Math.imul(server, 0x9e3779b1);
    const a = scramble(scramble((us | 0) ^ this.seedA) ^ upper);
    const b = scramble(scramble((us | 0) ^ this.seedB) + upper);
    this.low = (idLow ^ a) >>> 0;
    this.high = (idHigh ^ b) >>> 0;
  }

  /** The key of the same request as logged in another input; see RowAssembly. */
  setElsewhere(low: number, high: number, source: number): void {
    const a = scramble((source + 1) ^ this.seedB);
    this.low = (low ^ a) >>> 0;
    this.high = (high ^ scramble(a ^ this.seedA)) >>> 0;
  }
}
