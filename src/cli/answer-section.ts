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

/** `2026-11-21 00:09:31` */
const TIME_WIDTH = 19;

/** Columns of a pane as a headless table: no wider than their cells, since nothing scrolls. */
export function printedTable<Row extends object, Look extends CellLook>({
  columns,
  look,
  zone,
  recordOf = (row) => row,
}: Printed<Row, Look>): Required<Pick<Section, "columns" | "isSnug">> & { readonly row: (row: Row) => OutputRow } {
  const shown = columns.filter(({ onScreenOnly }) => onScreenOnly !== true);
  return {
    isSnug: true,
    columns: shown.map(({ width: _width, maxWidth: _maxWidth, ...each }) => ({
      ...each,
      ...(each.isTime === true
        ? { minWidth: Math.max(TIME_WIDTH, each.minWidth ?? 0), title: timeTitle(each.title, zone) }
        : {}),
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
    minWidth: 12,
    cell: ({ key }) => textCell(shownValue(dimension, key[dimension] ?? "")),
  }));
}
