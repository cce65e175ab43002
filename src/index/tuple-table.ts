import { hashEnd, hashStep, HASH_START } from "./byte-hash.ts";
import { letGo } from "./let-go.ts";
import { MemoryBudget } from "./memory-budget.ts";

const FIRST_ROWS = 16;
/** So few are looked up as before when nothing is read any more. */
const RESTS_FROM = 16_384;

/** Distinct tuples of unsigned integers, numbered from 0, stored by column. */
export class TupleTable {
  size = 0;
  readonly width: number;
  /** Column k, indexed by tuple id. Replaced when the table grows: don't keep it over an intern. */
  readonly columns: Uint32Array[];
  private rows = FIRST_ROWS;
  /** Tuple id + 1 in as many bits as number a slot, 0 is free; above them the bits of the hash that do not tell the slot. */
  private slots = new Uint32Array(FIRST_ROWS * 2);
  private idBits = Math.log2(FIRST_ROWS * 2);

  private readonly budget: MemoryBudget;
  private charged = 0;
  /** There are no slots for what is here: see rest(). */
  private isAtRest = false;

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
    let state = HASH_START;
    for (let k = 0; k < this.width; k++) state = hashStep(state, cells[at + k] as number);
    const hash = hashEnd(state, this.width);
    const { slots, idBits } = this;
    const last = slots.length - 1;
    const tag = hash << idBits;
    for (let slot = hash >>> (32 - idBits); ; slot = (slot + 1) & last) {
      const found = slots[slot] as number;
      if (found === 0) return this.add(cells, at, tag, slot);
      if ((found ^ tag) >>> idBits === 0 && this.equals((found & last) - 1, cells, at)) return (found & last) - 1;
    }
  }

  /** Lets go what new tuples are looked up by, a third of the memory. The next new tuple has it made anew. */
  rest(): void {
    if (this.size < RESTS_FROM) return;
    this.isAtRest = true;
    this.makeSlots(Math.log2(FIRST_ROWS * 2));
    this.charge();
  }

  private equals(id: number, cells: Uint32Array, at: number): boolean {
    for (let k = 0; k < this.width; k++) {
      if ((this.columns[k] as Uint32Array)[id] !== cells[at + k]) return false;
    }
    return true;
  }

  private add(cells: Uint32Array, at: number, tag: number, slot: number): number {
    if (this.isAtRest) {
      this.isAtRest = false;
      this.rehash();
      return this.intern(cells, at);
    }
    const id = this.size++;
    if (id >= this.rows) this.grow();
    for (let k = 0; k < this.width; k++) (this.columns[k] as Uint32Array)[id] = cells[at + k] as number;
    this.slots[slot] = tag | (id + 1);
    if (this.size * 3 > this.slots.length * 2) this.rehash();
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

  private makeSlots(idBits: number): void {
    letGo(this.slots);
    this.slots = new Uint32Array(2 ** idBits);
    this.idBits = idBits;
  }

  /** From the columns, in order: their hashes cost less than to keep them. */
  private rehash(): void {
    const { columns, width } = this;
    let bits = this.idBits;
    while (this.size * 3 > 2 ** bits * 2) bits++;
    this.makeSlots(bits);
    const { slots, idBits } = this;
    const last = slots.length - 1;
    for (let id = 0; id < this.size; id++) {
      let state = HASH_START;
      for (let k = 0; k < width; k++) state = hashStep(state, (columns[k] as Uint32Array)[id] as number);
      const hash = hashEnd(state, width);
      let slot = hash >>> (32 - idBits);
      while (slots[slot] !== 0) slot = (slot + 1) & last;
      slots[slot] = (hash << idBits) | (id + 1);
    }
    this.charge();
  }
}
