import { count, counted } from "../models/numbers.ts";
import type { Line } from "../models/view.ts";
import type { PaneContext, PaneView } from "./contract.ts";

export function linesOf(text: string): readonly string[] {
  return text.replace(/\n$/, "").split("\n");
}

/** A text to scroll through, below a head: rows without ids have no cursor. */
export function documentView(context: PaneContext, head: readonly Line[], lines: readonly Line[]): PaneView {
  const page = Math.max(1, context.height - head.length);
  const top = Math.min(context.frame.top, Math.max(0, lines.length - page));
  const shown = lines.slice(top, top + page);
  return {
    lines: [...head, ...shown],
    cursorLine: null,
    rows: { count: lines.length, top, page, ids: [] },
    selection: {},
    summary:
      lines.length > page ? `${count(top + 1)}-${count(top + shown.length)} of ${counted(lines.length, "line")}` : "",
  };
}
