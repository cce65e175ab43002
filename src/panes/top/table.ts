import { shareBar, sparkline } from "../../models/charts.ts";
import { displayWidth } from "../../models/display-width.ts";
import { NUMBER_WIDTHS } from "../../models/number-widths.ts";
import { byteSize, count, duration, percent, rates, shortCount } from "../../models/numbers.ts";
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

export const BAR_WIDTH = 10;
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
  const most = Math.max(0, ...result.rows.map((row) => row.share));
  const rateText = rates(result.rows.map((row) => row.rate));
  const tableRows = rows.map((row): TableRow => ({
    id: groupRowId(row, by),
    cells: [
      ...by.map((dimension) => dimensionCell(dimension, row.key[dimension] ?? "", unicode)),
      ...numbers(context, row, { most, sparks, rateText }),
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
      ...NUMBER_COLUMNS.map(keep).map((column) => (column.id === "spark" ? { ...column, minWidth: sparks } : column)),
    ],
    rows: tableRows,
    rowCount: result.groups,
    firstRow,
    sort: { column: sort === "key" ? (by[0] ?? "key") : sort, reverse },
  };
}

/** Behind the names. */
export const NUMBER_COLUMNS: readonly Column[] = [
  { id: "requests", title: "requests", align: "right", minWidth: NUMBER_WIDTHS.count },
  { id: "share", title: "share", align: "right", minWidth: NUMBER_WIDTHS.percent, drop: 3 },
  { id: "bar", title: "", minWidth: BAR_WIDTH, drop: 9 },
  { id: "spark", title: "over time", drop: 4 },
  { id: "rate", title: "rate", align: "right", minWidth: NUMBER_WIDTHS.rate, drop: 6 },
  { id: "errors", title: "4xx", align: "right", minWidth: 4, drop: 1 },
  { id: "5xx", title: "5xx", align: "right", minWidth: 4, drop: 1 },
  { id: "p50", title: "p50", align: "right", minWidth: NUMBER_WIDTHS.duration, drop: 7 },
  { id: "p99", title: "p99", align: "right", minWidth: NUMBER_WIDTHS.duration, drop: 2 },
  { id: "max", title: "max", align: "right", minWidth: NUMBER_WIDTHS.duration, drop: 10 },
  { id: "sum", title: "∑ time", align: "right", minWidth: NUMBER_WIDTHS.duration, drop: 5 },
  { id: "bytes", title: "bytes", align: "right", minWidth: NUMBER_WIDTHS.bytes, drop: 11 },
  { id: "lastSeen", title: "last seen", drop: 8 },
];

interface Scales {
  /** Share of the largest row. */
  readonly most: number;
  /** Columns of the sparkline. */
  readonly sparks: number;
  readonly rateText: (perSecond: number) => string;
}

function numbers(context: PaneContext, row: GroupRow, { most, sparks, rateText }: Scales): Cell[] {
  const { unicode } = context;
  const { latencyMs } = row;
  const time = (ms: number | undefined): Cell =>
    ms === undefined ? { text: "-", tone: "muted" } : { text: duration(ms), value: ms };
  const failed = (requests: number, tone: Tone): Cell =>
    requests === 0 ? { text: "·", tone: "muted", value: 0 } : { text: shortCount(requests), tone, value: requests };
  const spark = sparkline(row.spark ?? [], sparks, unicode);
  return [
    { text: count(row.requests), value: row.requests },
    { text: percent(row.share), value: row.share, tone: "muted" },
    { text: shareBar(most > 0 ? row.share / most : 0, BAR_WIDTH, unicode), tone: "bar" },
    { text: spark === "" ? " ".repeat(sparks) : spark, tone: "bar" },
    { text: rateText(row.rate), value: row.rate },
    failed(row.errors["4xx"], "code4xx"),
    failed(row.errors["5xx"], "code5xx"),
    time(latencyMs?.p50),
    { ...time(latencyMs?.p99), ...(latencyMs !== null && latencyMs.p99 >= 1_000 ? { tone: "warn" as const } : {}) },
    time(latencyMs?.max),
    time(latencyMs?.sum),
    { text: byteSize(row.bytes), value: row.bytes },
    { text: moment(context, parseTime(row.lastSeen)), value: row.lastSeen },
  ];
}
