import type { Frame } from "./app-state.ts";

/** A drawing over time on a screen: [fromUs, toUs) in equal steps, each of which takes as many columns. */
export interface Timeline {
  /** Lines of the view it is drawn on: [first, end), and the one that has room for its times. */
  readonly first: number;
  readonly end: number;
  readonly axis: number;
  readonly left: number;
  readonly columns: number;
  /** Not more than columns. */
  readonly steps: number;
  readonly fromUs: number;
  readonly toUs: number;
}

/** What is chosen on a timeline: columns [first, last], time [fromUs, toUs). */
export interface ChosenTime {
  readonly first: number;
  readonly last: number;
  readonly fromUs: number;
  readonly toUs: number;
  readonly isRange: boolean;
}

/** What a frame keeps of its time cursor: moments, since columns change with the screen. "" is none. */
export type TimeParams = Readonly<Record<"timeCursor" | "timeRange", string>>;

export const NO_TIME: TimeParams = { timeCursor: "", timeRange: "" };

/** Null: there is no time cursor, or it is outside of what is drawn. */
export function chosenTime({ params }: Pick<Frame, "params">, timeline: Timeline): ChosenTime | null {
  const at = stepOf(params["timeCursor"], timeline);
  if (at === null) return null;
  const from = stepOf(params["timeRange"], timeline) ?? at;
  const [first, last] = [Math.min(at, from), Math.max(at, from)];
  return {
    first: columnOf(first, timeline),
    last: columnOf(last + 1, timeline) - 1,
    fromUs: startOf(first, timeline),
    toUs: startOf(last + 1, timeline),
    isRange: (params["timeRange"] ?? "") !== "",
  };
}

/** The cursor so many steps on; where there is none yet, at the end that it would come from. */
export function movedBy(frame: Pick<Frame, "params">, timeline: Timeline, by: number): Pick<TimeParams, "timeCursor"> {
  const at = stepOf(frame.params["timeCursor"], timeline);
  const next = at === null ? (by > 0 ? 0 : timeline.steps - 1) : at + by;
  return { timeCursor: middleOf(Math.min(timeline.steps - 1, Math.max(0, next)), timeline) };
}

/** The cursor on a moment; null where that is not drawn. */
export function movedTo(us: number, timeline: Timeline): Pick<TimeParams, "timeCursor"> | null {
  const at = stepOf(String(us), timeline);
  return at === null ? null : { timeCursor: middleOf(at, timeline) };
}

function stepOf(text: string | undefined, { fromUs, toUs, steps }: Timeline): number | null {
  const us = text === undefined || text === "" ? Number.NaN : Number(text);
  if (!(us >= fromUs && us < toUs) || steps < 1) return null;
  return Math.min(steps - 1, Math.floor(((us - fromUs) / (toUs - fromUs)) * steps));
}

/** Its first one: as charts stretch what has fewer values than there are columns. */
function columnOf(step: number, { columns, steps }: Timeline): number {
  return Math.ceil((step * columns) / steps);
}

function startOf(step: number, { fromUs, toUs, steps }: Timeline): number {
  return fromUs + Math.ceil((step * (toUs - fromUs)) / steps);
}

function middleOf(step: number, timeline: Timeline): string {
  return String(Math.floor((startOf(step, timeline) + startOf(step + 1, timeline)) / 2));
}
