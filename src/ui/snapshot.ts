import type { Command, CommandContext } from "../commands/contract.ts";
import type { EngineStatus, Explanation } from "../engine/contract.ts";
import type { Answers, Pane } from "../panes/contract.ts";
import type { AppState } from "../state/app-state.ts";
import type { PromptNews } from "./completer.ts";
import type { Candidate } from "./finder.ts";
import type { Layout } from "./layout.ts";

/** Everything the screen shows, as of one moment. */
export interface Snapshot {
  readonly state: AppState;
  readonly status: EngineStatus;
  /** Status the paused screen still shows; null when it runs. */
  readonly frozen: EngineStatus | null;
  /** Null when the terminal is too small. */
  readonly layout: Layout | null;
  readonly pane: Pane;
  /** Those with a digit, in its order. */
  readonly tabs: readonly Pane[];
  readonly context: CommandContext;
  /** Latest answers of the pane on top. */
  readonly answers: Answers;
  readonly invalidChips: ReadonlySet<string>;
  readonly commands: readonly Command[];
  /** What tab would make of the prompt's text, and what the filter in it matches. */
  readonly news: PromptNews;
  /** What the command being typed takes, where it takes words. */
  readonly hint: string | null;
  /** Why the pane is empty; null while it is not, or nobody knows. */
  readonly explanation: Explanation | null;
  /** Candidates of the find prompt. */
  readonly candidates: readonly Candidate[];
}
