import { wrapText } from "../models/display-width.ts";
import { line, span } from "../models/line.ts";
import { safeText } from "../models/text-safety.ts";
import type { Line } from "../models/view.ts";
import type { PaneContext } from "./contract.ts";

/** Rows a preview takes below a list: as many for every row, so that nothing moves with the cursor. */
const ROWS = 2;
/** In less the list needs them more. */
const ROOMY = 14;

/** Rows of the body that the preview of the chosen row takes. */
export function previewRows({ height }: PaneContext): number {
  return height < ROOMY ? 0 : ROWS;
}

/**
 * What the table had to cut of the chosen row, at the foot of the body: `lines` are those of the table, `text` a sentence or
 * names in full, "" for nothing.
 */
export function withPreview(context: PaneContext, lines: readonly Line[], text: string): readonly Line[] {
  const rows = previewRows(context);
  if (rows === 0 || text === "") return lines;
  const pieces = wrapText(safeText(text, context.unicode), Math.max(1, context.width - 2), rows);
  const room = context.height - rows;
  const filled =
    lines.length < room ? [...lines, ...Array.from({ length: room - lines.length }, (): Line => [])] : lines;
  return [...filled, ...pieces.map((piece) => line("  ", span(piece, "info")))];
}
