import { hashEnd, hashStep, HASH_START } from "./byte-hash.ts";
import { MemoryBudget } from "./memory-budget.ts";

const FIRST_ROWS = 16;

/** Distinct tuples of unsigned integers, numbered from 0, stored by column. */
export class TupleTable {
  size = 0;
  readonly width: number;
  /** Column k, indexed by tuple id. Replaced when the table grows: don't keep it over an intern. */
  readonly columns: Uint32Array[];
  private rows = FIRST_ROWS;
  /** Pairs of hash and tuple id + 1; 0 is free. */
  private slots = new Int32Array(FIRST_ROWS * 4);
  /** A slot is found by the upper bits of the hash: growing then moves entries in order. */
  private shift = 32 - Math.log2(FIRST_ROWS * 2);

  private readonly budget: MemoryBudget;
  private charged = 0;

  constructor(width: number, budget = new MemoryBudget()) {
    this.width = width;
    this.columns = Array.from({ length: width }, () => new Uint32Array(FIRST_ROWS));
    this.budget = budget;
    this.charge();
  }

  get memoryBytes(): number {
    return (this.rows * this.width + this.slots.length) * 4;
  }

  /** Id of the tuple in cells[at, at + width). */
  intern(cells: Uint32Array, at = 0): number {
    const width = this.width;
    let state = HASH_START;
    for (let k = 0; k < width; k++) state = hashStep(state, cells[at + k] as number);
    const hash = hashEnd(state, width);
    const { slots } = this;
    const last = slots.length - 2;
    for (let slot = (hash >>> this.shift) << 1; ; slot = (slot + 2) & last) {
      const found = slots[slot + 1] as number;
      if (found === 0) return this.add(cells, at, hash, slot);
      if (slots[slot] === hash && this.equals(found - 1, cells, at)) return found - 1;
    }
  }

  private equals(id: number, cells: Uint32Array, at: number): boolean {
    for (let k = 0; k < this.width; k++) {
      if ((this.columns[k] as Uint32Array)[id] !== cells[at + k]) return false;
    }
    return true;
  }

  private add(cells: Uint32Array, at: number, hash: number, slot: number): number {
    const id = this.size++;
    if (id >= this.rows) this.grow();
    for (let k = 0; k < this.width; k++) (this.columns[k] as Uint32Array)[id] = cells[at + k] as number;
    this.slots[slot] = hash;
    this.slots[slot + 1] = id + 1;
    if (this.size * 3 > this.slots.length) this.rehash();
    return id;
  }

  private grow(): void {
    this.rows = this.rows * 2;
    for (let k = 0; k < this.width; k++) {
      const column = new Uint32Array(this.rows);
      column.set(this.columns[k] as Uint32Array);
      this.columns[k] = column;
    }
    this.charge();
  }

  private charge(): void {
    const { memoryBytes } = this;
    this.budget.used += memoryBytes - this.charged;
    this.charged = memoryBytes;
  }

  private rehash(): void {
    const old = this.slots;
    const slots = new Int32Array(old.length * 2);
    const last = slots.length - 2;
    const shift = --this.shift;
    for (let i = 0; i < old.length; i += 2) {
      if (old[i + 1] === 0) continue;
      const hash = old[i] as number;
      let slot = (hash >>> shift) << 1;
      while (slots[slot + 1] !== 0) slot = (slot + 2) & last;
      slots[slot] = hash;
      slots[slot + 1] = old[i + 1] as number;
    }
    this.slots = slots;
    this.charge();
  }
}
