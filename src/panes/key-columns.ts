import { orDash, safeText } from "../models/text-safety.ts";
import type { Cell, Tone } from "../models/view.ts";
import type { Dimension } from "../queries/contract.ts";
import type { AnswerColumn, CellLook, Field } from "./answer-table.ts";
import { dimensionTitle, keepOf, shownValue, tableValue } from "./dimensions.ts";
import { actorTone, codeTone } from "./tones.ts";

/** Tone of a group's own value, where the value says it. */
export function dimensionTone(dimension: Dimension, value: string): Tone | undefined {
  if (dimension === "code") return codeTone(Number(value));
  if (dimension === "class") return codeTone(Number.parseInt(value, 10) * 100);
  if (dimension === "actor") return actorTone(value);
  return undefined;
}

/** Printed, names are whole. */
export function dimensionCell(
  dimension: Dimension,
  value: string,
  { unicode, isPrinted = false }: Pick<CellLook, "unicode"> & Partial<Pick<CellLook, "isPrinted">>,
): Cell {
  const tone = value === "" ? ("muted" as const) : dimensionTone(dimension, value);
  const shown = (isPrinted ? shownValue : tableValue)(dimension, value);
  const text = orDash(safeText(shown, unicode));
  return tone === undefined ? { text, value } : { text, value, tone };
}

/** Beside their figures. */
const LEAST_NAME = 12;

/** The names of groups, before their figures. */
export function keyColumns<Row extends { readonly key: Readonly<Record<string, string>> }>(
  by: readonly Dimension[],
  minWidth: (dimension: Dimension, at: number) => number = () => LEAST_NAME,
): readonly AnswerColumn<Row>[] {
  return by.map((dimension, at) => ({
    id: dimension,
    title: dimensionTitle(dimension),
    minWidth: minWidth(dimension, at),
    grow: 1,
    ...keepOf(dimension),
    cell: ({ key }, look) => dimensionCell(dimension, key[dimension] ?? "", look),
  }));
}

export function keyFields(by: readonly Dimension[]): readonly Field[] {
  return by.map((dimension) => ({ name: dimension, path: ["key", dimension] }));
}
