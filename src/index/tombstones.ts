/**
 * Requests evicted before they ended, so that their late completion isn't counted as another request. Bounded: two
 * generations of request keys, the older one forgotten when the younger is full. A set entry costs ~50 bytes.
 */
export class Tombstones {
  private young = new Set<number>();
  private old = new Set<number>();
  private readonly limit: number;

  constructor(limit = 32_768) {
    this.limit = limit;
  }

  get size(): number {
    return this.young.size + this.old.size;
  }

  add(keyLow: number, keyHigh: number): void {
    if (this.young.size >= this.limit) {
      this.old = this.young;
      this.young = new Set();
    }
    this.young.add(join(keyLow, keyHigh));
  }

  has(keyLow: number, keyHigh: number): boolean {
    if (this.young.size === 0 && this.old.size === 0) return false;
    const key = join(keyLow, keyHigh);
    return this.young.has(key) || this.old.has(key);
  }
}

/** 53 of the 64 bits: one request in 10¹¹ is taken for one of 65,536 that are remembered. */
function join(keyLow: number, keyHigh: number): number {
  return (keyHigh >>> 11) * 0x1_0000_0000 + keyLow;
}
