import type { RequestBlock, RequestIndex } from "../index/contract.ts";
import type { Dimension } from "./contract.ts";
import { isManyValued } from "./dimension-codes.ts";
import type { DimensionCodes } from "./tuple-codes.ts";
import { PairIds } from "./pair-ids.ts";
import { WORDS } from "./scratch.ts";
import type { Table } from "./tuple-test.ts";
import { TableGroups } from "./table-groups.ts";

const NONE = new Uint32Array(0);

/**
 * Numbers the groups of any dimensions densely. A row has one group per combination of its values: one, unless `group` is
 * among the dimensions; rows of users without groups then have none.
 */
export class GroupIds {
  /** Result of the last assign: rows[k] belongs to group ids[k], k < count. A row stands once per group. */
  rows: Uint32Array = NONE;
  ids = new Uint32Array(0);
  count = 0;
  private readonly tables: readonly TableGroups[];
  /** Step k joins what the tables before made with the k-th table. */
  private readonly steps: readonly PairIds[];
  private readonly many: boolean;
  private seconds = new Uint32Array(0);
  private joined = new Uint32Array(0);
  private expandedRows = new Uint32Array(0);

  /** `by` without doubles. */
  constructor(by: readonly Dimension[], codesOf: (dimension: Dimension) => DimensionCodes) {
    const parts = by.map((dimension) => ({ dimension, codes: codesOf(dimension) }));
    this.many = by.some(isManyValued);
    // The table with several values per row comes first: it multiplies rows, the others then only look up.
    const tables = (["actor", "target", "outcome", "source"] as const).map((table) => ({
      table,
      own: parts.filter(({ codes }) => codes.table === table),
    }));
    this.tables = tables.filter(({ own }) => own.length > 0).map(({ table, own }) => new TableGroups(table, own));
    this.steps = this.tables.map(() => new PairIds());
  }

  /** What numbers the groups by the tuples of one table; null: several tables do, or rows have several groups. */
  get byTuple(): { readonly table: Table; readonly groups: TableGroups } | null {
    const [groups] = this.tables;
    if (groups === undefined || this.tables.length > 1 || this.many || groups.table === "source") return null;
    return { table: groups.table, groups };
  }

  /** The dimension whose codes number the groups; null: several do. */
  get single(): DimensionCodes | null {
    return this.tables.length === 1 ? (this.tables[0]?.single ?? null) : null;
  }

  /** How many groups have been seen. */
  get groups(): number {
    if (this.tables.length === 0) return 1;
    return (this.tables.length === 1 ? this.tables[0]?.size : this.steps.at(-1)?.count) ?? 0;
  }

  get memoryBytes(): number {
    const scratch = 2 * this.ids.byteLength + this.seconds.byteLength + this.expandedRows.byteLength;
    const parts = [...this.tables, ...this.steps];
    return parts.reduce((sum, part) => sum + part.memoryBytes, scratch);
  }

  /** Before the first block, and whenever the index may have changed since the last. */
  extend(index: RequestIndex): void {
    for (const table of this.tables) table.extend(index);
  }

  /** Fills `rows`, `ids` and `count` for rows[0, n) of the block. */
  assign(index: RequestIndex, block: RequestBlock, rows: Uint32Array, n: number): void {
    if (this.ids.length < n) this.ids = new Uint32Array(Math.max(n, 1_024));
    this.rows = rows;
    this.count = n;
    const [first, ...others] = this.tables;
    if (first === undefined) {
      this.ids.fill(0, 0, n);
      return;
    }
    if (this.many) this.expand(index, block, first);
    else lookUp(index, first, block, rows, n, this.ids);
    others.forEach((table, k) => {
      if (this.seconds.length < this.count) {
        this.seconds = new Uint32Array(this.ids.length);
        this.joined = new Uint32Array(this.ids.length);
      }
      lookUp(index, table, block, this.rows, this.count, this.seconds);
      this.steps[k + 1]?.join(this.ids, this.seconds, this.count, this.joined);
      [this.ids, this.joined] = [this.joined, this.ids];
    });
  }

  /** Values of a group by dimension. */
  key(index: RequestIndex, group: number): ReadonlyMap<Dimension, string> {
    const key = new Map<Dimension, string>();
    let id = group;
    for (let k = this.tables.length - 1; k > 0; k--) {
      const step = this.steps[k] as PairIds;
      this.tables[k]?.readKey(index, step.second[id] ?? 0, key);
      id = step.first[id] ?? 0;
    }
    this.tables[0]?.readKey(index, id, key);
    return key;
  }

  /** One entry per value of each row. */
  private expand(index: RequestIndex, block: RequestBlock, table: TableGroups): void {
    const { rows, count: n } = this;
    let count = 0;
    for (let i = 0; i < n; i++) {
      const row = rows[i] as number;
      const numbers = table.list(index, block.actor[row] as number);
      if (count + numbers.length > this.expandedRows.length) this.reserve(count + numbers.length, n);
      for (let k = 0; k < numbers.length; k++) {
        this.expandedRows[count] = row;
        this.ids[count++] = numbers[k] as number;
      }
    }
    this.rows = this.expandedRows;
    this.count = count;
  }

  private reserve(least: number, rows: number): void {
    const length = Math.max(least * 2, rows * 4, this.ids.length);
    const ids = new Uint32Array(length);
    ids.set(this.ids);
    this.ids = ids;
    const expanded = new Uint32Array(length);
    expanded.set(this.expandedRows);
    this.expandedRows = expanded;
  }
}

/** out[i] = the number of row rows[i] in `groups`. */
function lookUp(
  index: RequestIndex,
  groups: TableGroups,
  block: RequestBlock,
  rows: Uint32Array,
  n: number,
  out: Uint32Array,
): void {
  if (groups.table === "source") {
    const ids = WORDS.take(n);
    for (let i = 0; i < n; i++) ids[i] = block.source(rows[i] as number);
    groups.look(index, ids, n, out);
    WORDS.give(ids);
    return;
  }
  groups.lookRows(index, block[groups.table], rows, n, out);
}
