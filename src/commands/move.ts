import type { Action } from "../state/actions.ts";
import { cursorAt, cursorIndex, scrolledTo } from "../state/cursor.ts";
import type { Command, CommandContext } from "./contract.ts";

const NOTHING = "there is nothing to move over here";

/** By so many lines, the cursor with them. */
export function scrolled(context: CommandContext, lines: number): readonly Action[] {
  return context.view.rows.count === 0 ? [] : moveBy(context, () => lines);
}

function moveBy(context: CommandContext, rows: (page: number) => number): readonly Action[] {
  const { view, pane } = context;
  const delta = rows(Math.max(1, view.rows.page));
  if (view.cursorLine === null && view.rows.ids.length === 0) {
    return [{ type: "cursor", ...scrolledTo(view.rows, pane.frame.top + delta) }];
  }
  const isAtNewest = view.live === true && context.app.follow;
  const from = isAtNewest ? view.rows.count - 1 : cursorIndex(pane.frame, view.rows);
  // A whole page scrolls by what is on screen; single steps leave the screen where it is.
  const top = Math.abs(delta) > 1 ? pane.frame.top + delta : view.rows.top;
  const move: Action = { type: "cursor", ...cursorAt(view.rows, from + delta, top) };
  return isAtNewest && delta < 0 ? [{ type: "follow", on: false }, move] : [move];
}

/** The cursor on row `index`, or on the last one; null where there is none. */
export function toRow({ view, app }: CommandContext, index: number): readonly Action[] | null {
  const { rows } = view;
  if (rows.count === 0) return null;
  const at = Math.min(rows.count - 1, Math.max(0, index));
  if (view.cursorLine === null && rows.ids.length === 0) return [{ type: "cursor", ...scrolledTo(rows, at) }];
  const isOnScreen = at >= rows.top && at < rows.top + rows.page;
  const top = isOnScreen ? rows.top : Math.max(0, at - Math.floor(rows.page / 2));
  return [
    ...(view.live === true && app.follow ? [{ type: "follow", on: false } as const] : []),
    { type: "cursor", ...cursorAt(rows, at, top) },
    ...(at === index ? [] : [{ type: "message", text: `row ${rows.count} is the last`, tone: "info" } as const]),
  ];
}

function noRows(context: CommandContext): string | null {
  return context.view.rows.count === 0 ? NOTHING : null;
}

/** Movement, written once for every pane with rows. */
export const moveCommands: readonly Command[] = [
  {
    id: "move.down",
    title: "next row",
    keys: ["j", "down"],
    scope: "list",
    group: "move",
    disabledReason: noRows,
    run: (context) => moveBy(context, () => 1),
  },
  {
    id: "move.up",
    title: "previous row",
    keys: ["k", "up"],
    scope: "list",
    group: "move",
    disabledReason: noRows,
    run: (context) => moveBy(context, () => -1),
  },
  {
    id: "move.half-page-down",
    title: "half a page down",
    keys: ["ctrl-d"],
    scope: "list",
    group: "move",
    disabledReason: noRows,
    run: (context) => moveBy(context, (page) => Math.max(1, Math.floor(page / 2))),
  },
  {
    id: "move.half-page-up",
    title: "half a page up",
    keys: ["ctrl-u"],
    scope: "list",
    group: "move",
    disabledReason: noRows,
    run: (context) => moveBy(context, (page) => -Math.max(1, Math.floor(page / 2))),
  },
  {
    id: "move.page-down",
    title: "a page down",
    keys: ["pagedown", "ctrl-f", "space"],
    scope: "list",
    group: "move",
    disabledReason: noRows,
    run: (context) => moveBy(context, (page) => page),
  },
  {
    id: "move.page-up",
    title: "a page up",
    keys: ["pageup", "ctrl-b"],
    scope: "list",
    group: "move",
    disabledReason: noRows,
    run: (context) => moveBy(context, (page) => -page),
  },
  {
    id: "move.first",
    title: "first row",
    keys: ["g", "home"],
    scope: "list",
    group: "move",
    disabledReason: noRows,
    run: ({ app, view }) => [
      ...(view.live === true && app.follow ? [{ type: "follow", on: false } as const] : []),
      { type: "cursor", id: null, index: 0, top: 0 },
    ],
  },
  {
    id: "move.last",
    title: "last row; in a live list the newest, and stay there",
    keys: ["G", "end"],
    scope: "list",
    group: "move",
    disabledReason: noRows,
    run: ({ view, pane }) => {
      const last = view.rows.count - 1;
      if (view.cursorLine === null && view.rows.ids.length === 0) {
        return [{ type: "cursor", ...scrolledTo(view.rows, last) }];
      }
      const place = cursorAt(view.rows, last, last);
      if (view.live !== true) return [{ type: "cursor", ...place }];
      const follows = pane.status.phase === "following";
      return [{ type: "cursor", ...place, id: null }, ...(follows ? [{ type: "follow", on: true } as const] : [])];
    },
  },
];
