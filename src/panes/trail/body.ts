import type { Line } from "../../models/view.ts";
import type { PaneSelection } from "../contract.ts";
import type { ListPlace } from "../list-place.ts";

/** What a view of the trail draws below the title. */
export interface Body {
  readonly lines: readonly Line[];
  readonly cursorLine: number | null;
  /** Of all rows the cursor walks over. */
  readonly ids: readonly string[];
  readonly place: ListPlace;
  readonly page: number;
  readonly selection: PaneSelection;
  /** Steps folded away. */
  readonly hidden?: number;
}
