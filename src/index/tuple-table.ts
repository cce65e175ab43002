import { hashEnd, hashStep, HASH_START } from "./byte-hash.ts";

const FIRST_ROWS = 16;

/** Distinct tuples of unsigned integers, numbered from 0, stored by column. */
export class TupleTable {
  size = 0;
  readonly width: number;
  /** Column k, indexed by tuple id. Replaced when the table grows: don't keep it over an intern. */
  readonly columns: Uint32Array[];
  private hashes = new Int32Array(FIRST_ROWS);
  /** Tuple id + 1; 0 is free. */
  private slots = new Uint32Array(FIRST_ROWS * 2);

  constructor(width: number) {
    this.width = width;
    this.columns = Array.from({ length: width }, () => new Uint32Array(FIRST_ROWS));
  }

  get memoryBytes(): number {
    return (this.hashes.length * (this.width + 1) + this.slots.length) * 4;
  }

  /** Id of the tuple in cells[at, at + width). */
  intern(cells: Uint32Array, at = 0): number {
    const width = this.width;
    let state = HASH_START;
    for (let k = 0; k < width; k++) state = hashStep(state, cells[at + k] as number);
    const hash = hashEnd(state, width);
    const mask = this.slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const found = this.slots[slot] as number;
      if (found === 0) return this.add(cells, at, hash, slot);
      if (this.hashes[found - 1] === hash && this.equals(found - 1, cells, at)) return found - 1;
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
    if (id >= this.hashes.length) this.grow();
    for (let k = 0; k < this.width; k++) (this.columns[k] as Uint32Array)[id] = cells[at + k] as number;
    this.hashes[id] = hash;
    this.slots[slot] = id + 1;
    if (this.size * 3 > this.slots.length * 2) this.rehash(this.slots.length * 2);
    return id;
  }

  private grow(): void {
    const rows = Math.ceil(this.hashes.length * 1.5);
    for (let k = 0; k < this.width; k++) {
      const column = new Uint32Array(rows);
      column.set(this.columns[k] as Uint32Array);
      this.columns[k] = column;
    }
    const hashes = new Int32Array(rows);
    hashes.set(this.hashes);
    this.hashes = hashes;
  }

  private rehash(length: number): void {
    const slots = new Uint32Array(length);
    const mask = length - 1;
    for (let id = 0; id < this.size; id++) {
      let slot = (this.hashes[id] as number) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = id + 1;
    }
    this.slots = slots;
  }
}
