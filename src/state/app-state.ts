import type { RequestFacts } from "../events/request.ts";
import type { TimeWindow } from "../queries/contract.ts";
import type { SavedView } from "./saved-view.ts";

export type PaneId = string;

/** One level of the drill-down stack: a pane with its own parameters, cursor and scroll. Serialisable. */
export interface Frame {
  readonly pane: PaneId;
  /** What the pane shows: by, sort, object, seq … meaning is the pane's own. */
  readonly params: Readonly<Record<string, string>>;
  /** Row id under the cursor (stable while rows move), with its position as a fallback. */
  readonly cursorId: string | null;
  readonly cursorIndex: number;
  /** First visible row. */
  readonly top: number;
  /** Chips that came with this level: going back takes them away again. */
  readonly added?: readonly string[];
  /** Time window that came with this level, and the one of the level below. */
  readonly window?: TimeWindow | null;
  readonly outerWindow?: TimeWindow | null;
  /** Filters of the level below, where this one is about everything: going back brings them again. */
  readonly aside?: Filters;
}

/** What narrows every number on screen. */
export interface Filters {
  readonly chips: readonly Chip[];
  readonly chipsOn: boolean;
  readonly humansOnly: boolean;
  readonly window: TimeWindow | null;
}

/** A stack that was left for another one. `filters`: those of all panes then, where the other one came with its own. */
export interface Visit {
  readonly stack: readonly Frame[];
  readonly filters?: Filters;
}

export type ChosenColumns = Readonly<Record<PaneId, readonly string[]>>;

/** A filter term of the prompt language as a chip on every pane. */
export interface Chip {
  readonly text: string;
}

/** A request somebody wants to find again. Its facts are copied: they stay when the row is evicted. */
export interface Mark {
  /** The same in every run on its log. */
  readonly id: string;
  /** `seq` is NaN while its row is not known, or not kept. */
  readonly facts: RequestFacts;
  /** What somebody wrote about it; "" for nothing. */
  readonly note: string;
  /** Fingerprint of its log; null where it has none. */
  readonly log: string | null;
}

export interface Prompt {
  /** `search`: for a text on the screen; `narrow`: rows of the list by their own words. */
  readonly kind: "filter" | "command" | "find" | "search" | "narrow" | "note";
  readonly text: string;
  readonly cursor: number;
  /** Shown under the prompt with its column (1-based) and what would fit. */
  readonly error: {
    readonly column: number;
    readonly message: string;
    readonly suggestions?: readonly string[];
  } | null;
  /** Place in the history, 0 = newest; absent while a new text is being typed, which is then kept in `draft`. */
  readonly historyAt?: number;
  readonly draft?: string;
  /** `note`: the mark it is about. */
  readonly mark?: string;
  /** While tab goes through what fits: where, what, and which one is in the text. */
  readonly completing?: {
    readonly from: number;
    /** Behind the cursor. */
    readonly rest: string;
    readonly texts: readonly string[];
    readonly at: number;
  };
  /** `find`: the highlighted candidate. */
  readonly selected?: number;
}

export interface Message {
  readonly text: string;
  readonly tone: "info" | "warn";
  /** It asks whether to leave: the key that brought it does, pressed again. */
  readonly asksToLeave?: true;
}

export interface AppState extends Filters {
  /** The last one is on screen; never empty. */
  readonly stack: readonly Frame[];
  /** Newest last. */
  readonly visited: readonly Visit[];
  /** Screen frozen at this engine revision (ingest goes on). */
  readonly paused: boolean;
  readonly follow: boolean;
  readonly timeMode: "absolute" | "relative" | "delta";
  /** Columns chosen for the table of a pane, in their order; a pane that isn't named shows its usual ones. */
  readonly columns: ChosenColumns;
  readonly timeZone: "local" | "utc";
  /** Name of a theme, or `auto`: by the terminal's background. */
  readonly theme: string;
  /** For slow lines: data changes the screen twice a second instead of ten times. */
  readonly loFi: boolean;
  /** File of the audit policy that the log is held against; null: none. */
  readonly policy: string | null;
  /** File of roles and bindings that a log is held against; null: none. */
  readonly existing: string | null;
  /** Views that can be opened, in the order of their file. */
  readonly views: readonly SavedView[];
  /** What of their files could not be understood, as sentences. */
  readonly viewProblems: readonly string[];
  readonly prompt: Prompt | null;
  /** Accepted prompt texts, newest first. */
  readonly history: { readonly filter: readonly string[]; readonly command: readonly string[] };
  /** What was copied last. */
  readonly copied: string | null;
  /** In the order of time received. */
  readonly marks: readonly Mark[];
  /** One-line answer to the last key ("copied 12 bytes", "nothing to drill into"). */
  readonly message: Message | null;
  readonly size: { readonly columns: number; readonly rows: number };
  readonly quitting: boolean;
}
