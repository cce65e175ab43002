import type { TimeWindow } from "../queries/contract.ts";
import type { Action } from "./actions.ts";
import type { AppState, ChosenColumns, Frame, PaneId } from "./app-state.ts";
import { frameOf } from "./initial-state.ts";
import { popped } from "./levels.ts";

/** One level of a saved view: a frame without the places of cursor and scroll. */
export interface SavedFrame {
  readonly pane: PaneId;
  readonly params: Readonly<Record<string, string>>;
  /** Chips that came with this level. */
  readonly added: readonly string[];
}

/** What the screen shows and how, apart from one log: it can be opened on another. */
export interface SavedView {
  readonly name: string;
  /** Never empty; the last one is on screen. */
  readonly frames: readonly SavedFrame[];
  readonly chips: readonly string[];
  readonly humansOnly: boolean;
  /** Absolute, as z sets it; what is relative is a chip (`since:15m`). */
  readonly window: TimeWindow | null;
  readonly timeMode: AppState["timeMode"];
  readonly columns: ChosenColumns;
  /** File of others that it was read from; absent: the user's own. */
  readonly origin?: string;
}

export const LONGEST_NAME = 60;

/** Short enough for a list, and typed on one line. */
export function isViewName(name: string): boolean {
  return (
    name.trim() === name && name.length > 0 && name.length <= LONGEST_NAME && !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(name)
  );
}

/** About the program, not the log. */
const ASIDE: readonly PaneId[] = ["help", "config", "info", "views", "marks"];
/** Rows have other numbers in another log; what was unmasked once stays a decision of that moment. */
const ROW_PARAM = "seq";
const UNMASK_PARAM = "unmask";

/** The view as it can be saved, up to the last level that isn't about one row; null when none is left. */
export function savedView(state: AppState, name: string): SavedView | null {
  const end = state.stack.findIndex(({ pane, params }) => ASIDE.includes(pane) || params[ROW_PARAM] !== undefined);
  if (end === 0) return null;
  const levels = end < 0 ? state.stack.length : end;
  let kept = state;
  while (kept.stack.length > levels) kept = popped(kept);
  return {
    name,
    frames: kept.stack.map(({ pane, params, added }) => ({ pane, params: savable(params), added: added ?? [] })),
    chips: kept.chips.map(({ text }) => text),
    humansOnly: kept.humansOnly,
    window: kept.window,
    timeMode: kept.timeMode,
    columns: kept.columns,
  };
}

/** Parameters that mean the same on another log, and show no more than asked for. */
export function savable(params: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(params).filter(([key]) => key !== ROW_PARAM && key !== UNMASK_PARAM));
}

/** Opens a view in place of what is on screen. `span`: the log's own, RFC 3339; says when the view's time lies outside it. */
export function openView(
  view: SavedView,
  span: { readonly from: string | null; readonly to: string | null },
): readonly Action[] {
  const { fromUs = -Infinity, toUs = Infinity } = view.window ?? {};
  const isOutside =
    (span.from !== null && toUs <= Date.parse(span.from) * 1_000) ||
    (span.to !== null && fromUs > (Date.parse(span.to) + 1) * 1_000);
  return [
    { type: "restore", view },
    isOutside
      ? { type: "message", text: `the time window of “${view.name}” lies outside this log: Z widens it`, tone: "warn" }
      : { type: "message", text: `view “${view.name}”`, tone: "info" },
  ];
}

/** The stack of a view, every cursor at its first row. */
export function stackOf({ frames }: SavedView): readonly Frame[] {
  return frames.map(({ pane, params, added }) =>
    added.length === 0 ? frameOf(pane, params) : { ...frameOf(pane, params), added },
  );
}
