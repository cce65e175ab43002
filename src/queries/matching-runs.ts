import type { RequestBlock, RequestIndex } from "../index/contract.ts";
import type { Selection } from "./contract.ts";
import type { IndexQueries } from "./index-queries.ts";
import type { Pauses } from "./scan.ts";

/** Rows taken between two pauses. */
const RUN = 16_384;

/** What a pass over matching rows builds. Codes and tuple ids it keeps are valid until its end. */
export interface RowVisitor<T> {
  /** Before every run: the index may have grown since the last. */
  extend(index: RequestIndex): void;
  /** rows[0, count) of one block match, oldest first. */
  add(index: RequestIndex, block: RequestBlock, rows: Uint32Array, count: number): void;
  /** Pauses where there is much to work out. */
  result(index: RequestIndex): Pauses<T>;
}

/**
 * One pass over the rows a selection matches, oldest first, pausing every 16,384 rows. Rows evicted meanwhile are passed
 * over; when the index renumbers its codes meanwhile, the pass starts again with a fresh visitor.
 */
export function* visitMatching<T>(
  queries: IndexQueries,
  index: RequestIndex,
  selection: Selection,
  visitor: () => RowVisitor<T>,
): Pauses<T> {
  for (;;) {
    const { generation } = index;
    const visit = visitor();
    if (!(yield* visitAll(queries, index, selection, visit, generation))) continue;
    const result = visit.result(index);
    for (let step = result.next(); index.generation === generation; step = result.next()) {
      if (step.done === true) return step.value;
      yield;
    }
  }
}

/** False when codes were renumbered on the way. */
function* visitAll(
  queries: IndexQueries,
  index: RequestIndex,
  selection: Selection,
  visit: RowVisitor<unknown>,
  generation: number,
): Pauses<boolean> {
  const rows = new Uint32Array(RUN);
  const endSeq = index.endSeq;
  let anchor: { readonly seq: number } | "oldest" = "oldest";
  for (;;) {
    const page: { readonly rows: readonly number[] } = yield* queries.rows({
      ...selection,
      anchor,
      before: 0,
      after: RUN,
    });
    if (index.generation !== generation) return false;
    visit.extend(index);
    for (const { block, from, to } of runsOf(index, page.rows, endSeq)) {
      for (let at = from; at < to; at++) rows[at - from] = (page.rows[at] as number) - block.firstSeq;
      visit.add(index, block, rows, to - from);
    }
    const last = page.rows.at(-1);
    if (last === undefined || page.rows.length < RUN || last + 1 >= endSeq) return true;
    anchor = { seq: last + 1 };
    yield;
    if (index.generation !== generation) return false;
  }
}

/** Positions [from, to) of `seqs` (ascending) that lie in one block each. */
function* runsOf(
  index: RequestIndex,
  seqs: readonly number[],
  endSeq: number,
): Generator<{ readonly block: RequestBlock; readonly from: number; readonly to: number }> {
  for (let from = 0; from < seqs.length;) {
    const first = seqs[from] as number;
    if (first >= endSeq) return;
    const place = index.locate(first);
    if (place === null) {
      from += 1;
      continue;
    }
    const end = Math.min(endSeq, place.block.firstSeq + place.block.count);
    let to = from + 1;
    while (to < seqs.length && (seqs[to] as number) < end) to += 1;
    yield { block: place.block, from, to };
    from = to;
  }
}
