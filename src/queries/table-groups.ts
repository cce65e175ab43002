import type { RequestIndex } from "../index/contract.ts";
import type { Dimension } from "./contract.ts";
import { isManyValued } from "./dimension-codes.ts";
import type { DimensionCodes } from "./tuple-codes.ts";
import { PairIds } from "./pair-ids.ts";
import { WORDS } from "./scratch.ts";
import { AHEAD, tableSize } from "./tuple-mask.ts";
import type { Table } from "./tuple-test.ts";

/**
 * The dimensions of a query that one table holds: a dense number per combination of their values, worked out once per tuple
 * and then looked up per row. Of one dimension with dense codes these are the numbers.
 */
export class TableGroups {
  readonly table: Table | "source";
  /** The dimension whose codes are the numbers; null: they are in `numbers`. */
  readonly single: DimensionCodes | null;
  /** Number + 1 by tuple id; 0 until a row asks. Single-valued dimensions only. */
  numbers = new Uint32Array(0);
  /** All tuples below it have numbers. */
  private covered = 0;
  private readonly dimensions: readonly { readonly dimension: Dimension; readonly codes: DimensionCodes }[];
  /** Step k joins what the steps before made with the k-th dimension. */
  private readonly steps: readonly PairIds[];
  /** Numbers by tuple id when `group` is among the dimensions. */
  private readonly lists: (Uint32Array | undefined)[] = [];

  constructor(table: Table | "source", dimensions: readonly { dimension: Dimension; codes: DimensionCodes }[]) {
    this.table = table;
    this.dimensions = dimensions;
    const [only] = dimensions;
    this.single = dimensions.length === 1 && only?.codes.isDense === true ? only.codes : null;
    this.steps = this.single === null ? dimensions.map(() => new PairIds()) : [];
  }

  get size(): number {
    return this.single?.size ?? this.steps.at(-1)?.count ?? 0;
  }

  get memoryBytes(): number {
    const pairs = this.steps.reduce((sum, step) => sum + step.memoryBytes, 0);
    const lists = this.lists.reduce((sum, list) => sum + (list === undefined ? 8 : list.byteLength + 100), 0);
    return pairs + lists + this.numbers.byteLength;
  }

  /** Makes room for all tuples. */
  extend(index: RequestIndex): void {
    if (this.single !== null) return;
    const size = this.table === "source" ? index.sources.length : tableSize(index, this.table);
    if (this.numbers.length >= size) return;
    const grown = new Uint32Array(Math.ceil(size * 1.25) + 16);
    grown.set(this.numbers);
    this.numbers = grown;
  }

  /** out[i] = the number of tuple ids[i], i < n. Single-valued dimensions only. */
  look(index: RequestIndex, ids: Uint32Array, n: number, out: Uint32Array): void {
    if (this.single === null) {
      // Numbering new tuples inside of the loop that looks up would double its time.
      while (!lookUp(this.numbers, ids, n, out)) this.numberAll(index, ids, n);
      return;
    }
    this.single.cover(index, ids, n);
    const { codes } = this.single;
    for (let i = 0; i < n; i++) out[i] = codes[ids[i] as number] as number;
  }

  /** The same of rows[0, n), whose tuples are in `tuples` by row. */
  lookRows(index: RequestIndex, tuples: Uint32Array, rows: Uint32Array, n: number, out: Uint32Array): void {
    const { single } = this;
    if (single === null) {
      this.numberAhead(index, tuples, rows, n);
      if (lookUpRows(this.numbers, tuples, rows, n, out)) return;
    } else if (single.isComplete(index)) {
      const { codes } = single;
      for (let i = 0; i < n; i++) out[i] = codes[tuples[rows[i] as number] as number] as number;
      return;
    }
    const ids = WORDS.take(n);
    for (let i = 0; i < n; i++) ids[i] = tuples[rows[i] as number] as number;
    this.look(index, ids, n, out);
    WORDS.give(ids);
  }

  /** Numbers all tuples up to the last of rows[0, n), unless these are few: tuples are numbered as they arrive. */
  private numberAhead(index: RequestIndex, tuples: Uint32Array, rows: Uint32Array, n: number): void {
    const { table, covered, numbers, dimensions } = this;
    if (table === "source" || covered >= tableSize(index, table)) return;
    let size = 0;
    for (let i = 0; i < n; i++) size = Math.max(size, (tuples[rows[i] as number] as number) + 1);
    if (size <= covered || size - covered > AHEAD * n) return;
    for (const { codes } of dimensions) codes.extend(index, { actor: size, target: size, outcome: size });
    for (let id = covered; id < size; id++) if (numbers[id] === 0) this.numberOf(id);
    this.covered = size;
  }

  /** Its codes are known. */
  private numberOf(id: number): void {
    const { dimensions, steps } = this;
    let number = 0;
    for (let k = 0; k < steps.length; k++) {
      const { codes } = (dimensions[k] as (typeof dimensions)[number]).codes;
      number = (steps[k] as PairIds).id(number, codes[id] as number);
    }
    this.numbers[id] = number + 1;
  }

  private numberAll(index: RequestIndex, ids: Uint32Array, n: number): void {
    const { numbers, dimensions } = this;
    for (const { codes } of dimensions) codes.cover(index, ids, n);
    for (let i = 0; i < n; i++) {
      const id = ids[i] as number;
      if (numbers[id] === 0) this.numberOf(id);
    }
  }

  /** Numbers of a tuple, one for each of its groups. */
  list(index: RequestIndex, id: number): Uint32Array {
    const known = this.lists[id];
    if (known !== undefined) return known;
    let numbers = Uint32Array.of(0);
    this.dimensions.forEach(({ dimension, codes }, k) => {
      const step = this.steps[k] as PairIds;
      const code = codes.of(index, id);
      const values = isManyValued(dimension) ? index.groupSet(code) : Uint32Array.of(code);
      numbers = Uint32Array.from(
        [...numbers].flatMap((number) => Array.from(values, (value) => step.id(number, value))),
      );
    });
    while (this.lists.length < id) this.lists.push(undefined);
    this.lists[id] = numbers;
    return numbers;
  }

  /** Adds the values of a number to a group's key. */
  readKey(index: RequestIndex, number: number, into: Map<Dimension, string>): void {
    const { single } = this;
    if (single !== null) {
      for (const { dimension } of this.dimensions) into.set(dimension, single.text(index, number));
      return;
    }
    let id = number;
    for (let k = this.dimensions.length - 1; k >= 0; k--) {
      const { first, second } = this.steps[k] as PairIds;
      const part = this.dimensions[k];
      if (part !== undefined) into.set(part.dimension, part.codes.text(index, second[id] ?? 0));
      id = first[id] ?? 0;
    }
  }
}

/** False when some tuple has no number yet. */
function lookUp(numbers: Uint32Array, ids: Uint32Array, n: number, out: Uint32Array): boolean {
  let unknown = 0;
  for (let i = 0; i < n; i++) {
    const number = numbers[ids[i] as number] as number;
    if (number === 0) unknown++;
    out[i] = number - 1;
  }
  return unknown === 0;
}

function lookUpRows(
  numbers: Uint32Array,
  tuples: Uint32Array,
  rows: Uint32Array,
  n: number,
  out: Uint32Array,
): boolean {
  let unknown = 0;
  for (let i = 0; i < n; i++) {
    const number = numbers[tuples[rows[i] as number] as number] as number;
    if (number === 0) unknown++;
    out[i] = number - 1;
  }
  return unknown === 0;
}
