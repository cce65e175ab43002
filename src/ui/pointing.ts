import { scrolled, toRow } from "../commands/move.ts";
import { lineWidth } from "../models/line.ts";
import type { PaneView } from "../panes/contract.ts";
import type { Action } from "../state/actions.ts";
import { cursorIndex } from "../state/cursor.ts";
import { frameOf } from "../state/initial-state.ts";
import { tabAt } from "./context-lines.ts";
import { viewOf } from "./guarded-pane.ts";
import type { Snapshot } from "./snapshot.ts";
import type { MousePress } from "./terminal/mouse-input.ts";

/** Lines a notch of the wheel scrolls. */
const NOTCH = 3;

/** What the wheel and a click do: scroll, choose a row, go where a digit leads. `open`: as enter, on the row that is chosen. */
export function pointedAt(mouse: MousePress, snapshot: Snapshot): readonly Action[] | "open" {
  const { state, layout, context } = snapshot;
  // Prompts are for keys.
  if (state.prompt !== null || layout === null) return [];
  if (mouse.kind !== "click") return scrolled(context, mouse.kind === "wheel-up" ? -NOTCH : NOTCH);
  const body = layout.hasChips ? 3 : 2;
  const line = mouse.row - body;
  if (layout.hasChips && line === -1) {
    const pane = tabAt(snapshot, layout.width, mouse.column);
    return pane === null ? [] : [{ type: "open", frame: frameOf(pane) }];
  }
  const row = line < 0 || line >= layout.body ? null : rowAt(snapshot, line, mouse.column);
  if (row === null) return [];
  const { rows, live } = context.view;
  const chosen = live === true && state.follow ? rows.count - 1 : cursorIndex(context.pane.frame, rows);
  return row === chosen ? "open" : (toRow(context, row) ?? []);
}

/**
 * Position among all rows of the one at `line` and `column` of the body; null where there is none. Panes say where their cursor is
 * drawn, and so where it would be.
 */
function rowAt(snapshot: Snapshot, line: number, column: number): number | null {
  const { pane, answers } = snapshot;
  const { pane: context, view } = snapshot.context;
  const { rows } = view;
  const onScreen = Math.min(rows.ids.length, rows.count - rows.top);
  if (onScreen <= 0) return null;
  const placeOf = (index: number): Place | null => {
    const frame = {
      ...context.frame,
      cursorId: rows.ids[index - rows.top] ?? null,
      cursorIndex: index,
      top: rows.top,
    };
    const stack = [...context.app.stack.slice(0, -1), frame];
    return cursorPlace(viewOf(pane, { ...context, frame, app: { ...context.app, follow: false, stack } }, answers));
  };
  const isAt = (place: Place | null): boolean =>
    place !== null && place.line === line && column >= place.from && column < place.to;
  // One line a row, in most panes.
  const here = cursorPlace(view);
  const likely = here === null ? -1 : cursorIndex(context.frame, rows) + line - here.line;
  if (likely >= rows.top && likely < rows.top + onScreen && isAt(placeOf(likely))) return likely;
  const places = Array.from({ length: onScreen }, (_, at) => placeOf(rows.top + at));
  const exact = places.findIndex(isAt);
  if (exact >= 0) return rows.top + exact;
  // A row of several lines: up to where the next one begins.
  const after = places.findIndex((place) => place !== null && place.line > line);
  const before = places[after - 1];
  const isBelow = before !== null && before !== undefined && before.line < line && before.to === Infinity;
  return isBelow ? rows.top + after - 1 : null;
}

interface Place {
  readonly line: number;
  readonly from: number;
  readonly to: number;
}

/** Where a view draws its cursor: a whole line, or a row of one of the tables beside each other. */
function cursorPlace({ cursorLine, lines }: PaneView): Place | null {
  if (cursorLine !== null) return { line: cursorLine, from: 0, to: Infinity };
  for (const [line, spans] of lines.entries()) {
    const first = spans.findIndex(({ text, bold, tone }) => bold === true && tone === "accent" && /^[▸>]/.test(text));
    if (first < 0) continue;
    const end = spans.findIndex(({ bold }, at) => at > first && bold !== true);
    const from = lineWidth(spans.slice(0, first));
    return { line, from, to: from + lineWidth(spans.slice(first, end < 0 ? spans.length : end)) };
  }
  return null;
}
