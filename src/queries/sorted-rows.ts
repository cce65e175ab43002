import type { RequestBlock } from "../index/contract.ts";
import type { RowComparison } from "./row-order.ts";

/** Rows of one block, in order. */
export interface SortedBlock {
  readonly block: RequestBlock;
  readonly rows: Uint32Array;
}

/**
 * Rows that are sorted by block, as one list: what a page needs is found by bisection, and nothing is merged but the page.
 * Costs some hundred comparisons a block and page, however many rows there are.
 */
export class SortedRows {
  private readonly blocks: readonly SortedBlock[];
  private readonly comparison: RowComparison;

  constructor(blocks: readonly SortedBlock[], comparison: RowComparison) {
    this.blocks = blocks;
    this.comparison = comparison;
  }

  /** How many rows come before this one, which need not be among them. */
  positionOf(block: RequestBlock, row: number): number {
    return this.blocks.reduce((sum, { rows }, at) => sum + this.before(at, 0, rows.length, block, row), 0);
  }

  /** Sequence numbers of `count` rows from `position` on. */
  seqs(position: number, count: number): number[] {
    const at = this.cut(position);
    const isBefore = (a: number, b: number): boolean => this.compareAt(a, at[a] as number, b, at[b] as number) < 0;
    /** Blocks with rows left, the one whose row is next last. */
    const heads: number[] = [];
    const add = (k: number): void => {
      if ((at[k] as number) < (this.blocks[k] as SortedBlock).rows.length)
        heads.splice(placeOf(k, heads, isBefore), 0, k);
    };
    this.blocks.forEach((_, k) => add(k));
    const seqs: number[] = [];
    while (seqs.length < count) {
      const next = heads.pop();
      if (next === undefined) break;
      const { block, rows } = this.blocks[next] as SortedBlock;
      const place = at[next] as number;
      seqs.push(block.firstSeq + (rows[place] as number));
      at[next] = place + 1;
      add(next);
    }
    return seqs;
  }

  /** How many rows of each block are among the first `position` of all. */
  private cut(position: number): number[] {
    const low = this.blocks.map(() => 0);
    const high = this.blocks.map(({ rows }) => rows.length);
    for (;;) {
      // The middle of the longest stretch left divides all the others too.
      let widest = 0;
      low.forEach((from, k) => {
        if (width(high, k) - from > width(high, widest) - (low[widest] as number)) widest = k;
      });
      const [from, to] = [low[widest] ?? 0, high[widest] ?? 0];
      if (from >= to) return low;
      const middle = (from + to) >> 1;
      const { block, rows } = this.blocks[widest] as SortedBlock;
      const pivot = rows[middle] as number;
      const before = low.map((start, k) =>
        k === widest ? middle : this.before(k, start, high[k] as number, block, pivot),
      );
      const sum = before.reduce((all, one) => all + one, 0);
      if (sum > position) before.forEach((end, k) => (high[k] = end));
      else {
        before.forEach((start, k) => (low[k] = start));
        if (sum === position) return low;
        low[widest] = middle + 1;
      }
    }
  }

  /** Rows of block `k` before this one, where it is known to lie in [from, to]. */
  private before(k: number, from: number, to: number, block: RequestBlock, row: number): number {
    const own = this.blocks[k] as SortedBlock;
    let low = from;
    let high = to;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.comparison.compare(own.block, own.rows[middle] as number, block, row) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private compareAt(a: number, atA: number, b: number, atB: number): number {
    const [left, right] = [this.blocks[a] as SortedBlock, this.blocks[b] as SortedBlock];
    return this.comparison.compare(left.block, left.rows[atA] as number, right.block, right.rows[atB] as number);
  }
}

/** Where `k` belongs among `heads`, of which the last comes first. */
function placeOf(k: number, heads: readonly number[], isBefore: (a: number, b: number) => boolean): number {
  let low = 0;
  let high = heads.length;
  while (low < high) {
    // The last one first: runs of rows from one block are the rule.
    const middle = high === heads.length ? high - 1 : (low + high) >> 1;
    if (isBefore(k, heads[middle] as number)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function width(high: readonly number[], k: number): number {
  return high[k] as number;
}
