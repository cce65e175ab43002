/**
 * Requests evicted before they ended, so that their late completion isn't counted as another request. Bounded: two
 * generations of ids, the older one forgotten when the younger is full. A map entry costs ~50 bytes.
 */
export class Tombstones {
  private young = new Map<number, number>();
  private old = new Map<number, number>();
  private readonly limit: number;

  constructor(limit = 32_768) {
    this.limit = limit;
  }

  get size(): number {
    return this.young.size + this.old.size;
  }

  add(idLow: number, idHigh: number, receivedUs: number): void {
    if (this.young.size >= this.limit) {
      this.old = this.young;
      this.young = new Map();
    }
    this.young.set(key(idLow, idHigh), receivedUs);
  }

  has(idLow: number, idHigh: number, receivedUs: number): boolean {
    if (this.young.size === 0 && this.old.size === 0) return false;
    const id = key(idLow, idHigh);
    return Object.is(this.young.get(id), receivedUs) || Object.is(this.old.get(id), receivedUs);
  }
}

/** 53 of the 64 bits; the time of receipt must match as well. */
function key(idLow: number, idHigh: number): number {
  return (idHigh >>> 11) * 0x1_0000_0000 + idLow;
}
