import { maskText } from "../masking/mask.ts";
import { asciiLine } from "../models/ascii.ts";
import { cutLine, wrapLine } from "../models/line.ts";
import { escapedText, isSafeText } from "../models/text-safety.ts";
import type { Line } from "../models/view.ts";
import type { Pane, PaneContext, PaneView } from "./contract.ts";
import { isUnmasked } from "./unmask-command.ts";

/**
 * What every pane promises, kept in one place: lines fit the space, hold nothing a terminal would obey, and are ASCII where
 * the screen is; what is copied is masked as it is on screen, and a screen that isn't masked says so. Panes make log text
 * safe themselves (so that widths are right); this is the guard behind them.
 */
export function sealed(pane: Pane): Pane {
  return { ...pane, view: (context, answers) => sealedView(context, pane.view(context, answers)) };
}

function sealedView(context: PaneContext, view: PaneView): PaneView {
  const own = view.wraps === true ? view.lines.flatMap((line) => wrapLine(line, context.width)) : view.lines;
  const lines = own
    .slice(0, Math.max(0, context.height))
    .map((line) => sealedLine(line, context.width, context.unicode));
  const isInside = view.cursorLine !== null && view.cursorLine >= 0 && view.cursorLine < lines.length;
  const shown = { ...view, lines, cursorLine: isInside ? view.cursorLine : null };
  return isUnmasked(context)
    ? { ...shown, summary: ["NOT MASKED", view.summary].filter(Boolean).join(" · ") }
    : masked(shown);
}

function masked(view: PaneView): PaneView {
  const { copy } = view.selection;
  return copy === undefined ? view : { ...view, selection: { ...view.selection, copy: maskText(copy) } };
}

function sealedLine(line: Line, width: number, unicode: boolean): Line {
  const safe = line.every((part) => isSafeText(part.text))
    ? line
    : line.map((part) => ({ ...part, text: escapedText(part.text) }));
  const cut = cutLine(safe, width);
  return unicode ? cut : asciiLine(cut);
}
