import type { Block } from "./block.ts";
import { letGo } from "./let-go.ts";

const FIRST_ENTRIES = 1024;
const FIRST_ROW_BITS = 24;
const MAX_LOAD = 0.75;
/** Large tables grow by half, so that they are never less than half full. */
const DOUBLE_BELOW = 100_000;
const PER_HASH = 1 / 0x1_0000_0000;

/**
 * Rows by the hash of their auditID: open addressing with linear probing over row numbers (block slot × rows a block +
 * row). The upper bits of an entry repeat some bits of the hash, so a probe rarely has to look at the row itself.
 */
export class IdTable {
  size = 0;
  private entries = new Uint32Array(FIRST_ENTRIES);
  private rowBits = FIRST_ROW_BITS;
  private rowMask = 2 ** FIRST_ROW_BITS - 1;
  private readonly blocks: readonly (Block | undefined)[];
  private readonly rowShift: number;
  private readonly mostEntries: number;
  /** There are no entries: see rest(). */
  private isAtRest = false;
  /** State of the search started by first(). */
  private probe = 0;
  private low = 0;
  private high = 0;

  /**
   * `blocks` by slot number, 2 ** rowShift rows each; shared with the ring, which keeps it up to date. At most `maxRows`
   * are expected.
   */
  constructor(blocks: readonly (Block | undefined)[], rowShift: number, maxRows: number) {
    this.blocks = blocks;
    this.rowShift = rowShift;
    this.mostEntries = Math.ceil((maxRows + 1) / MAX_LOAD) + 1;
  }

  get memoryBytes(): number {
    return this.entries.length * 4;
  }

  /** Lets go all entries. The next first(), which stands before any change, makes them anew. */
  rest(): void {
    this.isAtRest = true;
    letGo(this.entries);
    this.entries = new Uint32Array(FIRST_ENTRIES);
  }

  /** Begins to fetch what first() will need for this id hash. */
  touch(high: number): number {
    return this.entries[this.home(high)] as number;
  }

  /** First row with this id hash, or −1. */
  first(low: number, high: number): number {
    if (this.isAtRest) this.wake();
    this.low = low;
    this.high = high;
    this.probe = this.home(high);
    return this.next();
  }

  /** Next row with the id hash given to first(), or −1. No changes in between. */
  next(): number {
    const { entries, low, high, rowMask } = this;
    const tag = this.tag(low);
    for (;;) {
      const entry = entries[this.probe] as number;
      if (entry === 0) return -1;
      this.probe = this.probe + 1 === entries.length ? 0 : this.probe + 1;
      const row = (entry & rowMask) >>> 0;
      if (entry - row === tag) {
        const block = this.blocks[(row - 1) >>> this.rowShift] as Block;
        const at = (row - 1) & ((1 << this.rowShift) - 1);
        if (block.idLow[at] === low && block.idHigh[at] === high) return row - 1;
      }
    }
  }

  /** Adds a row whose id hash is in its block already. */
  insert(row: number, low: number, high: number): void {
    this.size++;
    if (row >= this.rowMask || this.size > this.entries.length * MAX_LOAD) this.rebuild(row);
    else this.put(row, low, high);
  }

  /** Removes a row that is in the table. */
  remove(row: number, high: number): void {
    const { entries, rowMask } = this;
    let hole = this.home(high);
    while (((entries[hole] as number) & rowMask) >>> 0 !== row + 1) hole = hole + 1 === entries.length ? 0 : hole + 1;
    // Close the hole: move entries of the same run back unless that would put them before their home.
    for (let at = hole; ;) {
      at = at + 1 === entries.length ? 0 : at + 1;
      const entry = entries[at] as number;
      if (entry === 0) break;
      const home = this.home(this.highOf(((entry & rowMask) >>> 0) - 1));
      const distance = at >= home ? at - home : at - home + entries.length;
      const gap = at >= hole ? at - hole : at - hole + entries.length;
      if (distance >= gap) {
        entries[hole] = entry;
        hole = at;
      }
    }
    entries[hole] = 0;
    this.size--;
  }

  private highOf(row: number): number {
    const block = this.blocks[row >>> this.rowShift] as Block;
    return block.idHigh[row & ((1 << this.rowShift) - 1)] as number;
  }

  private home(high: number): number {
    return Math.floor(high * PER_HASH * this.entries.length);
  }

  /** The lowest bits of the hash, above those of the row. */
  private tag(low: number): number {
    return this.rowBits === 32 ? 0 : (low << this.rowBits) >>> 0;
  }

  private put(row: number, low: number, high: number): void {
    const { entries } = this;
    let slot = this.home(high);
    while (entries[slot] !== 0) slot = slot + 1 === entries.length ? 0 : slot + 1;
    entries[slot] = this.tag(low) + row + 1;
  }

  /** Makes room. Goes through the rows, not the old entries: reading in order is what makes it fast. */
  private rebuild(row: number): void {
    const { length } = this.entries;
    const wanted = Math.ceil(length * (length < DOUBLE_BELOW ? 2 : 1.5));
    while (row >= this.rowMask) {
      this.rowBits += 2;
      this.rowMask = 2 ** this.rowBits - 1;
    }
    if (this.size > length * MAX_LOAD) {
      letGo(this.entries);
      this.entries = new Uint32Array(length < this.mostEntries ? Math.min(wanted, this.mostEntries) : wanted);
    } else {
      this.entries.fill(0);
    }
    this.enterAll();
  }

  private wake(): void {
    this.isAtRest = false;
    const wanted = Math.ceil((this.size * 1.25) / MAX_LOAD);
    this.entries = new Uint32Array(Math.max(FIRST_ENTRIES, Math.min(wanted, this.mostEntries)));
    this.enterAll();
  }

  private enterAll(): void {
    this.blocks.forEach((block, slot) => {
      if (block === undefined) return;
      const first = slot * 2 ** this.rowShift;
      for (let i = 0; i < block.count; i++) {
        this.put(first + i, block.idLow[i] as number, block.idHigh[i] as number);
      }
    });
  }
}
