import type { Pane } from "../panes/contract.ts";
import type { Action } from "../state/actions.ts";
import type { AppState } from "../state/app-state.ts";
import { frameOf } from "../state/initial-state.ts";
import type { Command } from "./contract.ts";

const CHOOSER = "columns";
const NONE = "this pane has no columns to choose";

/** The pane on screen, or the one whose columns are being chosen, where its table has columns to choose. */
export function paneOnScreen({ stack }: Pick<AppState, "stack">, panes: readonly Pane[]): Pane | undefined {
  const frame = stack.at(-1);
  const id = frame?.pane === CHOOSER ? (frame.params["of"] ?? stack.at(-2)?.pane) : frame?.pane;
  return panes.find((pane) => pane.id === id && pane.columns !== undefined);
}

/** The same; throws a sentence where there is none. */
export function paneWithColumns(app: Pick<AppState, "stack">, panes: readonly Pane[]): Pane {
  const found = paneOnScreen(app, panes);
  if (found !== undefined) return found;
  const having = panes.flatMap(({ columns, title }) => (columns === undefined ? [] : [title]));
  throw new Error(`${NONE}: ${having.join(", ")} have`);
}

/** Opens the list of a pane's columns. */
export function choosingColumns({ id }: Pane): readonly Action[] {
  return [{ type: "push", frame: frameOf(CHOOSER, { of: id }) }];
}

export function columnsCommand(panes: readonly Pane[]): Command {
  return {
    id: "view.columns",
    title: "choose the columns of this table and their order",
    keys: ["|"],
    scope: "list",
    group: "view",
    disabledReason({ app }) {
      const id = app.stack.at(-1)?.pane;
      if (id === CHOOSER) return "these are the columns: space shows or hides one, q goes back to the table";
      return paneOnScreen(app, panes)?.id === id ? null : NONE;
    },
    run: ({ app }) => choosingColumns(paneWithColumns(app, panes)),
  };
}
