import type { RowsOnScreen } from "../state/cursor.ts";
import type { Timeline } from "../state/time-cursor.ts";
import type { ArgumentKind, Command, LineCommand } from "../commands/contract.ts";
import type { Ask, EngineStatus } from "../engine/contract.ts";
import type { Column, Line } from "../models/view.ts";
import type { Filter, TimeWindow } from "../queries/contract.ts";
import type { AppState, Frame } from "../state/app-state.ts";

/** Everything a pane may look at. Plain values: same context, same view. */
export interface PaneContext {
  /** Messages, and prompts but those that search inside a pane, change without a new view. */
  readonly app: AppState;
  readonly frame: Frame;
  readonly status: EngineStatus;
  /** Chips, humans-only and time window combined: what every query of this pane must use. */
  readonly filter: Filter;
  readonly window: TimeWindow | null;
  /** Space for the body (status line, footer and prompt already taken off). */
  readonly width: number;
  readonly height: number;
  /** Glyphs allowed: box drawing and sparklines, or ASCII only. */
  readonly unicode: boolean;
  /** ms since the epoch; the only clock a pane sees. */
  readonly nowMs: number;
}

/** Latest answer for each ask of the pane, by the pane's own key. `stale`: a newer one is on its way. */
export interface Answered {
  readonly value: unknown;
  readonly stale: boolean;
  /** 0…1: how much of the rows it covers, while the whole answer is being worked out. */
  readonly partial?: number;
  readonly error: string | null;
}
export type Answers = Readonly<Record<string, Answered | undefined>>;

/** What is under the cursor, for the commands every pane shares (enter, +, -, o, O, A, c, y, d). */
export interface PaneSelection {
  /** Cell text for `c`. */
  readonly copy?: string;
  /** Term in the filter language that selects exactly what the row counted. */
  readonly term?: string;
  /** `deployments.apps/nginx` or a uid, its namespace, and what people call it, for `o` and `W`. */
  readonly object?: { readonly name: string; readonly namespace: string; readonly label?: string };
  /** User, for `O`, `K` and `R`. */
  readonly user?: string;
  /** Binding that allowed it, with its kind, for `A`. */
  readonly binding?: string;
  /** Row id, for `y`, `d`, `A`. */
  readonly seq?: number;
  /** Id of a mark, for `m` and `a`, where its row may not be known. */
  readonly mark?: string;
  /** When it happened, µs since the epoch: `z` zooms around it, `{ }` start from it. */
  readonly timeUs?: number;
  /** What the pane's own `space` folds. */
  readonly fold?: string;
  /**
   * Where enter goes. `chips`: terms added to the filter, `window`: the time window, `alone`: every other filter set aside, for
   * that level; esc undoes it all.
   */
  readonly enter?: {
    readonly frame: Frame;
    readonly chips?: readonly string[];
    readonly window?: TimeWindow | null;
    readonly alone?: boolean;
  };
}

/** A row to go to. `onTop`: scrolled to the first line of the page, since what follows it is what one wants to read. */
export interface Jump {
  readonly id: string;
  readonly index: number;
  readonly onTop?: boolean;
}

export interface PaneView {
  /** Exactly what fits: ≤ height lines, each ≤ width columns. */
  readonly lines: readonly Line[];
  /** Index into `lines` of the cursor row; null when the pane has none: moving then scrolls by rows. */
  readonly cursorLine: number | null;
  /** For movement: how many rows there are, which is first on screen and how many fit; ids of the rows on screen. */
  readonly rows: RowsOnScreen;
  readonly selection: PaneSelection;
  /** Its chart, for the time cursor. */
  readonly timeline?: Timeline;
  /** Rows are requests, ids are seqs: e and n seek among them. */
  readonly seekable?: boolean;
  /** They are in the order of time: G follows the newest, moving up stops following. */
  readonly live?: boolean;
  /** Rows the pane's own commands move to ("next-match", "next-section"): commands see the view, not the answers. */
  readonly jumps?: Readonly<Record<string, Jump | undefined>>;
  /** Sentences: what is longer than the space goes on on the next line. */
  readonly wraps?: boolean;
  /** Short text for the status line, right side ("412 of 8,819"). */
  readonly summary?: string;
  /** What the pane is about as a file of its own, for `:write FILE` with the same suffix. */
  readonly document?: { readonly suffix: "yaml"; readonly text: string };
  /** The `ktrail …` command line that prints the same data, for `C`. */
  readonly commandLine?: string;
}

export interface Pane {
  readonly id: string;
  /** Key that opens it ("1"…"0"), where it has one. */
  readonly digit?: string;
  readonly title: string;
  /** What the header calls it beside its digit where there is little room. */
  readonly tab?: string;
  /** Lies over the pane it is opened from and acts on it: by name too it is one level deeper. */
  readonly over?: true;
  /** One sentence for help and docs. */
  readonly about: string;
  /** Data needs, derived from the context; answered by the engine under the same keys. */
  asks(context: PaneContext): Readonly<Record<string, Ask>>;
  view(context: PaneContext, answers: Answers): PaneView;
  /** Commands only this pane has. */
  readonly commands: readonly Command[];
  /** What it adds to `:`, on every pane. */
  readonly words?: readonly LineCommand[];
  /** Columns its table can show, for `:columns`; those of its names are always there and none of them. */
  readonly columns?: readonly Column[];
  /** Ids of those it shows by itself, where that depends on the log; else all that aren't optional. */
  usualColumns?(context: PaneContext): readonly string[];
  /** What of the log its arguments are, for tab. */
  readonly completes?: ArgumentKind;
  /** `:name args` → parameters of a new frame; throws a sentence for the user. */
  params?(args: string): Readonly<Record<string, string>>;
}
