import type { PaneContext, PaneView } from "../panes/contract.ts";
import type { AppState } from "../state/app-state.ts";
import type { Action } from "../state/actions.ts";

/**
 * A command is one object: dispatch, footer, help, palette and docs/keys.md all read the same list. Behaviour sits in it:
 * `run` looks at plain values and answers with actions.
 */
export interface Command {
  /** `area.verb`, stable: users rebind keys by it. */
  readonly id: string;
  readonly title: string;
  /** For the footer; absent: not shown there. */
  readonly short?: string;
  /** Key names: "j", "enter", "ctrl-d", "shift-tab", "f1", "up". */
  readonly keys: readonly string[];
  /** `list` applies to every pane with rows. Inner scopes win: pane › list › global. */
  readonly scope: "global" | "list" | "prompt" | `pane:${string}`;
  readonly group: "move" | "go to" | "filter" | "view" | "request" | "copy" | "program" | "your keys";
  /** Why it can't be used now, as a sentence; null when it can. */
  disabledReason?(context: CommandContext): string | null;
  run(context: CommandContext): readonly Action[];
}

/** What an argument of a pane or command is, for tab: the log's own objects, users … */
export type ArgumentKind = "object" | "namespace" | "user" | "code" | "dimension" | "filter" | "time";

/** Something typed after `:` that takes words. It has no key of its own; the config file can bind one to a whole line. */
export interface LineCommand {
  readonly name: string;
  /** As in help: `theme NAME`. */
  readonly usage: string;
  readonly about: string;
  /** What its argument could be, for tab. */
  complete?(app: AppState): readonly string[];
  /** Takes several arguments between commas or blanks. */
  readonly several?: true;
  /** What of the log its argument is. */
  readonly completes?: ArgumentKind;
  /** Throws a sentence for the user. */
  run(args: string, context: CommandContext): readonly Action[];
}

export interface CommandContext {
  readonly app: AppState;
  readonly pane: PaneContext;
  readonly view: PaneView;
}
