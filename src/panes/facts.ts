import { type AnswerTable, textCell } from "./answer-table.ts";

/** What is known of one thing, a fact a row. */
export interface Fact {
  readonly what: string;
  readonly value: string;
}

export const FACT_TABLE: AnswerTable<Fact> = {
  columns: [
    { id: "what", title: "what", cell: ({ what }, look) => textCell(what, look, "muted") },
    { id: "value", title: "value", grow: 1, wrap: true, cell: ({ value }, look) => textCell(value, look) },
  ],
};
