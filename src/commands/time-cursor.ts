import { isoTime } from "../events/time.ts";
import type { Pane } from "../panes/contract.ts";
import { frameOf } from "../state/initial-state.ts";
import { type ChosenTime, chosenTime, movedBy, NO_TIME } from "../state/time-cursor.ts";
import type { TimeWindow } from "../queries/contract.ts";
import type { Command, CommandContext } from "./contract.ts";

/** What the time cursor of the screen covers; null: there is none. */
export function chosenIn({ pane, view }: Pick<CommandContext, "pane" | "view">): ChosenTime | null {
  return view.timeline === undefined ? null : chosenTime(pane.frame, view.timeline);
}

/** A cursor on every chart, which chooses a time, or a range of it. */
export function timeCursorCommands(panes: readonly Pane[]): readonly Command[] {
  return [
    step("time.cursor-back", "time cursor of a chart a step back", ",", -1, false),
    step("time.cursor-on", "time cursor of a chart a step on", ".", 1, false),
    step("time.cursor-far-back", "time cursor a tenth of the chart back", "<", -1, true),
    step("time.cursor-far-on", "time cursor a tenth of the chart on", ">", 1, true),
    {
      id: "time.range",
      title: "start a range at the time cursor; again: give it up",
      short: "range",
      keys: ["r"],
      scope: "list",
      group: "filter",
      disabledReason: (context) => (chosenIn(context) === null ? noCursor(context) : null),
      run: ({ pane: { frame } }) => {
        const isRange = (frame.params["timeRange"] ?? "") !== "";
        return [{ type: "params", params: { timeRange: isRange ? "" : (frame.params["timeCursor"] ?? "") } }];
      },
    },
    ...(panes.some(({ id }) => id === "compare") ? [compareCommand] : []),
  ];
}

const compareCommand: Command = {
  id: "time.compare",
  title: "compare the range, or the time window, with as long before it",
  short: "compare",
  keys: ["="],
  scope: "list",
  group: "filter",
  disabledReason: (context) => (windowIn(context) === null ? noCursor(context) : null),
  run: (context) => {
    const window = windowIn(context);
    if (window === null) return [];
    const { fromUs, toUs } = window;
    const side = (from: number, to: number): string => `${isoTime(from)}..${isoTime(to)}`;
    const params = { a: side(fromUs - (toUs - fromUs), fromUs), b: side(fromUs, toUs) };
    return [{ type: "push", frame: frameOf("compare", params) }];
  },
};

function windowIn(context: CommandContext): Required<TimeWindow> | null {
  const chosen = chosenIn(context);
  if (chosen !== null) return chosen;
  const { fromUs, toUs } = context.app.window ?? {};
  return fromUs === undefined || toUs === undefined ? null : { fromUs, toUs };
}

function noCursor({ view }: CommandContext): string {
  return view.timeline === undefined ? "no chart over time here" : "no time is chosen: , and . move a cursor over it";
}

function step(id: string, title: string, key: string, by: 1 | -1, isFar: boolean): Command {
  return {
    id,
    title,
    keys: [key],
    scope: "list",
    group: "move",
    disabledReason: ({ view }) => (view.timeline === undefined ? "no chart over time here" : null),
    run: ({ pane, view: { timeline } }) => {
      if (timeline === undefined) return [];
      const steps = isFar ? Math.max(1, Math.round(timeline.steps / 10)) : 1;
      return [{ type: "params", params: movedBy(pane.frame, timeline, by * steps) }];
    },
  };
}

/** Enter on a time cursor: only what it covers. */
export function zoomedTo({ fromUs, toUs }: ChosenTime): ReturnType<Command["run"]> {
  return [
    { type: "params", params: NO_TIME },
    { type: "window", window: { fromUs, toUs } },
  ];
}
