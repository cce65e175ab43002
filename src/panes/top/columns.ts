import { shareBar, sparkline } from "../../models/charts.ts";
import { NUMBER_WIDTHS } from "../../models/number-widths.ts";
import { byteSize, count, duration, percent, shortCount } from "../../models/numbers.ts";
import type { Cell, Tone } from "../../models/view.ts";
import type { Dimension, GroupRow } from "../../queries/contract.ts";
import { MEASURE_IDS, type MeasureId, pathsOf } from "../../queries/measures.ts";
import type { AnswerColumn, AnswerTable, CellLook, Field } from "../answer-table.ts";
import { keyColumns, keyFields } from "../key-columns.ts";

export const BAR_WIDTH = 10;

export interface GroupLook extends CellLook {
  /** Share of the largest row. */
  readonly most: number;
  /** Columns of the sparkline. */
  readonly sparks: number;
  readonly rateText: (perSecond: number) => string;
}

/** Without charts. */
export const NO_CHARTS = { most: 0, sparks: 0 } as const;

export type GroupColumn = AnswerColumn<GroupRow, GroupLook>;

const right = { align: "right" } as const;
const timed = { ...right, minWidth: NUMBER_WIDTHS.duration } as const;

/** What a group has behind its names. */
export const GROUP_COLUMNS: readonly GroupColumn[] = [
  {
    id: "requests",
    title: "requests",
    ...right,
    minWidth: NUMBER_WIDTHS.count,
    cell: (row) => ({ text: count(row.requests), value: row.requests }),
  },
  {
    id: "share",
    title: "share",
    ...right,
    minWidth: NUMBER_WIDTHS.percent,
    drop: 3,
    cell: (row) => ({ text: percent(row.share), value: row.share, tone: "muted" }),
  },
  {
    id: "bar",
    title: "",
    minWidth: BAR_WIDTH,
    drop: 9,
    only: "screen",
    cell: (row, { most, unicode }) => ({
      text: shareBar(most > 0 ? row.share / most : 0, BAR_WIDTH, unicode),
      tone: "bar",
    }),
  },
  { id: "spark", title: "over time", drop: 4, only: "screen", cell: sparkCell },
  {
    id: "rate",
    title: "rate",
    ...right,
    minWidth: NUMBER_WIDTHS.rate,
    drop: 6,
    cell: (row, { rateText }) => ({ text: rateText(row.rate), value: row.rate }),
  },
  {
    id: "errors",
    title: "4xx",
    ...right,
    minWidth: 4,
    drop: 1,
    cell: (row, look) => failed(row.errors["4xx"], "code4xx", look),
  },
  {
    id: "5xx",
    title: "5xx",
    ...right,
    minWidth: 4,
    drop: 1,
    cell: (row, look) => failed(row.errors["5xx"], "code5xx", look),
  },
  { id: "p50", title: "p50", ...timed, drop: 7, cell: ({ latencyMs }) => time(latencyMs?.p50) },
  { id: "p90", title: "p90", ...timed, drop: 12, cell: ({ latencyMs }) => time(latencyMs?.p90) },
  {
    id: "p99",
    title: "p99",
    ...timed,
    drop: 2,
    cell: ({ latencyMs }) => ({
      ...time(latencyMs?.p99),
      ...(latencyMs !== null && latencyMs.p99 >= 1_000 ? { tone: "warn" as const } : {}),
    }),
  },
  { id: "max", title: "max", ...timed, drop: 10, cell: ({ latencyMs }) => time(latencyMs?.max) },
  { id: "sum", title: "∑ time", ...timed, drop: 5, cell: ({ latencyMs }) => time(latencyMs?.sum) },
  {
    id: "bytes",
    title: "bytes",
    ...right,
    minWidth: NUMBER_WIDTHS.bytes,
    drop: 11,
    cell: (row) => ({ text: byteSize(row.bytes), value: row.bytes }),
  },
  {
    id: "lastSeen",
    title: "last seen",
    isTime: true,
    drop: 8,
    cell: (row, { timeText }) => ({ text: timeText(row.lastSeen), value: row.lastSeen }),
  },
];

export function measureFields(measures: readonly MeasureId[]): readonly Field[] {
  return pathsOf(measures).map((path) => ({ name: path.join("."), path }));
}

/** `minWidth`: of the names. */
export function groupTable(
  by: readonly Dimension[],
  minWidth?: (dimension: Dimension) => number,
): AnswerTable<GroupRow, GroupLook> {
  return {
    columns: [...keyColumns<GroupRow>(by, minWidth), ...GROUP_COLUMNS],
    fields: [...keyFields(by), ...measureFields(MEASURE_IDS)],
    empty: "no request matches",
  };
}

function sparkCell(row: GroupRow, { sparks, unicode }: GroupLook): Cell {
  const spark = sparkline(row.spark ?? [], sparks, unicode);
  return { text: spark === "" ? " ".repeat(sparks) : spark, tone: "bar" };
}

function time(ms: number | undefined): Cell {
  return ms === undefined ? { text: "-", tone: "muted" } : { text: duration(ms), value: ms };
}

function failed(requests: number, tone: Tone, { isPrinted }: GroupLook): Cell {
  if (requests === 0) return { text: isPrinted ? "0" : "·", tone: "muted", value: 0 };
  return { text: (isPrinted ? count : shortCount)(requests), tone, value: requests };
}
