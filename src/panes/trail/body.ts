import type { Line } from "../../models/view.ts";
import type { PaneSelection } from "../contract.ts";
import type { RowsOnScreen } from "../../state/cursor.ts";

/** What a view of the trail draws below the title. */
export interface Body {
  readonly lines: readonly Line[];
  readonly cursorLine: number | null;
  /** Those the cursor walks over. */
  readonly rows: RowsOnScreen;
  readonly selection: PaneSelection;
  /** Steps folded away. */
  readonly hidden?: number;
}
