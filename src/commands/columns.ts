import type { Pane } from "../panes/contract.ts";
import type { Action } from "../state/actions.ts";
import type { AppState } from "../state/app-state.ts";
import { frameOf } from "../state/initial-state.ts";
import type { Command } from "./contract.ts";

const CHOOSER = "columns";
const NONE = "this pane has no columns to choose";

/** The pane on screen, or the one whose columns are being chosen; throws a sentence where its table has none to choose. */
export function paneWithColumns({ stack }: Pick<AppState, "stack">, panes: readonly Pane[]): Pane {
  const frame = stack.at(-1);
  const id = frame?.pane === CHOOSER ? (frame.params["of"] ?? stack.at(-2)?.pane) : frame?.pane;
  const having = panes.filter(({ columns }) => columns !== undefined);
  const found = having.find((pane) => pane.id === id);
  if (found === undefined) throw new Error(`${NONE}: ${having.map(({ title }) => title).join(", ")} have`);
  return found;
}

/** Opens the list of a pane's columns. */
export function choosingColumns({ id }: Pane): readonly Action[] {
  return [{ type: "push", frame: frameOf(CHOOSER, { of: id }) }];
}

export function columnsCommand(panes: readonly Pane[]): Command {
  const isChosenFor = ({ stack }: AppState): boolean =>
    panes.some(({ id, columns }) => columns !== undefined && id === stack.at(-1)?.pane);
  return {
    id: "view.columns",
    title: "choose the columns of this table and their order",
    keys: ["|"],
    scope: "list",
    group: "view",
    disabledReason: ({ app }) => (isChosenFor(app) ? null : NONE),
    run: ({ app }) => choosingColumns(paneWithColumns(app, panes)),
  };
}
