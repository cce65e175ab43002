import { displayWidth } from "../../models/display-width.ts";
import { byteSize, count, duration, percent, rate, rates, shortCount } from "../../models/numbers.ts";
import type { Cell, TableModel, Tone } from "../../models/view.ts";
import type {
  ComparedFigures,
  ComparedRow,
  ComparedSide,
  CompareResult,
  CompareSort,
} from "../../queries/compare-query.ts";
import type { NamedSide } from "../../queries/compare-side.ts";
import type { Dimension } from "../../queries/contract.ts";
import {
  type AnswerColumn,
  type AnswerTable,
  type CellLook,
  fields,
  screenTable,
  textCell,
  timeCell,
} from "../answer-table.ts";
import { dimensionCell, keyColumns, keyFields } from "../key-columns.ts";
import type { SideName } from "./sides.ts";

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
  const look: CompareLook = { ...compareLook(result), unicode, isPrinted: false, width, timeText: (iso) => iso ?? "" };
  const room = by.length === 1 ? (width < 100 ? 22 : 40) : width < 100 ? 12 : 24;
  const longest = (dimension: Dimension): number =>
    rows.reduce(
      (most, { key }) => Math.max(most, displayWidth(dimensionCell(dimension, key[dimension] ?? "", look).text)),
      4,
    );
  const { columns } = comparedTable(by, (dimension) => Math.min(longest(dimension), room));
  const sorted = sort === "requests" ? side : sort === "key" ? (by[0] ?? "key") : sort;
  const shown = columns.map((column) => ({
    ...column,
    ...(column.id === side ? { title: `›${column.title}` } : {}),
    ...(column.id === sorted ? { drop: 0 } : {}),
  }));
  const place = { ids: rows.map((row) => comparedRowId(row, by)), count: result.groups, top: firstRow };
  return { ...screenTable({ columns: shown }, look, rows, place), sort: { column: sorted, reverse } };
}

const SIDE_FIELDS = [
  "requests",
  "rate",
  "errors.4xx",
  "errors.5xx",
  "latencyMs.p50",
  "latencyMs.p90",
  "latencyMs.p99",
  "bytes",
] as const;

/** `minWidth`: of the names. */
export function comparedTable(
  by: readonly Dimension[],
  minWidth?: (dimension: Dimension) => number,
): AnswerTable<ComparedRow, CompareLook> {
  return {
    columns: [...keyColumns<ComparedRow>(by, minWidth), ...COMPARE_COLUMNS],
    fields: [
      ...keyFields(by),
      ...fields("change", "significance", "rateChange"),
      ...["a", "b"].flatMap((side) => fields(...SIDE_FIELDS.map((figure) => `${side}.${figure}`))),
    ],
    empty: "no request matches",
  };
}

/** What a compared group has behind its names. */
const COMPARE_COLUMNS: readonly AnswerColumn<ComparedRow, CompareLook>[] = [
  { id: "a", title: "A", align: "right", cell: ({ a }, { unit }) => amount(a, unit) },
  { id: "b", title: "B", align: "right", cell: ({ b }, { unit }) => amount(b, unit) },
  {
    id: "change",
    title: "change",
    align: "right",
    cell: (row) => ({ text: changeText(row), tone: changeTone(row), value: row.rateChange }),
  },
  {
    id: "rate",
    title: "rate",
    align: "right",
    drop: 5,
    cell: ({ rateChange }, { rateText }) => ({
      text: `${rateChange < 0 ? "-" : "+"}${rateText(Math.abs(rateChange))}`,
      tone: "muted",
    }),
  },
  { id: "errors", title: "errors", align: "right", drop: 3, cell: (row, { unit }) => errorCell(row, unit) },
  { id: "p50", title: "p50", align: "right", drop: 4, cell: (row) => latencyCell(row, "p50") },
  { id: "p99", title: "p99", align: "right", drop: 2, cell: (row) => latencyCell(row, "p99") },
  { id: "bytes", title: "bytes", align: "right", drop: 6, cell: bytesCell },
];

export interface CompareLook extends CellLook {
  readonly unit: Unit;
  readonly rateText: (perSecond: number) => string;
}

/** All rates of an answer in one unit. */
export function compareLook({ rows, sameLength }: CompareResult): Pick<CompareLook, "unit" | "rateText"> {
  const rateText = rates(rows.flatMap(({ a, b }) => [a.rate, b.rate]));
  return { rateText, unit: sameLength ? null : rateText };
}

/** Counts of spans of one length compare as they are (`unit` null); otherwise rates do, all in one unit. */
type Unit = ((perSecond: number) => string) | null;

function amount({ requests, rate }: ComparedFigures, unit: Unit): Cell {
  if (requests === 0) return { text: "·", tone: "muted", value: 0 };
  return unit === null ? { text: count(requests), value: requests } : { text: unit(rate), value: rate };
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

export function changeTone({ change }: ComparedRow): Tone {
  if (change === "same") return "muted";
  return change === "new" || change === "more" ? "warn" : "info";
}

/** Worse: more of them, and not only because there is more of everything. */
function errorCell({ a, b }: ComparedRow, unit: Unit): Cell {
  const of = ({ errors }: ComparedFigures): number => errors["4xx"] + errors["5xx"];
  const perSecond = (figures: ComparedFigures): number =>
    figures.requests === 0 ? 0 : (of(figures) / figures.requests) * figures.rate;
  if (of(a) === 0 && of(b) === 0) return { text: "·", tone: "muted" };
  const text =
    unit === null
      ? `${shortCount(of(a))} → ${shortCount(of(b))}`
      : `${unit(perSecond(a)).replace(/\/.*/, "")} → ${unit(perSecond(b))}`;
  const shareOf = (figures: ComparedFigures): number => of(figures) / Math.max(1, figures.requests);
  const isWorse = perSecond(b) > perSecond(a) && shareOf(b) > shareOf(a);
  if (isWorse) return { text, tone: b.errors["5xx"] > 0 ? "code5xx" : "code4xx" };
  return { text, tone: perSecond(b) < perSecond(a) && shareOf(b) <= shareOf(a) ? "good" : "muted" };
}

function bytesCell({ a, b }: ComparedRow): Cell {
  return { text: `${byteSize(a.bytes)} → ${byteSize(b.bytes)}`, value: b.bytes };
}

/** Twice as slow, or as fast, and not only by microseconds. */
function latencyCell({ a, b }: ComparedRow, which: "p50" | "p99"): Cell {
  const [before, after] = [a.latencyMs?.[which] ?? null, b.latencyMs?.[which] ?? null];
  if (before === null && after === null) return { text: "-", tone: "muted" };
  const text = `${duration(before)} → ${duration(after)}`;
  const isSlower = before !== null && after !== null && after >= 2 * before && after - before >= 5;
  const isFaster = before !== null && after !== null && before >= 2 * after && before - after >= 5;
  return isSlower ? { text, tone: "warn" } : isFaster ? { text, tone: "good" } : { text };
}

interface SideRow extends ComparedSide {
  /** A or B. */
  readonly side: string;
  readonly what: string;
}

export function sideRows(
  { a, b }: CompareResult,
  names: Readonly<Record<SideName, Pick<NamedSide, "text">>>,
): readonly SideRow[] {
  return [
    { side: "A", what: names.a.text, ...a },
    { side: "B", what: names.b.text, ...b },
  ];
}

export const SIDE_TABLE: AnswerTable<SideRow> = {
  title: "Sides",
  columns: [
    { id: "side", title: "", cell: ({ side }) => ({ text: side }) },
    { id: "what", title: "what", grow: 1, cell: ({ what }, look) => textCell(what, look) },
    { id: "from", title: "from", isTime: true, cell: ({ span }, look) => timeCell(span.from, look) },
    { id: "to", title: "to", isTime: true, cell: ({ span }, look) => timeCell(span.to, look) },
    {
      id: "length",
      title: "length",
      align: "right",
      drop: 3,
      cell: ({ span }) => ({ text: duration(span.seconds * 1_000) }),
    },
    { id: "requests", title: "requests", align: "right", cell: ({ requests }) => ({ text: count(requests) }) },
    { id: "rate", title: "rate", align: "right", cell: ({ rate: perSecond }) => ({ text: rate(perSecond) }) },
    {
      id: "errors",
      title: "errors",
      align: "right",
      cell: ({ errors, requests }) => ({
        text: percent(requests === 0 ? 0 : (errors["4xx"] + errors["5xx"]) / requests),
      }),
    },
    { id: "p50", title: "p50", align: "right", drop: 4, cell: ({ latencyMs }) => sideLatency(latencyMs?.p50) },
    { id: "p99", title: "p99", align: "right", drop: 2, cell: ({ latencyMs }) => sideLatency(latencyMs?.p99) },
  ],
};

function sideLatency(ms: number | undefined): Cell {
  return { text: ms === undefined ? "-" : duration(ms) };
}
