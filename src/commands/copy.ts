import type { Command, LineCommand } from "./contract.ts";

/** The clipboard of the terminal the user sits at, also over ssh. */
export const copyCommands: readonly Command[] = [
  {
    id: "copy.cell",
    title: "copy this cell",
    short: "copy",
    keys: ["c"],
    scope: "list",
    group: "copy",
    disabledReason: ({ view }) => ((view.selection.copy ?? "") === "" ? "nothing to copy under the cursor" : null),
    run: ({ view }) => {
      const text = view.selection.copy;
      return text === undefined ? [] : [{ type: "effect", effect: { kind: "copy", text, what: "cell" } }];
    },
  },
  {
    id: "copy.command",
    title: "copy this view as a command line",
    keys: ["C"],
    scope: "global",
    group: "copy",
    disabledReason: ({ view }) => (view.commandLine === undefined ? "no command prints this view" : null),
    run: ({ view }) => {
      const text = view.commandLine;
      return text === undefined ? [] : [{ type: "effect", effect: { kind: "copy", text, what: "command line" } }];
    },
  },
];

export const copyWords: readonly LineCommand[] = [
  {
    name: "copied",
    usage: "copied",
    about: "what was copied last, on the terminal itself, to select it with the mouse where its clipboard took nothing",
    run: (_, { app }) => {
      if (app.copied === null) throw new Error("nothing was copied yet: c copies a cell, C the command line of a view");
      return [{ type: "effect", effect: { kind: "print", text: app.copied } }];
    },
  },
];
