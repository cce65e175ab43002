import type { Cell, Column } from "../models/view.ts";

/** What cells of one table are drawn with. */
export interface CellLook {
  readonly unicode: boolean;
  /** By a headless command: numbers are whole, texts are not cut, and charts have no place. */
  readonly isPrinted: boolean;
  readonly timeText: (iso: string) => string;
}

/** A column of an answer: the pane and the headless command show the same. */
export interface AnswerColumn<Row, Look extends CellLook = CellLook> extends Column {
  readonly onScreenOnly?: true;
  /** Its cells are times: where it is printed, the title says which clock they are of. */
  readonly isTime?: true;
  cell(row: Row, look: Look): Cell;
}
