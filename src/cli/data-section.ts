import type { DataTable } from "../panes/policy-tables.ts";
import type { Section } from "./output.ts";

/** A table of a pane as one of a headless answer for people. */
export function tableSection<Row>(table: DataTable<Row>, rows: readonly Row[]): Section {
  const { title, columns, empty } = table;
  const batch = rows.map((row) => ({ record: {}, cells: () => table.cells(row) }));
  return { title, columns, fields: [], empty, batches: [batch] };
}
