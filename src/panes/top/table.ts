import { displayWidth } from "../../models/display-width.ts";
import { rates } from "../../models/numbers.ts";
import { orDash, safeText } from "../../models/text-safety.ts";
import { parseTime } from "../../models/times.ts";
import type { Cell, Column, TableModel, TableRow, Tone } from "../../models/view.ts";
import type { Dimension, GroupResult, GroupRow } from "../../queries/contract.ts";
import type { GroupSort } from "../../queries/measures.ts";
import type { Orders } from "../sorting.ts";
import type { PaneContext } from "../contract.ts";
import { dimensionTitle, keepOf, tableValue } from "../dimensions.ts";
import { moment } from "../time-column.ts";
import { actorTone, codeTone } from "../tones.ts";
import { GROUP_COLUMNS, type GroupLook } from "./columns.ts";

/** Characters of a name that are measured. */
const LONGEST_NAME = 60;

/** Columns of `top` in the order `s` walks through them. */
export const SORTS: Orders<GroupSort> = ["requests", "errors", "p50", "p99", "max", "sum", "bytes", "lastSeen", "key"];

export function groupRowId(row: GroupRow, by: readonly Dimension[]): string {
  return JSON.stringify(by.map((dimension) => row.key[dimension] ?? ""));
}

export function sparkWidth(width: number): number {
  return width >= 160 ? 40 : width >= 110 ? 16 : 12;
}

/** Tone of a group's own value, where the value says it. */
export function dimensionTone(dimension: Dimension, value: string): Tone | undefined {
  if (dimension === "code") return codeTone(Number(value));
  if (dimension === "class") return codeTone(Number.parseInt(value, 10) * 100);
  if (dimension === "actor") return actorTone(value);
  return undefined;
}

export function dimensionCell(dimension: Dimension, value: string, unicode: boolean): Cell {
  const tone = value === "" ? ("muted" as const) : dimensionTone(dimension, value);
  const text = orDash(safeText(tableValue(dimension, value), unicode));
  return tone === undefined ? { text, value } : { text, value, tone };
}

interface TopTableOptions {
  readonly by: readonly Dimension[];
  readonly sort: GroupSort;
  readonly reverse: boolean;
  readonly firstRow: number;
}

export function topTable(
  context: PaneContext,
  result: GroupResult,
  rows: readonly GroupRow[],
  options: TopTableOptions,
): TableModel {
  const { width, unicode } = context;
  const { by, sort, reverse, firstRow } = options;
  const sparks = sparkWidth(width);
  const look: GroupLook = {
    unicode,
    isPrinted: false,
    most: Math.max(0, ...result.rows.map((row) => row.share)),
    sparks,
    rateText: rates(result.rows.map((row) => row.rate)),
    timeText: (iso) => moment(context, parseTime(iso)),
  };
  const tableRows = rows.map((row): TableRow => ({
    id: groupRowId(row, by),
    cells: [
      ...by.map((dimension) => dimensionCell(dimension, row.key[dimension] ?? "", unicode)),
      ...GROUP_COLUMNS.map((column) => column.cell(row, look)),
    ],
  }));
  const names = by.map((dimension): Column => {
    // Of all rows, so that scrolling moves no column.
    const longest = result.rows.reduce(
      (most, row) =>
        Math.max(most, displayWidth(tableValue(dimension, row.key[dimension] ?? "").slice(0, LONGEST_NAME))),
      4,
    );
    const room = by.length === 1 ? (width < 100 ? 26 : 46) : width < 100 ? 16 : 30;
    return {
      id: dimension,
      title: dimensionTitle(dimension),
      minWidth: Math.min(longest, room),
      grow: 1,
      ...keepOf(dimension),
    };
  });
  const keep = (column: Column): Column => (column.id === sort ? { ...column, drop: 0 } : column);
  return {
    kind: "table",
    columns: [
      ...names,
      ...GROUP_COLUMNS.map(keep).map((column) => (column.id === "spark" ? { ...column, minWidth: sparks } : column)),
    ],
    rows: tableRows,
    rowCount: result.groups,
    firstRow,
    sort: { column: sort === "key" ? (by[0] ?? "key") : sort, reverse },
  };
}
