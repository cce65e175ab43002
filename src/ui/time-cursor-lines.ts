import { fitText } from "../models/display-width.ts";
import { duration } from "../models/numbers.ts";
import { fitLine, lineText, sliceLine } from "../models/line.ts";
import { clockSeconds, clockTime, dateTime } from "../models/times.ts";
import type { Line } from "../models/view.ts";
import type { PaneContext, PaneView } from "../panes/contract.ts";
import { spansOneDay } from "../panes/time-column.ts";
import { type ChosenTime, chosenTime, type Timeline } from "../state/time-cursor.ts";

/** The view with its time cursor drawn over the chart, and what it covers on the axis; `z` and the like start from there. */
export function withTimeCursor(context: PaneContext, view: PaneView): PaneView {
  const { timeline } = view;
  const chosen = timeline === undefined ? null : chosenTime(context.frame, timeline);
  if (timeline === undefined || chosen === null) return view;
  const lines = view.lines.map((line, at) => {
    if (at === timeline.axis) return axisLine(context, line, timeline, chosen);
    return at >= timeline.first && at < timeline.end ? crossed(line, timeline, chosen, context.unicode) : line;
  });
  return { ...view, lines, selection: { ...view.selection, timeUs: Math.floor((chosen.fromUs + chosen.toUs) / 2) } };
}

/** Columns in the cursor's colour; where its ends have nothing they have a line, which needs no colour. */
function crossed(line: Line, { left }: Timeline, { first, last }: ChosenTime, unicode: boolean): Line {
  const [from, to] = [left + first, left + last + 1];
  const stroke = unicode ? "│" : "|";
  const text = lineText(sliceLine(line, from, to)).padEnd(to - from);
  const ends = first === last ? text.replace(/^ /, stroke) : text.replace(/^ | $/g, stroke);
  return [
    ...fitLine(sliceLine(line, 0, from), from),
    { text: ends, tone: "accent", bold: true },
    ...sliceLine(line, to),
  ];
}

function axisLine(context: PaneContext, line: Line, timeline: Timeline, chosen: ChosenTime): Line {
  const { left, columns } = timeline;
  const { first, last } = chosen;
  const [tip, bar, open, close] = context.unicode ? ["▲", "─", "├", "┤"] : ["^", "-", "[", "]"];
  const mark = first === last ? tip : `${open}${bar.repeat(last - first - 1)}${close}`;
  const words = labelOf(context, chosen).filter((text) => text.length + 2 <= Math.max(first, columns - last - 1));
  const label = words[0] ?? "";
  const isRight = columns - last - 1 >= label.length + 2;
  const text = isRight ? `${mark} ${label}` : `${label} ${mark}`;
  const at = left + (isRight ? first : Math.max(0, first - label.length - 1));
  const end = Math.min(left + columns, at + text.length + 1);
  const covered = lineText(sliceLine(line, at, end));
  // Of a label that is covered in part, no part is left.
  const before = sliceLine(line, 0, covered.startsWith(" ") || covered === "" ? at : left);
  const behind = /\s$|^$/.test(covered) ? sliceLine(line, end) : [];
  return [
    ...fitLine(before, at),
    { text: fitText(text, end - at, "left", "head"), tone: "accent", bold: true },
    ...behind,
  ];
}

/** From the whole to what fits into little room. */
function labelOf(context: PaneContext, { fromUs, toUs, isRange }: ChosenTime): readonly string[] {
  const { timeZone } = context.app;
  const isFine = toUs - fromUs < 2e6 * (isRange ? 1 : 2);
  const clock = (us: number): string => (isFine ? clockTime : clockSeconds)(us / 1_000, timeZone);
  const text = (us: number): string =>
    spansOneDay(context) ? clock(us) : dateTime(us / 1_000, timeZone).slice(5, isFine ? 23 : 19);
  const times = isRange ? `${text(fromUs)}–${text(toUs)}` : text(fromUs);
  const width = `${times}, ${duration((toUs - fromUs) / 1_000)}`;
  return [`${width} · ⏎ zooms`, width, times].map((words) =>
    context.unicode ? words : words.replace("⏎", "enter").replace(" · ", ", ").replace("–", "-"),
  );
}
