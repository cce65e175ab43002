import type { FilterLanguage } from "../commands/filter-language.ts";
import type { Engine } from "../engine/contract.ts";
import type { PaneContext } from "../panes/contract.ts";
import type { Action, Effect } from "../state/actions.ts";
import { markRequest, seekMark } from "./marks.ts";
import { seek, seekTime } from "./seek.ts";
import { seekLandmark } from "./seek-landmark.ts";

/** Effects that come as an answer of the engine. `always`: they count although another frame is on screen by then. */
export function askedEffect(
  engine: Engine,
  context: PaneContext,
  effect: Effect,
  language: FilterLanguage,
): { readonly actions: Promise<readonly Action[]>; readonly always: boolean } | null {
  switch (effect.kind) {
    case "seek":
      return { actions: seek(engine, context, effect, language), always: false };
    case "seek-time":
      return { actions: seekTime(engine, context, effect.us), always: false };
    case "seek-landmark":
      return { actions: seekLandmark(engine, context, effect.direction), always: false };
    case "seek-mark":
      return { actions: seekMark(engine, context, effect.direction), always: false };
    case "mark":
      return { actions: markRequest(engine, context.app.marks.length, effect), always: true };
    case "quit":
    case "suspend":
    case "redraw":
    case "copy":
    case "print":
    case "write-file":
    case "write-view":
    case "save-view":
    case "delete-view":
    case "complete":
    case "accept-find":
      return null;
    default:
      return effect satisfies never;
  }
}
