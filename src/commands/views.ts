import type { Action } from "../state/actions.ts";
import type { AppState } from "../state/app-state.ts";
import { frameOf } from "../state/initial-state.ts";
import { isViewName, LONGEST_NAME, openView, savedView } from "../state/saved-view.ts";
import type { Command, LineCommand } from "./contract.ts";
import { openPrompt } from "./prompt-text.ts";

const names = ({ views }: AppState): readonly string[] => [...new Set(views.map(({ name }) => name))];

export const viewsCommand: Command = {
  id: "view.save",
  title: "save this view under a name: panes, filters, time window, order",
  keys: ["ctrl-s"],
  scope: "global",
  group: "view",
  run: () => [{ type: "prompt", prompt: openPrompt("command", "save ") }],
};

/** Saved views after `:`. */
export const viewWords: readonly LineCommand[] = [
  {
    name: "save",
    usage: "save NAME",
    about: "save this view; a name that is taken is saved anew",
    complete: names,
    run: (name, { app }) => {
      if (name === "") throw new Error("a name for this view");
      if (!isViewName(name)) throw new Error(`a name has up to ${LONGEST_NAME} visible characters`);
      const view = savedView(app, name);
      if (view === null) throw new Error("there is no view to save here: this is about one row or the program");
      return [{ type: "effect", effect: { kind: "save-view", view } }];
    },
  },
  {
    name: "view",
    usage: "view NAME",
    about: "open a saved view",
    complete: names,
    run: (name, { app, pane }) => {
      const found = app.views.find((view) => view.name === name);
      if (found !== undefined) return openView(found, pane.status);
      if (name === "") return [{ type: "open", frame: frameOf("views") }];
      const known = names(app);
      throw new Error(known.length === 0 ? "no view is saved: ctrl-s saves one" : `views: ${known.join(", ")}`);
    },
  },
  {
    name: "delete-view",
    usage: "delete-view NAME",
    about: "forget a saved view",
    complete: names,
    run: (name, { app }): readonly Action[] => {
      const found = app.views.filter((view) => view.name === name);
      if (found.length === 0) throw new Error("there is no view of this name");
      const [{ origin } = {}] = found;
      if (origin !== undefined) throw new Error(`“${name}” is of ${origin}: only views of your own can be forgotten`);
      return [{ type: "effect", effect: { kind: "delete-view", name } }];
    },
  },
];
