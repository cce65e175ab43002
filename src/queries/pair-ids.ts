import { grown } from "./grown.ts";

/**
 * Largest direct table: 4 M entries, 16 MB, and no more than 64 for each pair it knows, beyond 4 MiB. Otherwise pairs are
 * hashed, which takes about five times as long a row.
 */
const MAX_DIRECT = 1 << 22;
const LEAST_DIRECT = 1 << 20;
const ENTRIES_PER_PAIR = 64;

/** Numbers pairs of small numbers densely, in the order they are first seen. */
export class PairIds {
  count = 0;
  /** Parts by id. */
  first = new Uint32Array(64);
  second = new Uint32Array(64);
  /** id + 1 by first × stride + second, 0 is free; null once pairs are hashed. */
  private direct: Uint32Array | null = new Uint32Array(1_024);
  private stride = 1;
  private slots = new Uint32Array(0);

  get memoryBytes(): number {
    return (this.first.length * 2 + (this.direct?.length ?? 0) + this.slots.length) * 4;
  }

  id(first: number, second: number): number {
    if (second >= this.stride) this.widen(second + 1);
    const { direct } = this;
    if (direct === null) return this.hashed(first, second);
    const at = first * this.stride + second;
    const known = at < direct.length ? (direct[at] as number) : 0;
    return known === 0 ? this.addDirect(first, second) : known - 1;
  }

  /** out[i] = id(ids[i], seconds[i]) for i < n. */
  join(ids: Uint32Array, seconds: Uint32Array, n: number, out: Uint32Array): void {
    const { direct, stride } = this;
    // Numbering new pairs inside of the loop that looks up would double its time.
    if (direct !== null && joinKnown(direct, Math.log2(stride), ids, seconds, n, out)) return;
    for (let i = 0; i < n; i++) out[i] = this.id(ids[i] as number, seconds[i] as number);
  }

  private widen(size: number): void {
    while (this.stride < size) this.stride *= 2;
    if (this.direct !== null) this.rebuild();
  }

  private addDirect(first: number, second: number): number {
    const id = this.add(first, second);
    const at = first * this.stride + second;
    if (this.direct !== null && at < this.direct.length) this.direct[at] = id + 1;
    else this.rebuild();
    return id;
  }

  private add(first: number, second: number): number {
    const id = this.count++;
    if (id >= this.first.length) {
      this.first = grown(this.first);
      this.second = grown(this.second);
    }
    this.first[id] = first;
    this.second[id] = second;
    return id;
  }

  /** Makes the direct table large enough for all pairs, or goes over to hashing. */
  private rebuild(): void {
    let largest = 0;
    for (let id = 0; id < this.count; id++) {
      largest = Math.max(largest, (this.first[id] as number) * this.stride + (this.second[id] as number));
    }
    if (largest >= Math.min(MAX_DIRECT, Math.max(LEAST_DIRECT, this.count * ENTRIES_PER_PAIR))) {
      this.direct = null;
      this.rehash();
      return;
    }
    let length = this.direct?.length ?? 1_024;
    while (length <= largest) length *= 2;
    const direct = new Uint32Array(length);
    for (let id = 0; id < this.count; id++) {
      direct[(this.first[id] as number) * this.stride + (this.second[id] as number)] = id + 1;
    }
    this.direct = direct;
  }

  private hashed(first: number, second: number): number {
    const mask = this.slots.length - 1;
    for (let slot = hashOf(first, second) & mask; ; slot = (slot + 1) & mask) {
      const found = this.slots[slot] as number;
      if (found === 0) {
        const id = this.add(first, second);
        this.slots[slot] = id + 1;
        if (this.count * 2 > this.slots.length) this.rehash();
        return id;
      }
      if (this.first[found - 1] === first && this.second[found - 1] === second) return found - 1;
    }
  }

  private rehash(): void {
    let length = 1_024;
    while (length < this.count * 4) length *= 2;
    this.slots = new Uint32Array(length);
    for (let id = 0; id < this.count; id++) {
      let slot = hashOf(this.first[id] as number, this.second[id] as number) & (length - 1);
      while (this.slots[slot] !== 0) slot = (slot + 1) & (length - 1);
      this.slots[slot] = id + 1;
    }
  }
}

/** False when some pair has no number yet. */
function joinKnown(
  direct: Uint32Array,
  shift: number,
  ids: Uint32Array,
  seconds: Uint32Array,
  n: number,
  out: Uint32Array,
): boolean {
  const { length } = direct;
  const most = length >>> shift;
  let unknown = 0;
  for (let i = 0; i < n; i++) {
    const first = ids[i] as number;
    const second = seconds[i] as number;
    const at = (first << shift) | second;
    if (first >= most || second >>> shift !== 0) return false;
    const known = direct[at] as number;
    if (known === 0) unknown++;
    out[i] = known - 1;
  }
  return unknown === 0;
}

function hashOf(first: number, second: number): number {
  let hash = Math.imul(first, 0x9e37_79b1) ^ Math.imul(second, 0x85eb_ca6b);
  hash = Math.imul(hash ^ (hash >>> 15), 0xc2b2_ae35);
  return (hash ^ (hash >>> 13)) >>> 0;
}
