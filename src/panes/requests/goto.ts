import type { LineCommand } from "../../commands/contract.ts";
import { resolveBound, resolveTime } from "../../queries/time-value.ts";
import type { Action } from "../../state/actions.ts";
import { frameOf } from "../../state/initial-state.ts";
import { movedTo } from "../../state/time-cursor.ts";
import type { PaneContext, PaneView } from "../contract.ts";
import { logSpan, timeReference } from "../own-time.ts";

/** `:goto 00:20:10` */
export const gotoWord: LineCommand = {
  name: "goto",
  usage: "goto TIME",
  about: "to a time: in a list of requests to the first since then, on a chart its cursor, elsewhere to the requests",
  completes: "time",
  run(args, { pane, view }) {
    const us = timeNamed(args, pane);
    if (us === null) throw new Error("a time: 00:20:10, 2026-11-21T00:20:10Z, or 15m before the end");
    return goingTo(us, view);
  },
};

/** µs since the epoch; null when the text is no time. A clock time is of the log, or as near to its end as it can be. */
export function timeNamed(text: string, context: PaneContext): number | null {
  const reference = timeReference(context);
  const us = resolveTime(text.trim(), reference);
  if (us === null || Number.isNaN(us)) return null;
  return us < logSpan(context).fromUs ? resolveBound("until", text.trim(), reference) : us;
}

export function goingTo(us: number, view: PaneView): readonly Action[] {
  const seek: Action = { type: "effect", effect: { kind: "seek-time", us } };
  if (view.seekable === true) return [seek];
  const cursor = view.timeline === undefined ? null : movedTo(us, view.timeline);
  if (cursor !== null) return [{ type: "params", params: cursor }];
  return [{ type: "open", frame: frameOf("requests") }, seek];
}
