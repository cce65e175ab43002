import type { TableLines } from "./table-layout.ts";
import type { TableModel } from "./view.ts";

const NARROW_NAME = 14;
const SHORTEST_TEXT = 8;

/**
 * The table with its first `names` columns, then those of `ids` in that order; as it is without any. Where space is short the last
 * chosen go first. Ids it has no column for are passed over.
 */
export function pickColumns(model: TableModel, ids: readonly string[], names = 0): TableModel {
  const places = model.columns.map((column, at) => ({ column, at }));
  const chosen = ids.flatMap((id) => places.slice(names).filter(({ column }) => column.id === id));
  if (chosen.length === 0) return model;
  const ranked = chosen.map(({ column, at }, order) => ({
    // Texts are rather cut than left away; numbers, times and addresses say nothing in part.
    column: {
      ...column,
      drop: order + Math.sign(names),
      ...(column.grow === undefined ? {} : { minWidth: SHORTEST_TEXT }),
    },
    at,
  }));
  // Names give way to what was chosen, as far as they still tell something.
  const narrow = places.slice(0, names).map(({ column, at }) => ({ column: { ...column, minWidth: NARROW_NAME }, at }));
  const picked = [...narrow, ...ranked];
  return {
    ...model,
    columns: picked.map(({ column }) => column),
    rows: model.rows.map((row) => ({ ...row, cells: picked.map(({ at }) => row.cells[at] ?? { text: "" }) })),
  };
}

/** Titles of the columns that the width had no room for, without the mark of the one that keys work on. */
export function columnsWithoutRoom(model: TableModel, table: TableLines): readonly string[] {
  const shown = new Set(table.columns.map(({ column }) => column.id));
  return model.columns
    .filter(({ id }) => !shown.has(id))
    .map(({ id, title }) => (title === "" ? id : title.replace(/^›/, "")));
}
