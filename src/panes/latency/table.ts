import { sparkline } from "../../models/charts.ts";
import { displayWidth } from "../../models/display-width.ts";
import { count, duration } from "../../models/numbers.ts";
import type { Cell, Column, TableModel, TableRow } from "../../models/view.ts";
import type { Dimension } from "../../queries/contract.ts";
import type { LatencyReport, LatencyRow } from "../../queries/latency-query.ts";
import type { GroupSort } from "../../queries/measures.ts";
import type { Orders } from "../sorting.ts";
import type { PaneContext } from "../contract.ts";
import { dimensionTitle, keepOf } from "../dimensions.ts";
import { dimensionCell } from "../key-columns.ts";
import { peaks } from "./chart.ts";

/** Columns in the order `s` walks through them; the load bill first. */
export const LATENCY_SORTS: Orders<GroupSort> = ["sum", "p99", "p90", "p50", "max", "requests", "key"];

export function latencyRowId(by: readonly Dimension[], row: LatencyRow): string {
  return JSON.stringify(by.map((dimension) => row.key[dimension] ?? ""));
}

function sparkWidth(width: number): number {
  return width >= 160 ? 40 : width >= 110 ? 20 : 12;
}

/** Behind the names. */
export const LATENCY_COLUMNS: readonly Column[] = [
  { id: "requests", title: "requests", align: "right", drop: 3 },
  { id: "p50", title: "p50", align: "right", drop: 2 },
  { id: "p90", title: "p90", align: "right", drop: 5 },
  { id: "p99", title: "p99", align: "right" },
  { id: "max", title: "max", align: "right", drop: 1 },
  { id: "sum", title: "∑ time", align: "right" },
  { id: "spark", title: "p99 over time", keep: "head", drop: 4 },
];

/** From here on a person waits, and at ten times that a client gives up. */
function slowTone(ms: number): { readonly tone?: "warn" | "danger" } {
  return ms >= 10_000 ? { tone: "danger" } : ms >= 1_000 ? { tone: "warn" } : {};
}

export function latencyTable(
  context: PaneContext,
  report: LatencyReport,
  ids: readonly string[],
  place: { readonly top: number; readonly page: number; readonly sort: GroupSort; readonly reverse: boolean },
): TableModel {
  const { width, unicode } = context;
  const { by } = report;
  const sparks = sparkWidth(width);
  const time = (ms: number): Cell => ({ text: duration(ms), value: ms, ...slowTone(ms) });
  const rows = report.rows.slice(place.top, place.top + place.page).map((row, at): TableRow => {
    const { p50, p90, p99, max, sum } = row.latencyMs;
    const spark = sparkline(peaks(row.points.p99, sparks), sparks, unicode);
    return {
      id: ids[place.top + at] ?? "",
      cells: [
        ...by.map((dimension) => dimensionCell(dimension, row.key[dimension] ?? "", context)),
        { text: count(row.requests), value: row.requests },
        ...[p50, p90, p99, max].map(time),
        { text: duration(sum), value: sum },
        { text: spark, tone: "bar" },
      ],
    };
  });
  const names = by.map((dimension, at): Column => {
    const longest = Math.max(4, ...rows.map((row) => displayWidth(row.cells[at]?.text ?? "")));
    const room = dimension === "verb" ? 16 : by.length === 1 ? (width < 100 ? 26 : 46) : width < 100 ? 18 : 34;
    return {
      id: dimension,
      title: dimensionTitle(dimension),
      minWidth: Math.min(longest, room),
      grow: dimension === "verb" ? 0 : 1,
      ...keepOf(dimension),
    };
  });
  const { sort } = place;
  return {
    kind: "table",
    columns: [
      ...names,
      ...LATENCY_COLUMNS.map((column) => (column.id === sort ? { ...column, drop: 0 } : column)).map((column) =>
        column.id === "spark" ? { ...column, minWidth: sparks } : column,
      ),
    ],
    rows,
    rowCount: report.groups,
    firstRow: place.top,
    sort: { column: sort === "key" ? (by[0] ?? "key") : sort, reverse: place.reverse },
  };
}
