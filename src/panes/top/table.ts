import { displayWidth } from "../../models/display-width.ts";
import { rates } from "../../models/numbers.ts";
import type { TableModel } from "../../models/view.ts";
import type { Dimension, GroupResult, GroupRow } from "../../queries/contract.ts";
import type { GroupSort } from "../../queries/measures.ts";
import type { Orders } from "../sorting.ts";
import { screenLook, screenTable } from "../answer-table.ts";
import type { PaneContext } from "../contract.ts";
import { tableValue } from "../dimensions.ts";
import { groupTable, type GroupLook } from "./columns.ts";

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
  const { width } = context;
  const { by, sort, reverse, firstRow } = options;
  const sparks = sparkWidth(width);
  const look: GroupLook = {
    ...screenLook(context),
    most: Math.max(0, ...result.rows.map((row) => row.share)),
    sparks,
    rateText: rates(result.rows.map((row) => row.rate)),
  };
  const room = by.length === 1 ? (width < 100 ? 26 : 46) : width < 100 ? 16 : 30;
  // Of all rows, so that scrolling moves no column.
  const longest = (dimension: Dimension): number =>
    result.rows.reduce(
      (most, row) =>
        Math.max(most, displayWidth(tableValue(dimension, row.key[dimension] ?? "").slice(0, LONGEST_NAME))),
      4,
    );
  const { columns } = groupTable(by, (dimension) => Math.min(longest(dimension), room));
  const place = { ids: rows.map((row) => groupRowId(row, by)), count: result.groups, top: firstRow };
  const shown = columns.map((column) => ({
    ...column,
    ...(column.id === sort ? { drop: 0 } : {}),
    ...(column.id === "spark" ? { minWidth: sparks } : {}),
  }));
  return {
    ...screenTable({ columns: shown }, look, rows, place),
    sort: { column: sort === "key" ? (by[0] ?? "key") : sort, reverse },
  };
}
