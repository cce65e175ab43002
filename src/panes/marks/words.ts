import type { LineCommand } from "../../commands/contract.ts";
import type { Action } from "../../state/actions.ts";
import { timeline } from "./timeline.ts";

const SUFFIXES = { yaml: /\.ya?ml$/i } as const;

function write(overwrite: boolean): LineCommand["run"] {
  return (path, { app, pane, view: { document } }) => {
    if (document !== undefined && SUFFIXES[document.suffix].test(path)) {
      return [{ type: "effect", effect: { kind: "write-file", path, text: document.text, overwrite } }];
    }
    if (app.marks.length === 0) throw new Error("nothing is marked: m marks the request under the cursor");
    if (path === "") throw new Error("a file for the timeline of the marked requests: timeline.md");
    return [{ type: "effect", effect: { kind: "write-file", path, text: timeline(pane), overwrite } }];
  };
}

/** Words after `:` about all marks. */
export const markWords: readonly LineCommand[] = [
  {
    name: "write",
    usage: "write FILE.md",
    about: "the marked requests and their notes as a Markdown timeline, into a new file",
    run: write(false),
  },
  {
    name: "write!",
    usage: "write! FILE.md",
    about: "the same, over a file that is there",
    run: write(true),
  },
  {
    name: "unmark-all",
    usage: "unmark-all",
    about: "take all marks and notes away",
    run: (args, { app }) => {
      if (args !== "") throw new Error("unmark-all takes no words");
      return [
        ...app.marks.map(({ id }): Action => ({ type: "unmark", id })),
        { type: "message", text: "no request is marked", tone: "info" },
      ];
    },
  },
];
