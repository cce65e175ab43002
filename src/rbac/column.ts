import type { Column, Tone } from "../models/view.ts";

/** A column of one of the tables here, told once: headless writers and panes make their cells of it. */
export interface RbacColumn<Row> extends Column {
  /** `time`: µs. `count`: 0 and null are nothing. */
  readonly kind: "text" | "count" | "time";
  readonly value: (row: Row) => string | number | null;
  readonly tone?: (row: Row) => Tone | undefined;
}

export function textColumn<Row>(
  id: string,
  title: string,
  value: (row: Row) => string,
  more: Partial<Omit<RbacColumn<Row>, "id" | "title" | "value" | "kind">> = {},
): RbacColumn<Row> {
  return { id, title, kind: "text", value, ...more };
}

export function countColumn<Row>(
  id: string,
  title: string,
  value: (row: Row) => number | null,
  more: Partial<Omit<RbacColumn<Row>, "id" | "title" | "value" | "kind">> = {},
): RbacColumn<Row> {
  return { id, title, kind: "count", align: "right", value, ...more };
}

export function timeColumn<Row>(
  id: string,
  title: string,
  value: (row: Row) => number,
  more: Partial<Omit<RbacColumn<Row>, "id" | "title" | "value" | "kind">> = {},
): RbacColumn<Row> {
  return { id, title, kind: "time", value, ...more };
}
