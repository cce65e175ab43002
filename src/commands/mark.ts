import type { Action } from "../state/actions.ts";
import type { Mark } from "../state/app-state.ts";
import { markAt } from "../state/marks.ts";
import type { Command, CommandContext } from "./contract.ts";
import { openPrompt } from "./prompt-text.ts";

/** The mark under the cursor, or of the request there. */
function markOf({ app, view: { selection } }: CommandContext): Mark | undefined {
  const { mark, seq } = selection;
  return mark === undefined
    ? seq === undefined
      ? undefined
      : markAt(app.marks, seq)
    : app.marks.find(({ id }) => id === mark);
}

function noRequest({ view: { selection } }: CommandContext): string | null {
  return selection.seq === undefined && selection.mark === undefined ? "no request under the cursor" : null;
}

/**
 * Requests one wants to find again. `m` rather than space, which pages as in less and lnav and folds on cards; notes are
 * under `a` (annotate), since `M` unmasks.
 */
export const markCommands: readonly Command[] = [
  {
    id: "mark.toggle",
    title: "mark this request, or take its mark away",
    short: "mark",
    keys: ["m"],
    scope: "list",
    group: "request",
    disabledReason: noRequest,
    run: (context) => {
      const mark = markOf(context);
      if (mark === undefined) return marking(context, false);
      const text = mark.note === "" ? "mark taken away" : "mark and note taken away";
      return [{ type: "unmark", id: mark.id }, told(text)];
    },
  },
  {
    id: "mark.note",
    title: "mark this request with a note",
    keys: ["a"],
    scope: "list",
    group: "request",
    disabledReason: noRequest,
    run: (context) => {
      const mark = markOf(context);
      if (mark === undefined) return marking(context, true);
      return [{ type: "prompt", prompt: { ...openPrompt("note", mark.note), mark: mark.id } }];
    },
  },
  seek("mark.next", "next marked request", "u", 1),
  seek("mark.previous", "previous marked request", "U", -1),
];

function seek(id: string, title: string, key: string, direction: 1 | -1): Command {
  return {
    id,
    title,
    keys: [key],
    scope: "list",
    group: "move",
    disabledReason: ({ app, view }) => {
      if (app.marks.length === 0) return "nothing is marked: m marks the request under the cursor";
      return view.live === true ? null : "works in the list of requests, in the order of time; :marks lists them";
    },
    run: () => [{ type: "effect", effect: { kind: "seek-mark", direction } }],
  };
}

function marking({ view: { selection } }: CommandContext, note: boolean): readonly Action[] {
  const { seq } = selection;
  return seq === undefined ? [] : [{ type: "effect", effect: { kind: "mark", seq, note } }];
}

function told(text: string): Action {
  return { type: "message", text, tone: "info" };
}
