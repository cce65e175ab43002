import type { TimeZone } from "../models/times.ts";
import type { AnswerTable, CellLook } from "../panes/answer-table.ts";
import type { DataSection, OutputRow } from "./output.ts";
import { secondTime, timeTitle } from "./text.ts";

interface Zoned {
  /** Of times whose columns say so. */
  readonly zone: TimeZone;
}

export type PrintedLook = CellLook & Zoned;

export function printedLook(zone: TimeZone): PrintedLook {
  return {
    unicode: true,
    isPrinted: true,
    width: Number.POSITIVE_INFINITY,
    timeText: (iso) => secondTime(iso, zone),
    zone,
  };
}

/** `2026-11-21 00:09:31` */
const TIME_WIDTH = 19;
/** Room that columns have at least, where a terminal has that many. */
const NARROW = 80;

/** What a writer needs of a table, without its rows. No wider than their cells, since nothing scrolls. */
export function printedTable<Row extends object, Look extends CellLook>(
  { columns, fields = [], title, empty }: AnswerTable<Row, Look>,
  look: NoInfer<Look> & Zoned,
  recordOf: (row: Row) => object = (row) => row,
): Omit<DataSection, "batches"> & { readonly row: (row: Row) => OutputRow } {
  const shown = columns.filter(({ only }) => only !== "screen");
  return {
    ...(title === undefined ? {} : { title }),
    ...(empty === undefined ? {} : { empty }),
    fields,
    isSnug: true,
    columns: shown.map((column) => {
      const { width: _width, maxWidth: _maxWidth, ...each } = { ...column, ...column.room?.(NARROW) };
      if (each.isTime !== true) return { ...each, title: column.title };
      return { ...each, minWidth: Math.max(TIME_WIDTH, each.minWidth ?? 0), title: timeTitle(column.title, look.zone) };
    }),
    row: (row) => ({
      record: recordOf(row) as Readonly<Record<string, unknown>>,
      cells: () => shown.map((each) => each.cell(row, look)),
    }),
  };
}

/** A table of a pane as a headless one. `recordOf`: as JSON has a row; absent: as it is. */
export function tableSection<Row extends object, Look extends CellLook>(
  table: AnswerTable<Row, Look>,
  rows: readonly Row[],
  look: NoInfer<Look> & Zoned,
  recordOf?: (row: Row) => object,
): DataSection {
  const { row, ...section } = printedTable(table, look, recordOf);
  return { ...section, batches: [rows.map(row)] };
}
