import { count } from "../models/numbers.ts";
import { orDash, safeText } from "../models/text-safety.ts";
import { parseTime } from "../models/times.ts";
import type { Cell, Column, TableModel, Tone } from "../models/view.ts";
import type { PaneContext } from "./contract.ts";
import { moment } from "./time-column.ts";

/** What cells of one table are drawn with. */
export interface CellLook {
  readonly unicode: boolean;
  /** By a headless command: numbers are whole, texts are not cut, and charts have no place. */
  readonly isPrinted: boolean;
  /** Columns of the screen; printed there is no end to them. */
  readonly width: number;
  /** "" where there is none. */
  readonly timeText: (iso: string | null) => string;
}

/** A column of an answer: the pane and the headless command show the same. */
export interface AnswerColumn<Row, Look extends CellLook = CellLook> extends Column {
  /** Charts have no place on paper; what a pane tells below its list of the chosen row is told of every row there. */
  readonly only?: "screen" | "print";
  /** Its cells are times: where it is printed, the title says which clock they are of. */
  readonly isTime?: true;
  /** What depends on the width of the screen. */
  readonly room?: (width: number) => Partial<Pick<Column, "title" | "minWidth" | "maxWidth" | "drop">>;
  cell(row: Row, look: Look): Cell;
}

/** A column of CSV: where its value is in the record. */
export interface Field {
  readonly name: string;
  readonly path: readonly string[];
  /** Printed where the record has no such field; absent: nothing. */
  readonly missing?: number;
}

/** Fields named by their path: `latencyMs.p50`. */
export function fields(...names: readonly string[]): readonly Field[] {
  return names.map((name) => ({ name, path: name.split(".") }));
}

/** One table, told once: the pane, the headless table, Markdown and HTML have its columns, CSV its fields. */
export interface AnswerTable<Row, Look extends CellLook = CellLook> {
  readonly columns: readonly AnswerColumn<Row, Look>[];
  /** Absent: it is no data of its own. */
  readonly fields?: readonly Field[];
  /** Where it stands among other tables. */
  readonly title?: string;
  /** Shown instead of rows where there are none. */
  readonly empty?: string;
}

export function screenLook(context: PaneContext): CellLook {
  const { unicode, width } = context;
  return { unicode, isPrinted: false, width, timeText: (iso) => (iso === null ? "" : moment(context, parseTime(iso))) };
}

/** As it is on a screen: a row is a line, so sentences are cut. */
export function screenTable<Row, Look extends CellLook>(
  { columns, empty }: AnswerTable<Row, Look>,
  look: Look,
  rows: readonly Row[],
  { ids, count: rowCount, top }: { readonly ids: readonly string[]; readonly count: number; readonly top: number },
): TableModel {
  const shown = columns.filter(({ only }) => only !== "print");
  return {
    kind: "table",
    columns: shown.map(({ wrap = false, ...column }) => ({
      ...column,
      ...(wrap ? { keep: "head" as const } : {}),
      ...column.room?.(look.width),
    })),
    rows: rows.map((row, at) => ({ id: ids[at] ?? "", cells: shown.map((column) => column.cell(row, look)) })),
    rowCount,
    firstRow: top,
    ...(empty === undefined ? {} : { empty }),
  };
}

export function textCell(value: string | null | undefined, { unicode }: Pick<CellLook, "unicode">, tone?: Tone): Cell {
  const text = orDash(safeText(value ?? "", unicode));
  return tone === undefined ? { text } : { text, tone };
}

/** Null: not known. */
export function countCell(value: number | null, tone?: Tone): Cell {
  if (value === null) return { text: "-", value };
  const own = value === 0 ? "muted" : tone;
  return { text: count(value), value, ...(own === undefined ? {} : { tone: own }) };
}

export function timeCell(iso: string | null, { timeText }: CellLook, tone?: Tone): Cell {
  return { text: orDash(timeText(iso)), value: iso, ...(tone === undefined ? {} : { tone }) };
}
