import { displayWidth } from "../../models/display-width.ts";
import { count, duration, rate, shortCount } from "../../models/numbers.ts";
import type { Cell, Column, TableModel, TableRow } from "../../models/view.ts";
import type { ComparedFigures, ComparedRow, CompareResult, CompareSort } from "../../queries/compare-query.ts";
import type { Dimension } from "../../queries/contract.ts";
import { dimensionTitle, keepOf } from "../dimensions.ts";
import type { Orders } from "../sorting.ts";
import { dimensionCell } from "../top/table.ts";
import type { SideName } from "./sides.ts";

/** In the order `s` walks through them. */
export const COMPARE_SORTS: Orders<CompareSort> = ["change", "requests", "errors", "p50", "p99", "key"];

export function comparedRowId(row: ComparedRow, by: readonly Dimension[]): string {
  return JSON.stringify(by.map((dimension) => row.key[dimension] ?? ""));
}

interface CompareTableOptions {
  readonly width: number;
  readonly unicode: boolean;
  readonly side: SideName;
  readonly sort: CompareSort;
  readonly reverse: boolean;
  readonly firstRow: number;
}

export function compareTable(
  result: CompareResult,
  rows: readonly ComparedRow[],
  options: CompareTableOptions,
): TableModel {
  const { width, unicode, side, sort, reverse, firstRow } = options;
  const { by } = result;
  const tableRows = rows.map((row): TableRow => ({
    id: comparedRowId(row, by),
    cells: [
      ...by.map((dimension) => dimensionCell(dimension, row.key[dimension] ?? "", unicode)),
      amount(row.a, result.sameLength),
      amount(row.b, result.sameLength),
      changeCell(row),
      { text: rate(Math.abs(row.rateChange)).replace(/^/, row.rateChange < 0 ? "-" : "+"), tone: "muted" },
      errorCell(row),
      latencyCell(row, "p50"),
      latencyCell(row, "p99"),
    ],
  }));
  const names = by.map((dimension, at): Column => {
    const longest = Math.max(4, ...tableRows.map((row) => displayWidth(row.cells[at]?.text ?? "")));
    const room = by.length === 1 ? (width < 100 ? 22 : 40) : width < 100 ? 12 : 24;
    return {
      id: dimension,
      title: dimensionTitle(dimension),
      minWidth: Math.min(longest, room),
      grow: 1,
      ...keepOf(dimension),
    };
  });
  const chosen = (name: SideName): string => (side === name ? `›${name.toUpperCase()}` : name.toUpperCase());
  const numbers: readonly Column[] = [
    { id: "a", title: chosen("a"), align: "right" },
    { id: "b", title: chosen("b"), align: "right" },
    { id: "change", title: "change", align: "right" },
    { id: "rate", title: "rate", align: "right", drop: 5 },
    { id: "errors", title: "errors", align: "right", drop: 3 },
    { id: "p50", title: "p50", align: "right", drop: 4 },
    { id: "p99", title: "p99", align: "right", drop: 2 },
  ];
  const sorted = sort === "requests" ? side : sort === "key" ? (by[0] ?? "key") : sort;
  return {
    kind: "table",
    columns: [...names, ...numbers.map((column) => (column.id === sorted ? { ...column, drop: 0 } : column))],
    rows: tableRows,
    rowCount: result.groups,
    firstRow,
    sort: { column: sorted, reverse },
  };
}

/** Counts of spans of one length compare as they are; otherwise rates do. */
function amount({ requests, rate: perSecond }: ComparedFigures, isCount: boolean): Cell {
  if (requests === 0) return { text: "·", tone: "muted", value: 0 };
  return { text: isCount ? count(requests) : rate(perSecond), value: isCount ? requests : perSecond };
}

/** `new`, `gone`, or how many times as often; muted where chance explains it. */
export function changeText({ a, b }: Pick<ComparedRow, "a" | "b">): string {
  if (a.requests === 0) return b.requests === 0 ? "=" : "new";
  if (b.requests === 0) return "gone";
  const factor = b.rate / a.rate;
  const times = (value: number): string => (value < 9.95 ? value.toFixed(1) : shortCount(Math.round(value)));
  if (factor >= 1) return factor < 1.05 ? "=" : `▲ ${times(factor)}×`;
  return factor > 1 / 1.05 ? "=" : `▼ ${times(1 / factor)}×`;
}

function changeCell(row: ComparedRow): Cell {
  const tone = row.change === "same" ? "muted" : row.change === "new" || row.change === "more" ? "warn" : "info";
  return { text: changeText(row), tone, value: row.rateChange };
}

function errorCell({ a, b }: ComparedRow): Cell {
  const of = ({ errors }: ComparedFigures): number => errors["4xx"] + errors["5xx"];
  const [before, after] = [of(a), of(b)];
  if (before === 0 && after === 0) return { text: "·", tone: "muted" };
  const isWorse = after / Math.max(1, b.requests) > before / Math.max(1, a.requests) || before === 0;
  const isServer = b.errors["5xx"] > 0;
  return {
    text: `${shortCount(before)} → ${shortCount(after)}`,
    tone: after > 0 && isWorse ? (isServer ? "code5xx" : "code4xx") : "muted",
  };
}

/** Twice as slow, and not only by microseconds. */
function latencyCell({ a, b }: ComparedRow, which: "p50" | "p99"): Cell {
  const [before, after] = [a.latencyMs?.[which] ?? null, b.latencyMs?.[which] ?? null];
  if (before === null && after === null) return { text: "-", tone: "muted" };
  const text = `${duration(before)} → ${duration(after)}`;
  const isSlower = before !== null && after !== null && after >= 2 * before && after - before >= 5;
  return isSlower ? { text, tone: "warn" } : { text };
}
