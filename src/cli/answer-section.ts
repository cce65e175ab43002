import type { AnswerColumn, CellLook } from "../panes/answer-column.ts";
import { shownValue } from "../panes/dimensions.ts";
import type { Dimension } from "../queries/contract.ts";
import type { TimeZone } from "../models/times.ts";
import { textCell } from "./cells.ts";
import type { OutputRow, Section } from "./output.ts";
import { secondTime, timeTitle } from "./text.ts";

export function printedLook(zone: TimeZone): CellLook {
  return { unicode: true, isPrinted: true, timeText: (iso) => secondTime(iso, zone) };
}

interface Printed<Row, Look extends CellLook> {
  readonly columns: readonly AnswerColumn<Row, Look>[];
  readonly look: Look;
  readonly zone: TimeZone;
  /** As JSON has a row; absent: as it is. */
  readonly recordOf?: (row: Row) => object;
}

/** Columns of a pane as a headless table, as wide as their cells: nothing scrolls. */
export function printedTable<Row extends object, Look extends CellLook>({
  columns,
  look,
  zone,
  recordOf = (row) => row,
}: Printed<Row, Look>): { readonly columns: Section["columns"]; readonly row: (row: Row) => OutputRow } {
  const shown = columns.filter(({ onScreenOnly }) => onScreenOnly !== true);
  return {
    columns: shown.map((each) => ({
      ...each,
      minWidth: 0,
      maxWidth: Number.POSITIVE_INFINITY,
      title: each.isTime === true ? timeTitle(each.title, zone) : each.title,
    })),
    row: (row) => ({
      record: recordOf(row) as Readonly<Record<string, unknown>>,
      cells: () => shown.map((each) => each.cell(row, look)),
    }),
  };
}

/** The names of groups, before their figures. */
export function keyColumns<Row extends { readonly key: Readonly<Record<string, string>> }>(
  by: readonly Dimension[],
): readonly AnswerColumn<Row>[] {
  return by.map((dimension) => ({
    id: dimension,
    title: dimension,
    grow: 1,
    cell: ({ key }) => textCell(shownValue(dimension, key[dimension] ?? "")),
  }));
}
