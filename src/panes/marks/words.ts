import type { LineCommand } from "../../commands/contract.ts";
import type { Action } from "../../state/actions.ts";
import { timeline } from "./timeline.ts";

const SUFFIXES = { yaml: /\.ya?ml$/i } as const;
/** What a view can be written as. */
const VIEW_SUFFIX = /\.(?:jsonl|json|csv|md|html|ya?ml)$/i;

function write(overwrite: boolean): LineCommand["run"] {
  return (path, { app, pane, view: { document, commandLine } }) => {
    if (path === "") throw new Error("a file for this view, by suffix: .jsonl .csv .md .html .yaml");
    if (document !== undefined && SUFFIXES[document.suffix].test(path)) {
      return [{ type: "effect", effect: { kind: "write-file", path, text: document.text, overwrite } }];
    }
    if (pane.frame.pane === "marks" && /\.md$/i.test(path)) {
      if (app.marks.length === 0) throw new Error("nothing is marked: m marks the request under the cursor");
      return [{ type: "effect", effect: { kind: "write-file", path, text: timeline(pane), overwrite } }];
    }
    if (!VIEW_SUFFIX.test(path)) throw new Error("its suffix has to say as what: .jsonl .csv .md .html .yaml");
    if (commandLine === undefined)
      throw new Error("nothing to write here: no command line prints this view (C copies those of other panes)");
    return [{ type: "effect", effect: { kind: "write-view", path, line: commandLine, overwrite } }];
  };
}

/** Words after `:` about all marks. */
export const markWords: readonly LineCommand[] = [
  {
    name: "write",
    usage: "write FILE",
    about:
      "this view into a new file, all its rows, as .jsonl .csv .md .html or .yaml; on the marks pane .md is a timeline of the marked requests",
    run: write(false),
  },
  {
    name: "write!",
    usage: "write! FILE",
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
