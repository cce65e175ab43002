import type { Command, CommandContext } from "../../commands/contract.ts";
import type { TrailResult } from "../../lineage/contract.ts";
import { line, span } from "../../models/line.ts";
import { count, counted } from "../../models/numbers.ts";
import { safeText } from "../../models/text-safety.ts";
import type { Line } from "../../models/view.ts";
import type { Action } from "../../state/actions.ts";
import { nearAsk, unknownObject } from "../near-objects.ts";
import { absence, answerOf, emptyView, staleMark } from "../answers.ts";
import type { Answers, Pane, PaneContext, PaneView } from "../contract.ts";
import { parseObject } from "../object-argument.ts";
import { commandLineFor } from "../shell-command.ts";
import { beside, viewCommands } from "../view-commands.ts";
import type { Body } from "./body.ts";
import { type Chapter, chaptersOf } from "./chapters.ts";
import { chooserAsks, chooserView } from "./chooser.ts";
import { chapterLine, titleLines } from "./header.ts";
import { lanesBody, MOST_ZOOM } from "./lanes-body.ts";
import { chapterListBody, compareBody } from "./rollouts.ts";
import { storyBody } from "./story.ts";
import { treeBody } from "./tree-body.ts";
import { underHead } from "../table-page.ts";

/** The order of `v`; `compare` is reached by `=`. */
const SHOWS = ["story", "lanes", "tree", "parts"] as const;
type Show = (typeof SHOWS)[number] | "compare";

/** The life of one object and of what it owns. Always whole: filters do not narrow it. */
export const trailPane: Pane = {
  id: "trail",
  digit: "5",
  title: "trail",
  about: "the life of an object and of what it owns: story, swim lanes over time, tree, roll-outs side by side",
  asks(context) {
    const { object = "", namespace = "" } = context.frame.params;
    if (object === "") return chooserAsks(context);
    const ask = { object, ...(namespace === "" ? {} : { namespace }) };
    return { ...nearAsk(context), trail: { kind: "trail", ...ask }, why: { kind: "why", ...ask } };
  },
  view: (context, answers) => (isChooser(context) ? chooserView(context, answers) : trailView(context, answers)),
  completes: "object",
  params: parseObject,
  commands: [
    ...viewCommands("trail", {
      next: "next view: story, lanes, tree, roll-outs",
      previous: "previous view",
      disabledReason: needsObject,
      turn: turnView,
    }),
    partCommand("trail.next-part", "next roll-out or part of the life", "]", "next-part", "this is the last part"),
    partCommand("trail.previous-part", "previous roll-out", "[", "previous-part", "this is the first part"),
    {
      id: "trail.fold",
      title: "show or fold steps that tell nothing new: echoing Events, unchanged statuses, retries",
      short: "fold",
      keys: ["f"],
      scope: "pane:trail",
      group: "view",
      disabledReason: needsObject,
      run: ({ pane }) => [{ type: "params", params: { unfold: pane.frame.params["unfold"] === "1" ? "" : "1" } }],
    },
    {
      id: "trail.compare",
      title: "two roll-outs side by side; there: keep the second as the first",
      short: "compare",
      keys: ["="],
      scope: "pane:trail",
      group: "view",
      disabledReason: (context) =>
        needsObject(context) ??
        (context.view.jumps?.["base"] === undefined ? "there is only one roll-out to look at" : null),
      run: ({ view }) => {
        const base = view.jumps?.["base"];
        return base === undefined ? [] : [{ type: "params", params: { view: "compare", base: base.id } }];
      },
    },
    zoomCommand("trail.zoom-in", "zoom into the time axis around the cursor", ["z", ">"], 1),
    zoomCommand("trail.zoom-out", "zoom out of the time axis", ["Z", "<"], -1),
  ],
};

function isChooser({ frame }: PaneContext): boolean {
  return (frame.params["object"] ?? "") === "";
}

function needsObject({ pane }: CommandContext): string | null {
  return isChooser(pane) ? "choose an object first" : null;
}

const TO_TOP: Action = { type: "cursor", id: null, index: 0, top: 0 };

function turnView(pane: PaneContext, by: 1 | -1): readonly Action[] {
  const shown = shownIn(pane);
  const next = beside(SHOWS, shown === "compare" ? "parts" : shown, by);
  // Story and lanes walk over the same steps: the cursor stays on its step.
  const keeps = (show: Show): boolean => show === "story" || show === "lanes";
  return [{ type: "params", params: { view: next } }, ...(keeps(next) && keeps(shown) ? [] : [TO_TOP])];
}

function partCommand(id: string, title: string, key: string, name: string, none: string): Command {
  return {
    id,
    title,
    ...(key === "]" ? { short: "roll-out" } : {}),
    keys: [key],
    scope: "pane:trail",
    group: "view",
    disabledReason: (context) => needsObject(context) ?? (context.view.jumps?.[name] === undefined ? none : null),
    run: ({ view: { jumps } }) => {
      const part = jumps?.[name];
      return part === undefined ? [] : [{ type: "params", params: { part: part.id, zoom: "" } }, TO_TOP];
    },
  };
}

function zoomCommand(id: string, title: string, keys: readonly string[], by: 1 | -1): Command {
  return {
    id,
    title,
    keys,
    scope: "pane:trail",
    group: "view",
    disabledReason: needsObject,
    run: ({ pane }) => {
      const zoom = Math.min(MOST_ZOOM, Math.max(-MOST_ZOOM, zoomOf(pane) + by));
      return [{ type: "params", params: { view: "lanes", zoom: String(zoom) } }];
    },
  };
}

function zoomOf({ frame }: PaneContext): number {
  const zoom = Number(frame.params["zoom"] ?? "0");
  return Number.isInteger(zoom) ? Math.min(MOST_ZOOM, Math.max(-MOST_ZOOM, zoom)) : 0;
}

function shownIn({ frame }: PaneContext): Show {
  const view = frame.params["view"];
  return view === "compare" ? view : (SHOWS.find((show) => show === view) ?? "story");
}

function trailView(context: PaneContext, answers: Answers): PaneView {
  const { object = "", namespace = "" } = context.frame.params;
  const commandLine = commandLineFor(context, {
    command: "trail",
    operands: [object],
    options: namespace === "" ? [] : ["-n", namespace],
    unfiltered: true,
  });
  const name = safeText(namespace === "" ? object : `${object} -n ${namespace}`, context.unicode);
  const title = line(span("Trail of ", "heading", true), span(name, "accent", true));
  const result = answerOf(answers, "trail", "trail");
  const reason = absence(
    { ...context, window: null, app: { ...context.app, chips: [], humansOnly: false } },
    answers,
    "trail",
    false,
  );
  if (result === undefined || reason !== null) return { ...emptyView(title, reason ?? []), commandLine };
  if (result === null) {
    return { ...emptyView(title, unknownObject(context, answers, "trail")), commandLine };
  }
  const chapters = chaptersOf(result);
  const chosen = chapters.findIndex((chapter) => chapter.id === context.frame.params["part"]);
  // The latest roll-out is what people ask about; an object without any is told as a whole.
  const latest = chapters.findLastIndex((chapter) => chapter.rollout !== null);
  const at = chosen >= 0 ? chosen : Math.max(0, latest);
  const chapter = chapters[at];
  if (chapter === undefined) return { ...emptyView(title, line(span("It has no step.", "warn"))), commandLine };
  const show = shownIn(context);
  const why = answerOf(answers, "why", "why") ?? null;
  const head: Line[] = titleLines(context, result, why, staleMark(answers, "trail"));
  if (show === "story" || show === "lanes") head.push(chapterLine(context, chapter, chapters));
  const room = Math.max(1, context.height - head.length);
  const body = bodyOf(context, result, chapter, room);
  const { rows, hidden = 0 } = body;
  const folded = hidden === 0 ? "" : `, ${count(hidden)} folded`;
  return {
    ...underHead(head, body),
    selection: body.selection,
    jumps: partsBeside(context, chapters, at),
    summary: `${show}: ${counted(show === "story" || show === "lanes" ? rows.count : result.steps.length, "step")}${folded}${zoomMark(context, show)}, ${counted(result.nodes.length, "object")}`,
    commandLine,
  };
}

function zoomMark(context: PaneContext, show: Show): string {
  const zoom = zoomOf(context);
  if (show !== "lanes" || zoom === 0) return "";
  return zoom > 0 ? `, zoom ×${count(2 ** zoom)}` : `, zoom 1/${count(2 ** -zoom)}`;
}

function bodyOf(context: PaneContext, result: TrailResult, chapter: Chapter, room: number): Body {
  const unfolded = context.frame.params["unfold"] === "1";
  const rollouts = chaptersOf(result).filter((one) => one.rollout !== null);
  const base = rollouts.find((one) => one.id === context.frame.params["base"]) ?? rollouts[0];
  switch (shownIn(context)) {
    case "story":
      return storyBody(context, result, chapter, room, unfolded);
    case "lanes":
      return lanesBody(context, result, chapter, room, { unfolded, zoom: zoomOf(context) });
    case "tree":
      return treeBody(context, result, room);
    case "parts":
      return chapterListBody(context, result, room);
    case "compare": {
      const second = chapter.rollout === null ? rollouts.at(-1) : chapter;
      return base === undefined || second === undefined
        ? chapterListBody(context, result, room)
        : compareBody(context, result, base, second, room);
    }
  }
}

/** Not rows but parts of the life: `id` is the part `[`, `]` and `=` go to. */
function partsBeside(context: PaneContext, chapters: readonly Chapter[], at: number): NonNullable<PaneView["jumps"]> {
  const isCompare = shownIn(context) === "compare";
  const among = isCompare ? chapters.filter((chapter) => chapter.rollout !== null) : chapters;
  const target = (index: number): { id: string; index: number } | undefined => {
    const chapter = among[index];
    return chapter === undefined ? undefined : { id: chapter.id, index };
  };
  const rollouts = chapters.filter((chapter) => chapter.rollout !== null);
  const current = chapters[at];
  const own = rollouts.findIndex((chapter) => chapter === current);
  // Compared with itself once only: the one before, or for the first the one after.
  const base = isCompare ? own : own > 0 ? own - 1 : own < 0 ? rollouts.length - 2 : 1;
  const first = rollouts[base];
  return {
    "next-part": target(at + 1),
    "previous-part": target(at - 1),
    base: rollouts.length < 2 || first === undefined ? undefined : { id: first.id, index: base },
  };
}
