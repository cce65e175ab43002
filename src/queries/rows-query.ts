import type { RequestIndex } from "../index/contract.ts";
import type { RowsQuery, RowsResult } from "./contract.ts";
import { type MatchingRows, receivedUsOf } from "./matching-rows.ts";

const DEFAULT_PAGE = 100;

/** One page of the matches, oldest first, as sequence numbers. Anchors that do not match count by where they would stand. */
export function pageOf(index: RequestIndex, matching: MatchingRows, query: RowsQuery): RowsResult<number> {
  const { total } = matching;
  const order = query.order === "received" ? matching.timeOrder() : null;
  const seqAt = (position: number): number => matching.seqAt(order === null ? position : (order[position] as number));
  const anchor = query.anchor ?? "newest";
  const at = anchorPosition(index, matching, order, query, anchor);
  const isNewest = query.position === undefined && anchor === "newest";
  const before = query.before ?? (isNewest ? DEFAULT_PAGE : 0);
  const after = query.after ?? (isNewest ? 1 : DEFAULT_PAGE);
  const first = Math.max(0, at - before);
  const end = Math.min(total, at + after);
  return {
    total,
    first,
    rows: Array.from({ length: Math.max(0, end - first) }, (_, i) => seqAt(first + i)),
  };
}

/** Position of the row that the page is built around: it is the first of `after`. */
function anchorPosition(
  index: RequestIndex,
  matching: MatchingRows,
  order: Uint32Array | null,
  query: RowsQuery,
  anchor: NonNullable<RowsQuery["anchor"]>,
): number {
  const last = Math.max(0, matching.total - 1);
  if (query.position !== undefined) return Math.min(last, Math.max(0, Math.floor(query.position)));
  if (anchor === "newest") return last;
  if (anchor === "oldest") return 0;
  if (order === null) return matching.positionOf(anchor.seq);
  return positionByTime(index, matching, order, anchor.seq);
}

/** Where a row stands among the matches by (time received, arrival); a row that is gone stands before all. */
function positionByTime(index: RequestIndex, matching: MatchingRows, order: Uint32Array, seq: number): number {
  const us = receivedUsOf(index, seq);
  if (index.locate(seq) === null) return 0;
  let low = 0;
  let high = order.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const otherSeq = matching.seqAt(order[middle] as number);
    if (comesBefore(receivedUsOf(index, otherSeq), otherSeq, us, seq)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Rows without a time come last. */
function comesBefore(us: number, seq: number, otherUs: number, otherSeq: number): boolean {
  if (Number.isNaN(us) || Number.isNaN(otherUs)) {
    return Number.isNaN(us) === Number.isNaN(otherUs) ? seq < otherSeq : Number.isNaN(otherUs);
  }
  return us < otherUs || (us === otherUs && seq < otherSeq);
}
