import { columnsWithoutRoom, pickColumns } from "../models/pick-columns.ts";
import { layoutTable, type TableLines, type TableOptions } from "../models/table-layout.ts";
import type { TableModel } from "../models/view.ts";
import type { PaneContext } from "./contract.ts";

type Context = Pick<PaneContext, "app" | "frame">;

/** Ids of the columns that were chosen for the table of a pane (`:columns`); none: the usual ones. */
export function chosenColumns({ app }: Pick<PaneContext, "app">, pane: string): readonly string[] {
  return app.columns[pane] ?? [];
}

/** Which of the chosen columns there was no room for, as the beginning of a summary; "" where all are there. */
export function noRoom(context: Context, model: TableModel, table: TableLines): string {
  if (chosenColumns(context, context.frame.pane).length === 0) return "";
  const missing = columnsWithoutRoom(model, table);
  return missing.length === 0 ? "" : `no room for ${missing.join(", ")} · `;
}

/** A table with the columns that were chosen for the pane behind its first `names`. `left`: see noRoom. */
export function layoutChosen(
  context: Context,
  table: TableModel,
  options: TableOptions,
  names: number,
): TableLines & { readonly left: string } {
  const model = pickColumns(table, chosenColumns(context, context.frame.pane), names);
  const lines = layoutTable(model, options);
  return { ...lines, left: noRoom(context, model, lines) };
}
