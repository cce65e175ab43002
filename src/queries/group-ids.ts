import type { RequestBlock, RequestIndex } from "../index/contract.ts";
import type { Dimension } from "./contract.ts";
import { type DimensionCodes, isManyValued } from "./dimension-codes.ts";
import { PairIds } from "./pair-ids.ts";

const NO_MEMBERS = new Uint32Array(0);

/**
 * Numbers the groups of any dimensions densely. A row has one group per combination of its values: one, unless `group` is
 * among the dimensions; rows of users without groups then have none.
 */
export class GroupIds {
  /** Result of the last assign: rows[k] belongs to group ids[k], k < count. A row stands once per group. */
  rows: Uint32Array = NO_MEMBERS;
  ids = new Uint32Array(0);
  count = 0;
  private readonly dimensions: readonly { readonly dimension: Dimension; readonly codes: DimensionCodes }[];
  /** Step k joins what the steps before made with the k-th dimension. */
  private readonly steps: readonly PairIds[];
  private readonly many: boolean;
  private expandedRows = new Uint32Array(0);
  private members: (Uint32Array | undefined)[] = [];

  /** `by` without doubles. */
  constructor(by: readonly Dimension[], codesOf: (dimension: Dimension) => DimensionCodes) {
    // The one with several values comes first: it multiplies rows, the others then only look up.
    const ordered = [...by].sort((a, b) => Number(isManyValued(b)) - Number(isManyValued(a)));
    this.dimensions = ordered.map((dimension) => ({ dimension, codes: codesOf(dimension) }));
    this.steps = ordered.map(() => new PairIds());
    this.many = ordered.some(isManyValued);
  }

  /** How many groups have been seen. */
  get groups(): number {
    return this.steps.at(-1)?.count ?? 1;
  }

  /** Before the first block, and whenever the index may have changed since the last. */
  prepare(index: RequestIndex): void {
    this.dimensions.forEach(({ codes }, k) => {
      codes.extend(index);
      this.steps[k]?.widen(codes.size);
    });
  }

  /** Fills `rows`, `ids` and `count` for rows[0, n) of the block. */
  assign(index: RequestIndex, block: RequestBlock, rows: Uint32Array, n: number): void {
    if (this.ids.length < n) this.ids = new Uint32Array(Math.max(n, 1_024));
    this.rows = rows;
    this.count = n;
    const [first] = this.dimensions;
    if (first === undefined) {
      this.ids.fill(0, 0, n);
      return;
    }
    let from = 0;
    if (this.many) {
      this.expand(index, block, first.codes, rows, n);
      from = 1;
    }
    for (let k = from; k < this.dimensions.length; k++) this.join(k, block);
  }

  /** Values of a group by dimension. */
  key(index: RequestIndex, group: number): Record<string, string> {
    const values: [string, string][] = [];
    let id = group;
    for (let k = this.dimensions.length - 1; k >= 0; k--) {
      const step = this.steps[k];
      const part = this.dimensions[k];
      if (step === undefined || part === undefined) break;
      values.push([part.dimension, part.codes.text(index, step.second[id] ?? 0)]);
      id = step.first[id] ?? 0;
    }
    return Object.fromEntries(values.reverse());
  }

  /** ids[i] = number of (ids[i], code of the row); the first step starts from 0. */
  private join(k: number, block: RequestBlock): void {
    const step = this.steps[k];
    const codes = this.dimensions[k]?.codes;
    if (step === undefined || codes === undefined) return;
    const { ids, rows, count } = this;
    const table = codes.codes;
    if (codes.table === "source") {
      for (let i = 0; i < count; i++) {
        ids[i] = step.id(k === 0 ? 0 : (ids[i] as number), table[block.source(rows[i] as number)] as number);
      }
      return;
    }
    const tuples = block[codes.table];
    if (k === 0) {
      for (let i = 0; i < count; i++) ids[i] = step.id(0, table[tuples[rows[i] as number] as number] as number);
    } else {
      for (let i = 0; i < count; i++) {
        ids[i] = step.id(ids[i] as number, table[tuples[rows[i] as number] as number] as number);
      }
    }
  }

  /** One entry per member of each row's group set. */
  private expand(index: RequestIndex, block: RequestBlock, sets: DimensionCodes, rows: Uint32Array, n: number): void {
    const step = this.steps[0];
    if (step === undefined) return;
    let count = 0;
    for (let i = 0; i < n; i++) {
      const row = rows[i] as number;
      const members = this.membersOf(index, sets.codes[block.actor[row] as number] as number);
      if (count + members.length > this.ids.length || count + members.length > this.expandedRows.length) {
        this.reserve(count + members.length, n);
      }
      for (let m = 0; m < members.length; m++) {
        this.expandedRows[count] = row;
        this.ids[count++] = step.id(0, members[m] as number);
      }
    }
    this.rows = this.expandedRows;
    this.count = count;
  }

  private membersOf(index: RequestIndex, set: number): Uint32Array {
    const known = this.members[set];
    if (known !== undefined) return known;
    const members = index.groupSet(set);
    for (const member of members) this.steps[0]?.widen(member + 1);
    while (this.members.length < set) this.members.push(undefined);
    this.members[set] = members;
    return members;
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
