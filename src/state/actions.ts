import type { RequestFacts } from "../events/request.ts";
import type { TimeWindow } from "../queries/contract.ts";
import type { Frame, Mark, Message, PaneId, Prompt } from "./app-state.ts";
import type { SavedView } from "./saved-view.ts";

/** Everything that can change the screen's state. Effects (copy, quit, suspend) are actions too; the shell performs them. */
export type Action =
  /**
   * One level deeper. `chips` are added to the filter, and `window` is the time window, for this level only; `alone`: every
   * other filter is set aside for it.
   */
  | {
      readonly type: "push";
      readonly frame: Frame;
      readonly chips?: readonly string[];
      readonly window?: TimeWindow | null;
      readonly alone?: boolean;
    }
  /** Back one level, from the first one to the stack visited before; where none was, all stays. Leaving is an effect of its own. */
  | { readonly type: "back" }
  /** Back to the stack visited before, from whatever level. */
  | { readonly type: "return" }
  /** Another frame in place of the one on top, as if it had been reached from the level below. */
  | { readonly type: "replace"; readonly frame: Frame; readonly chips?: readonly string[] }
  /** A fresh stack with this frame (digits, tab, :name). */
  | { readonly type: "open"; readonly frame: Frame }
  | { readonly type: "params"; readonly params: Readonly<Record<string, string>> }
  | { readonly type: "cursor"; readonly id: string | null; readonly index: number; readonly top: number }
  | { readonly type: "chips"; readonly chips: readonly string[] }
  | { readonly type: "chips-on"; readonly on: boolean }
  | { readonly type: "window"; readonly window: TimeWindow | null }
  | { readonly type: "humans-only"; readonly on: boolean }
  | { readonly type: "paused"; readonly on: boolean }
  | { readonly type: "follow"; readonly on: boolean }
  | { readonly type: "time-mode"; readonly mode: "absolute" | "relative" | "delta" }
  /** None: the usual ones again. */
  | { readonly type: "columns"; readonly pane: PaneId; readonly columns: readonly string[] }
  | { readonly type: "theme"; readonly name: string }
  | { readonly type: "lo-fi"; readonly on: boolean }
  | { readonly type: "policy"; readonly path: string | null }
  | { readonly type: "existing"; readonly path: string | null }
  | { readonly type: "views"; readonly views: readonly SavedView[]; readonly problems: readonly string[] }
  /** A saved view in place of everything on screen. */
  | { readonly type: "restore"; readonly view: SavedView }
  | { readonly type: "prompt"; readonly prompt: Prompt | null }
  | { readonly type: "remember"; readonly kind: "filter" | "command"; readonly text: string }
  /** Marked anew, a request keeps its note; beyond `MOST_MARKS` nothing is marked. `log`: its fingerprint. */
  | { readonly type: "mark"; readonly facts: RequestFacts; readonly log: string | null }
  | { readonly type: "unmark"; readonly id: string }
  | { readonly type: "note"; readonly id: string; readonly text: string }
  /** Of an earlier run. */
  | { readonly type: "marks-restored"; readonly marks: readonly Mark[] }
  | { readonly type: "marks-found"; readonly rows: readonly { readonly id: string; readonly seq: number }[] }
  | ({ readonly type: "message" } & Message)
  | { readonly type: "clear-message" }
  | { readonly type: "resize"; readonly columns: number; readonly rows: number }
  | { readonly type: "effect"; readonly effect: Effect };

export type Effect =
  | { readonly kind: "quit" }
  | { readonly kind: "suspend" }
  | { readonly kind: "redraw" }
  /** OSC 52 */
  | { readonly kind: "copy"; readonly text: string; readonly what: string }
  /** A text on the terminal itself, until a key is pressed. */
  | { readonly kind: "print"; readonly text: string }
  /** Marks a request with its facts; `note`: and asks what to write about it. */
  | { readonly kind: "mark"; readonly seq: number; readonly note: boolean }
  /** Puts the cursor on the next or previous marked request that the filters show. */
  | { readonly kind: "seek-mark"; readonly direction: 1 | -1 }
  /** Writes a new file, or with `overwrite` one that is there. */
  | { readonly kind: "write-file"; readonly path: string; readonly text: string; readonly overwrite: boolean }
  /** Writes what a `ktrail …` line prints of what is open, in the form the path's suffix says. */
  | { readonly kind: "write-view"; readonly path: string; readonly line: string; readonly overwrite: boolean }
  /** Puts the cursor on the next or previous request that matches `term` too; needs rows whose ids are seqs. */
  | { readonly kind: "seek"; readonly term: string; readonly direction: 1 | -1; readonly what: string }
  /** Puts the cursor on the first request received since then, or the last one before. */
  | { readonly kind: "seek-time"; readonly us: number }
  /** Puts the cursor on the next or previous gap of the log, or burst of what is shown. */
  | { readonly kind: "seek-landmark"; readonly direction: 1 | -1 }
  | { readonly kind: "save-view"; readonly view: SavedView }
  | { readonly kind: "delete-view"; readonly name: string }
  /** Completes what is typed in the prompt; again: the next, or the previous, that fits. */
  | { readonly kind: "complete"; readonly direction: 1 | -1 }
  /** Runs the highlighted candidate of the find prompt. */
  | { readonly kind: "accept-find" };
