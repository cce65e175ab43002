import { layoutTable } from "../models/table-layout.ts";
import type { Line } from "../models/view.ts";
import { type AnswerTable, screenLook, screenTable } from "./answer-table.ts";
import type { PaneContext, PaneView } from "./contract.ts";
import { distinctIds, listPlace } from "./list-place.ts";

/** A page of a table whose rows are all known, around the cursor's row. */
export interface TablePage {
  readonly lines: readonly Line[];
  readonly cursorLine: number | null;
  readonly rows: PaneView["rows"];
  /** Of the row under the cursor; 0 where there is none. */
  readonly index: number;
}

interface PagedTable<Row> {
  readonly table: AnswerTable<Row>;
  readonly rows: readonly Row[];
  /** Repeated ones are told apart. */
  idOf(row: Row): string;
}

/** `height`: lines it may take, the titles among them. */
export function tablePage<Row>(
  context: PaneContext,
  { table, rows, idOf }: PagedTable<Row>,
  height: number,
): TablePage {
  const ids = distinctIds(rows.map((row) => idOf(row)));
  const page = Math.max(1, height - 1);
  const { top, index } = listPlace(context.frame, ids, page);
  const [shown, shownIds] = [rows.slice(top, top + page), ids.slice(top, top + page)];
  const { lines, cursorLine } = layoutTable(
    screenTable(table, screenLook(context), shown, { ids: shownIds, count: rows.length, top }),
    { width: context.width, cursorId: ids[index] ?? null },
  );
  return { lines, cursorLine, rows: { count: ids.length, top, page, ids: shownIds }, index };
}

/** Below a head. */
export function underHead(
  head: readonly Line[],
  { lines, cursorLine, rows }: TablePage,
): Pick<PaneView, "lines" | "cursorLine" | "rows"> {
  return {
    lines: [...head, ...lines],
    cursorLine: cursorLine === null ? null : cursorLine + head.length,
    rows,
  };
}
