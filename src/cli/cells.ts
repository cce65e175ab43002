/** Cells of headless tables: values first, text as people read it. Empty values show as "-". */
import { count } from "../models/numbers.ts";
import { orDash, safeText } from "../models/text-safety.ts";
import type { Cell, Column, Tone } from "../models/view.ts";

export function column(id: string, title: string, more: Omit<Column, "id" | "title"> = {}): Column {
  return { id, title, ...more };
}

export function numeric(id: string, title: string, more: Omit<Column, "id" | "title" | "align"> = {}): Column {
  return { id, title, align: "right", ...more };
}

export function textCell(value: string | null | undefined, tone?: Tone): Cell {
  const text = orDash(safeText(value ?? ""));
  return tone === undefined ? { text } : { text, tone };
}

export function countCell(value: number | null, tone?: Tone): Cell {
  return textCell(value === null ? "" : count(value), value === 0 ? "muted" : tone);
}
