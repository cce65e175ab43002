import { layoutTable } from "../models/table-layout.ts";
import type { Cell, Column, Line } from "../models/view.ts";
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

export interface PagedTable<Row> {
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  /** Repeated ones are told apart. */
  idOf(row: Row): string;
  cells(row: Row): readonly Cell[];
  /** Shown instead of rows. */
  readonly empty?: string;
}

/** `height`: lines it may take, the titles among them. */
export function tablePage<Row>(
  context: PaneContext,
  { columns, rows, idOf, cells, empty }: PagedTable<Row>,
  height: number,
): TablePage {
  const ids = distinctIds(rows.map((row) => idOf(row)));
  const page = Math.max(1, height - 1);
  const place = listPlace(context.frame, ids, page);
  const shown = rows.slice(place.top, place.top + page);
  const table = layoutTable(
    {
      kind: "table",
      columns,
      rows: shown.map((row, at) => ({ id: ids[place.top + at] ?? "", cells: cells(row) })),
      rowCount: rows.length,
      firstRow: place.top,
      ...(empty === undefined ? {} : { empty }),
    },
    { width: context.width, cursorId: ids[place.index] ?? null },
  );
  return {
    lines: table.lines,
    cursorLine: table.cursorLine,
    rows: { count: ids.length, top: place.top, page, ids: ids.slice(place.top, place.top + page) },
    index: place.index,
  };
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
