import { layoutTable } from "../models/table-layout.ts";
import { count } from "../models/numbers.ts";
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
  const place = listPlace(context.frame, ids, page);
  const { lines, cursorLine } = layoutTable(screenTable(table, screenLook(context), place.shown(rows), place.rows), {
    width: context.width,
    cursorId: place.cursorId,
  });
  return { lines, cursorLine, rows: place.rows, index: place.index };
}

/** Below a head. */
export function underHead(
  head: readonly Line[],
  { lines, cursorLine, rows }: Omit<TablePage, "index">,
): Omit<TablePage, "index"> {
  return { lines: [...head, ...lines], cursorLine: cursorLine === null ? null : cursorLine + head.length, rows };
}

/** `3 of 412` */
export function placeText({ index, rows }: Pick<TablePage, "index" | "rows">): string {
  return `${count(rows.count === 0 ? 0 : index + 1)} of ${count(rows.count)}`;
}
