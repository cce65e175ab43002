import { ABSENT, type RequestIndex } from "../index/contract.ts";
import { codesOf, type TextColumn } from "./column.ts";
import { type Derive, DerivedTexts, TextCodes } from "./derived-texts.ts";
import { type Reach, wholeReach } from "./reach.ts";
import { AHEAD, tableSize } from "./tuple-mask.ts";
import type { Table } from "./tuple-test.ts";

/** A dimension as small numbers: one code per tuple, so that grouping a row is an array lookup. */
export interface DimensionCodes {
  readonly table: Table | "source";
  /** By tuple id (or source number); valid after extend. */
  readonly codes: Uint32Array;
  /** Codes are below this. */
  readonly size: number;
  /** Every code below `size` is some row's or may become it: groups need no numbers of their own. */
  readonly isDense: boolean;
  /** Covers the tuples within reach; default: all the table has. */
  extend(index: RequestIndex, reach?: Reach): void;
  /** Whether all tuples there are are covered. */
  isComplete(index: RequestIndex): boolean;
  /** Covers the tuples ids[0, n). */
  cover(index: RequestIndex, ids: Uint32Array, n: number): void;
  /** Code of any tuple. */
  of(index: RequestIndex, id: number): number;
  text(index: RequestIndex, code: number): string;
}

/** Codes of all tuples at once: nothing is worked out one by one. */
export abstract class ReadyCodes implements DimensionCodes {
  abstract readonly table: Table | "source";
  abstract readonly isDense: boolean;
  abstract readonly codes: Uint32Array;
  abstract readonly size: number;

  isComplete(index: RequestIndex): boolean {
    this.extend(index);
    return true;
  }

  cover(index: RequestIndex): void {
    this.extend(index);
  }

  abstract extend(index: RequestIndex): void;
  abstract of(index: RequestIndex, id: number): number;
  abstract text(index: RequestIndex, code: number): string;
}

/** The index's own codes. */
export class ColumnCodes extends ReadyCodes {
  readonly table: Table;
  readonly isDense = true;
  codes = new Uint32Array(0);
  size = 0;
  private readonly column: TextColumn;

  constructor(column: TextColumn) {
    super();
    this.table = column.table;
    this.column = column;
  }

  extend(index: RequestIndex): void {
    this.codes = codesOf(index, this.column) as Uint32Array<ArrayBuffer>;
    this.size = index.dictionaries[this.column.fact].size;
  }

  of(index: RequestIndex, id: number): number {
    return codesOf(index, this.column)[id] ?? ABSENT;
  }

  text(index: RequestIndex, code: number): string {
    return index.dictionaries[this.column.fact].text(code);
  }
}

/** Computed once per tuple: of all below `filled`, and of those that were asked for. */
export abstract class ComputedCodes implements DimensionCodes {
  readonly table: Table;
  readonly isDense: boolean = true;
  codes = new Uint32Array(0);
  private filled = 0;
  private known = new Uint8Array(0);

  constructor(table: Table) {
    this.table = table;
  }

  abstract get size(): number;
  abstract text(index: RequestIndex, code: number): string;
  protected abstract codeOf(index: RequestIndex, id: number): number;

  extend(index: RequestIndex, reach: Reach = wholeReach(index)): void {
    this.fill(index, reach[this.table]);
  }

  isComplete(index: RequestIndex): boolean {
    return this.filled >= tableSize(index, this.table);
  }

  cover(index: RequestIndex, ids: Uint32Array, n: number): void {
    if (this.isComplete(index)) return;
    let size = 0;
    for (let i = 0; i < n; i++) size = Math.max(size, (ids[i] as number) + 1);
    if (size - this.filled <= AHEAD * n) this.fill(index, size);
    else for (let i = 0; i < n; i++) this.of(index, ids[i] as number);
  }

  /** Of tuples [from, to) that are not `known`. */
  protected compute(index: RequestIndex, from: number, to: number, codes: Uint32Array, known: Uint8Array): void {
    for (let id = from; id < to; id++) if (known[id] === 0) codes[id] = this.codeOf(index, id);
  }

  of(index: RequestIndex, id: number): number {
    if (id >= this.codes.length) this.grow(index);
    if (id < this.filled || this.known[id] !== 0) return this.codes[id] as number;
    this.known[id] = 1;
    return (this.codes[id] = this.codeOf(index, id));
  }

  /** Covers the tuples below `size`. */
  private fill(index: RequestIndex, size: number): void {
    if (this.filled >= size) return;
    if (this.codes.length < size) this.grow(index);
    this.compute(index, this.filled, size, this.codes, this.known);
    this.filled = size;
  }

  private grow(index: RequestIndex): void {
    const size = Math.ceil(tableSize(index, this.table) * 1.25) + 16;
    const codes = new Uint32Array(size);
    codes.set(this.codes);
    this.codes = codes;
    const known = new Uint8Array(size);
    known.set(this.known);
    this.known = known;
  }
}

export class NumberCodes extends ComputedCodes {
  override readonly isDense = false;
  readonly size: number;
  private readonly read: (index: RequestIndex, id: number) => number;
  private readonly print: (code: number) => string;

  constructor(read: (index: RequestIndex, id: number) => number, size: number, print: (code: number) => string) {
    super("outcome");
    this.size = size;
    this.read = read;
    this.print = print;
  }

  text(_index: RequestIndex, code: number): string {
    return this.print(code);
  }

  protected codeOf(index: RequestIndex, id: number): number {
    return this.read(index, id);
  }
}

export class DerivedCodes extends ComputedCodes {
  private readonly column: TextColumn;
  private readonly texts = new TextCodes();
  private readonly derived: DerivedTexts;

  constructor(column: TextColumn, derive: Derive) {
    super(column.table);
    this.column = column;
    this.derived = new DerivedTexts(this.texts, derive);
  }

  get size(): number {
    return this.texts.texts.length;
  }

  text(_index: RequestIndex, code: number): string {
    return this.texts.texts[code] ?? "";
  }

  protected codeOf(index: RequestIndex, id: number): number {
    return this.derived.codeOf(index.dictionaries[this.column.fact], codesOf(index, this.column)[id] ?? ABSENT);
  }
}
