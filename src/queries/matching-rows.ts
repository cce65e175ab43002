import type { RequestBlock, RequestIndex } from "../index/contract.ts";
import type { Pauses, Scan } from "./scan.ts";
import { CHUNK, ReachedTuples } from "./reach.ts";
import type { RowComparison } from "./row-order.ts";
import { type SortedBlock, SortedRows } from "./sorted-rows.ts";

/** More rows than these are sorted: each that is picked is compared with those picked so far. */
const MOST_PICKED = 1_000;

interface BlockMatches {
  readonly revision: number;
  readonly count: number;
  readonly rows: Uint32Array;
  /** The same rows in the order they were last wanted in. */
  sorted: { readonly order: string; readonly rows: Uint32Array } | null;
}

/** The rows that one selection matches, kept by block: only blocks that changed are looked at again. 4 bytes a match, 8 sorted. */
export class MatchingRows {
  total = 0;
  private blocks: { readonly block: RequestBlock; readonly matches: BlockMatches; readonly before: number }[] = [];
  private readonly known = new Map<number, BlockMatches>();

  /** Brings the list up to date with the index. */
  *update(scan: Scan): Pauses<void> {
    const { index } = scan;
    const alive = new Map<number, BlockMatches>();
    let total = 0;
    const blocks: typeof this.blocks = [];
    for (const block of index.blocks.slice()) {
      let matches = this.known.get(block.firstSeq);
      if (matches === undefined || matches.revision !== block.revision || matches.count !== block.count) {
        if (blocks.length > 0) yield;
        const { count, revision } = block;
        matches = { revision, count, rows: yield* selectedRows(scan, block, count), sorted: null };
      }
      alive.set(block.firstSeq, matches);
      blocks.push({ block, matches, before: total });
      total += matches.rows.length;
    }
    this.known.clear();
    for (const [firstSeq, matches] of alive) this.known.set(firstSeq, matches);
    this.blocks = blocks;
    this.total = total;
  }

  /** Sequence number of the match at `position` in arrival order. */
  seqAt(position: number): number {
    const found = this.blocks[this.blockAt(position)];
    if (found === undefined) return Number.NaN;
    return found.block.firstSeq + (found.matches.rows[position - found.before] ?? 0);
  }

  /** How many matches have a lower sequence number. */
  positionOf(seq: number): number {
    let low = 0;
    let high = this.blocks.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const { block, matches } = this.blocks[middle] as (typeof this.blocks)[number];
      if (block.firstSeq + matches.count <= seq) low = middle + 1;
      else high = middle;
    }
    const found = this.blocks[low];
    return found === undefined ? this.total : found.before + lowerBound(found.matches.rows, seq - found.block.firstSeq);
  }

  /** All matches in another order, `order` its name; only blocks that changed since it was last asked for are sorted. */
  *inOrder(index: RequestIndex, order: string, comparison: RowComparison): Pauses<SortedRows> {
    const sorted: SortedBlock[] = [];
    const reached = new ReachedTuples();
    for (const { block, matches } of this.blocks) {
      const isNew = matches.sorted?.order !== order;
      for (let from = 0; from < matches.count; from += CHUNK) {
        if (isNew && sorted.length > 0) yield;
        reached.include(index, block, from, Math.min(matches.count, from + CHUNK), comparison.extendables);
      }
      if (isNew) matches.sorted = { order, rows: comparison.sorted(block, matches.rows) };
      sorted.push({ block, rows: matches.sorted?.rows ?? matches.rows });
    }
    return new SortedRows(sorted, comparison);
  }

  /** Sequence numbers of the first `count` of that order, without sorting the others; null where they are sorted anyhow. */
  *firstInOrder(
    index: RequestIndex,
    order: string,
    comparison: RowComparison,
    count: number,
  ): Pauses<readonly number[] | null> {
    if (count > MOST_PICKED || this.blocks.some(({ matches }) => matches.sorted?.order === order)) return null;
    if (count < 1) return [];
    const reached = new ReachedTuples();
    const first: { readonly block: RequestBlock; readonly row: number }[] = [];
    const comesBefore = (block: RequestBlock, row: number, at: number): boolean => {
      const other = first[at];
      return other === undefined || comparison.compare(block, row, other.block, other.row) < 0;
    };
    for (const { block, matches } of this.blocks) {
      for (let from = 0; from < matches.count; from += CHUNK) {
        reached.include(index, block, from, Math.min(matches.count, from + CHUNK), comparison.extendables);
      }
      for (const row of matches.rows) {
        if (!comesBefore(block, row, count - 1)) continue;
        let [low, high] = [0, first.length];
        while (low < high) {
          const middle = (low + high) >> 1;
          if (comesBefore(block, row, middle)) high = middle;
          else low = middle + 1;
        }
        first.splice(low, 0, { block, row });
        if (first.length > count) first.pop();
      }
      yield;
    }
    return first.map(({ block, row }) => block.firstSeq + row);
  }

  private blockAt(position: number): number {
    let low = 0;
    let high = this.blocks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.blocks[middle]?.before ?? 0) <= position) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

function* selectedRows(scan: Scan, block: RequestBlock, limit: number): Pauses<Uint32Array> {
  const parts: Uint32Array[] = [];
  let count = 0;
  yield* scan.select(block, limit, (filter) => {
    if (filter.count > 0) parts.push(filter.rows.slice(0, filter.count));
    count += filter.count;
  });
  const rows = new Uint32Array(count);
  let at = 0;
  for (const part of parts) {
    rows.set(part, at);
    at += part.length;
  }
  return rows;
}

function lowerBound(rows: Uint32Array, row: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rows[middle] as number) < row) low = middle + 1;
    else high = middle;
  }
  return low;
}
