import type { AppState } from "../state/app-state.ts";

export const SMALLEST = { columns: 60, rows: 15 } as const;
/** From here on a line that shows the (empty) filter costs nothing that is missed. */
const ROOMY_ROWS = 20;

/** Rows of the screen from top to bottom; `body` is what panes get. */
export interface Layout {
  readonly width: number;
  readonly hasChips: boolean;
  readonly body: number;
}

/** Null when the terminal is too small for anything but a sentence saying so. */
export function layoutFor(size: AppState["size"], isNarrowed: boolean): Layout | null {
  if (size.columns < SMALLEST.columns || size.rows < SMALLEST.rows) return null;
  const hasChips = isNarrowed || size.rows >= ROOMY_ROWS;
  const [status, breadcrumb, footer] = [1, 1, 1];
  return { width: size.columns, hasChips, body: size.rows - status - breadcrumb - footer - (hasChips ? 1 : 0) };
}
