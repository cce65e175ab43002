import type { RequestIndex } from "../index/contract.ts";
import type { RowsQuery, RowsResult } from "./contract.ts";
import type { MatchingRows } from "./matching-rows.ts";
import type { SortedRows } from "./sorted-rows.ts";

export const DEFAULT_PAGE = 100;

/** One page of the matches as sequence numbers; `sorted` null: in the order they came. */
export function pageOf(
  index: RequestIndex,
  matching: MatchingRows,
  sorted: SortedRows | null,
  query: RowsQuery,
): RowsResult<number> {
  const { total } = matching;
  const anchor = query.anchor ?? "newest";
  const at = anchorPosition(index, matching, sorted, query, anchor);
  const isNewest = query.position === undefined && anchor === "newest";
  const before = query.before ?? (isNewest ? DEFAULT_PAGE : 0);
  const after = query.after ?? (isNewest ? 1 : DEFAULT_PAGE);
  const first = Math.max(0, at - before);
  const rows = Math.max(0, Math.min(total, at + after) - first);
  return {
    total,
    first,
    at,
    rows: sorted?.seqs(first, rows) ?? Array.from({ length: rows }, (_, i) => matching.seqAt(first + i)),
  };
}

/** Position of the row that the page is built around, the first of `after`; one that does not match counts by where it would stand. */
function anchorPosition(
  index: RequestIndex,
  matching: MatchingRows,
  sorted: SortedRows | null,
  query: RowsQuery,
  anchor: NonNullable<RowsQuery["anchor"]>,
): number {
  const last = Math.max(0, matching.total - 1);
  if (query.position !== undefined) return Math.min(last, Math.max(0, Math.floor(query.position)));
  if (anchor === "newest") return last;
  if (anchor === "oldest") return 0;
  if (sorted === null) return matching.positionOf(anchor.seq);
  const place = index.locate(anchor.seq);
  // What is gone was the oldest.
  return place === null ? 0 : sorted.positionOf(place.block, place.row);
}
