import { clockSeconds, dateTime, parseTime } from "../../models/times.ts";
import { safeText } from "../../models/text-safety.ts";
import { selectionOfSide } from "../../queries/compare-query.ts";
import { type NamedSide, readSide, usualSides } from "../../queries/compare-side.ts";
import type { Selection } from "../../queries/contract.ts";
import type { PaneContext } from "../contract.ts";
import { logSpan, ownTime, timeReference } from "../own-time.ts";
import { spansOneDay } from "../time-column.ts";

export type SideName = "a" | "b";

export interface Sides {
  readonly a: NamedSide;
  readonly b: NamedSide;
  /** What both are part of. A side with its own time is not cut by that of the screen, be it a window or since: and until:. */
  readonly common: Selection;
}

/** Both sides as the parameters name them, or a sentence that says why not. */
export function sidesOf(context: PaneContext): Sides | string {
  const { frame, status } = context;
  const [a = "", b = ""] = [frame.params["a"], frame.params["b"]];
  const { filter, window } = ownTime(context);
  if (a === "" || b === "") {
    const usual = usualSides(window ?? null, logSpan(context));
    if (usual === null) return "the log is too short to compare its halves";
    return { ...usual, common: { filter } };
  }
  const reference = {
    ...timeReference(context),
    inputs: status.inputs.filter((input) => input.passedOver === null).map((input) => input.path),
  };
  try {
    const sides = { a: readSide(a, reference), b: readSide(b, reference) };
    const hasTimes = sides.a.window !== undefined || sides.b.window !== undefined;
    return { ...sides, common: hasTimes || window === undefined ? { filter } : { filter, window } };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** What a row's number on this side counted, as enter and the command line need it. */
export function placeOfSide({ common, ...sides }: Sides, which: SideName): Selection {
  return selectionOfSide(common, sides[which]);
}

/** What a side is called, "" for one of times only, and the time it spans. */
export function sideTitle(
  context: PaneContext,
  side: NamedSide,
  span: { readonly from: string | null; readonly to: string | null },
): { readonly name: string; readonly times: string } {
  const { timeZone } = context.app;
  const text = (ms: number): string =>
    spansOneDay(context) ? clockSeconds(ms, timeZone) : dateTime(ms, timeZone).slice(5, 19);
  // Outside the log: what was asked for.
  const { fromUs = Number.NaN, toUs = Number.NaN } = side.window ?? {};
  const [from, to] =
    span.from === null || span.to === null
      ? [fromUs / 1_000, toUs / 1_000]
      : [parseTime(span.from), parseTime(span.to)];
  const times = Number.isNaN(from) && Number.isNaN(to) ? "" : `${text(from)}–${text(to)}`;
  return { name: side.window === undefined ? safeText(side.text, context.unicode) : "", times };
}
