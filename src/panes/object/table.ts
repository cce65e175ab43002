import type { JsonValue } from "../../lineage/json.ts";
import type { StateChange } from "../../lineage/state/difference.ts";
import { type AnswerTable, fields, textCell } from "../answer-table.ts";

/** A value of an object by its path. */
export interface Leaf {
  readonly path: string;
  readonly value: JsonValue;
}

export const LEAF_TABLE: AnswerTable<Leaf> = {
  fields: fields("path", "value"),
  empty: "it was not there",
  columns: [
    { id: "path", title: "path", minWidth: 20, cell: ({ path }, look) => textCell(path, look) },
    { id: "value", title: "value", grow: 1, keep: "head", cell: ({ value }, look) => textCell(valueText(value), look) },
  ],
};

/** What is different at a second time. */
export interface ShownChange {
  readonly change: StateChange;
  /** Masked; absent: two secrets that look the same then. */
  readonly told: StateChange | undefined;
}

export const CHANGE_TABLE: AnswerTable<ShownChange> = {
  fields: fields("path", "kind", "before", "after"),
  empty: "nothing changed",
  columns: [
    { id: "path", title: "path", minWidth: 20, cell: ({ change }, look) => textCell(change.path, look) },
    { id: "kind", title: "change", cell: ({ change }, look) => textCell(change.kind, look, "muted") },
    {
      id: "before",
      title: "before",
      grow: 1,
      keep: "head",
      cell: ({ change, told }, look) => textCell(change.kind === "added" ? "" : sideText(told, "before"), look),
    },
    {
      id: "after",
      title: "after",
      grow: 1,
      keep: "head",
      cell: ({ change, told }, look) => textCell(change.kind === "removed" ? "" : sideText(told, "after"), look),
    },
  ],
};

function sideText(told: StateChange | undefined, side: "before" | "after"): string {
  return told === undefined ? "[masked]" : valueText(told[side]);
}

const MAX_TEXT = 200;

function valueText(value: JsonValue | undefined): string {
  const text = value === undefined ? "" : typeof value === "string" ? value : JSON.stringify(value);
  return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text;
}
