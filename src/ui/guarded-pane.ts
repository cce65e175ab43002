import type { Ask } from "../engine/contract.ts";
import { wrapText } from "../models/display-width.ts";
import { safeText } from "../models/text-safety.ts";
import type { Answers, Pane, PaneContext, PaneView } from "../panes/contract.ts";
import { withTimeCursor } from "./time-cursor-lines.ts";

/** A pane that fails on something in a log costs its own body, never the program. */
export function viewOf(pane: Pane, context: PaneContext, answers: Answers): PaneView {
  try {
    return withTimeCursor(context, pane.view(context, answers));
  } catch (error) {
    const sentence = `the ${pane.id} pane cannot show this: ${safeText(messageOf(error))}`;
    return {
      lines: wrapText(sentence, Math.max(1, context.width - 2), context.height).map((text) => [
        { text: ` ${text}`, tone: "danger" },
      ]),
      cursorLine: null,
      rows: { count: 0, top: 0, page: Math.max(1, context.height), ids: [] },
      selection: {},
    };
  }
}

export function asksOf(pane: Pane, context: PaneContext): Readonly<Record<string, Ask>> {
  try {
    return pane.asks(context);
  } catch {
    // The view fails the same way and says so.
    return {};
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
