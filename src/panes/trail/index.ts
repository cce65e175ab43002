import type { Command } from "../../commands/contract.ts";
import type { Ask } from "../../engine/contract.ts";
import type { TrailResult, WhyResult } from "../../lineage/contract.ts";
import { besideEachOther, line, span, spreadLine } from "../../models/line.ts";
import { count, duration } from "../../models/numbers.ts";
import { safeText } from "../../models/text-safety.ts";
import { layoutTable } from "../../models/table-layout.ts";
import type { Line } from "../../models/view.ts";
import { absence, answerOf, emptyView, staleMark } from "../answers.ts";
import type { Answers, Pane, PaneContext, PaneView } from "../contract.ts";
import { listPlace, type ListPlace } from "../list-place.ts";
import { parseObject } from "../object-argument.ts";
import { commandLineFor } from "../shell-command.ts";
import { chooserAsks, chooserView } from "./chooser.ts";
import { nodeRows, nodeSelection, nodeTable } from "./nodes.ts";
import { type PhaseRow, phaseRows, phaseTable } from "./phases.ts";
import { stepSelection, stepsOf, stepTable } from "./steps.ts";

/** From here on tree, phases and steps stand beside each other. */
const WIDE = 140;

const SHOWS = ["steps", "tree", "phases"] as const;
type Show = (typeof SHOWS)[number];

/** The life of one object and of what it owned. Always whole: filters do not narrow it. */
export const trailPane: Pane = {
  id: "trail",
  digit: "5",
  title: "trail",
  about: "the life of an object and of what it owns: tree, steps in order, phase times, why it is gone",
  asks(context) {
    const { object = "", namespace = "" } = context.frame.params;
    if (object === "") return chooserAsks(context);
    const ask = { object, ...(namespace === "" ? {} : { namespace }) };
    return { trail: { kind: "trail", ...ask }, why: { kind: "why", ...ask } } satisfies Record<string, Ask>;
  },
  view: (context, answers) =>
    (context.frame.params["object"] ?? "") === "" ? chooserView(context, answers) : trailView(context, answers),
  params: parseObject,
  commands: [
    showCommand("trail.next-view", "steps, tree or phases", ["v", "l", "right"], 1),
    showCommand("trail.previous-view", "phases, tree or steps", ["V", "h", "left"], -1),
  ],
};

function showCommand(id: string, title: string, keys: readonly string[], by: 1 | -1): Command {
  return {
    id,
    title,
    ...(by === 1 ? { short: "view" } : {}),
    keys,
    scope: "pane:trail",
    group: "view",
    disabledReason: ({ pane }) => ((pane.frame.params["object"] ?? "") === "" ? "choose an object first" : null),
    run: ({ pane }) => {
      const next = SHOWS[(SHOWS.indexOf(shownIn(pane)) + by + SHOWS.length) % SHOWS.length] ?? "steps";
      return [
        { type: "params", params: { view: next } },
        { type: "cursor", id: null, index: 0, top: 0 },
      ];
    },
  };
}

function shownIn({ frame }: PaneContext): Show {
  return SHOWS.find((show) => show === frame.params["view"]) ?? "steps";
}

function trailView(context: PaneContext, answers: Answers): PaneView {
  const { object = "", namespace = "" } = context.frame.params;
  const commandLine = commandLineFor(context, {
    command: "trail",
    operands: [object],
    options: namespace === "" ? [] : ["-n", namespace],
    unfiltered: true,
  });
  const name = safeText(namespace === "" ? object : `${object} in ${namespace}`, context.unicode);
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
    const hint = namespace === "" ? " A namespace may be missing: :trail KIND/NAME -n NAMESPACE, or 4 to find it." : "";
    return { ...emptyView(title, line(span("No request of this log touches it.", "warn"), hint)), commandLine };
  }
  const why = answerOf(answers, "why", "why") ?? null;
  const head = headLines(context, result, why, staleMark(answers, "trail"));
  const room = Math.max(1, context.height - head.length);
  const body = context.width >= WIDE ? wideBody(context, result, room) : narrowBody(context, result, room);
  return {
    lines: [...head, ...body.lines],
    cursorLine: body.cursorLine === null ? null : body.cursorLine + head.length,
    rows: {
      count: body.ids.length,
      top: body.place.top,
      page: body.page,
      ids: body.ids.slice(body.place.top, body.place.top + body.page),
    },
    selection: body.selection,
    summary: `${count(result.steps.length)} steps, ${count(result.nodes.length)} objects`,
    commandLine,
  };
}

function headLines(context: PaneContext, result: TrailResult, why: WhyResult | null, mark: string): Line[] {
  const safe = (text: string): string => safeText(text, context.unicode);
  const { evidence, otherLives, stepsDropped = 0 } = result;
  const lives = otherLives.length === 0 ? "" : ` · ${count(otherLives.length)} other lives of this name`;
  const head: Line[] = [
    spreadLine(
      line(span("Trail of ", "heading", true), span(safe(result.object), "accent", true), span(mark, "warn")),
      line(span(`level ${safe(evidence.level)}${lives}`, "muted")),
      context.width,
    ),
  ];
  if (why !== null && why.verdict !== "alive" && why.verdict !== "unknown") {
    const chain = why.chain.map((link) => `${link.what} by ${link.by === "" ? "?" : link.by}`);
    const verdict = why.chain[0]?.what === why.verdict ? "" : `${why.verdict}: `;
    head.push(line(span("Why gone  ", "heading", true), span(verdict, "warn"), safe(chain.join(" ← "))));
  }
  const missing = [
    ...evidence.missing,
    ...(stepsDropped > 0 ? [`${count(stepsDropped)} older steps are not kept`] : []),
  ];
  if (missing.length > 0 && context.height >= 16)
    head.push(line(span("Not in the log  ", "muted"), span(safe(missing.join("; ")), "muted")));
  return head;
}

interface Body {
  readonly lines: readonly Line[];
  readonly cursorLine: number | null;
  readonly ids: readonly string[];
  readonly place: ListPlace;
  readonly page: number;
  readonly selection: PaneView["selection"];
}

/** The list the cursor walks over, in a block of its own size. `emphasis`: it stands beside others. */
function focusedList(
  context: PaneContext,
  result: TrailResult,
  width: number,
  height: number,
  emphasis: boolean,
): Body {
  const show = shownIn(context);
  const page = Math.max(1, height - 1);
  const phases = show === "phases" ? phaseRows(result) : [];
  const nodes = show === "tree" ? nodeRows(result) : [];
  const ids =
    show === "steps" ? stepsOf(result).ids : show === "tree" ? nodes.map((row) => row.id) : phases.map((row) => row.id);
  const place = listPlace(context.frame, ids, page);
  const slice = <Row>(rows: readonly Row[]): readonly Row[] => rows.slice(place.top, place.top + page);
  const model =
    show === "steps"
      ? stepTable(context, result, { top: place.top, page })
      : show === "tree"
        ? nodeTable(context, slice(nodes), nodes.length, width < 100)
        : phaseTable(context, slice(phases), phases.length, width);
  const table = layoutTable(model, { width, cursorId: ids[place.index] ?? null, emphasis });
  const node = nodes[place.index]?.node;
  const selection =
    show === "steps" ? stepSelection(result, place.index) : node === undefined ? {} : nodeSelection(node);
  return { lines: table.lines, cursorLine: emphasis ? null : table.cursorLine, ids, place, page, selection };
}

/** One list at a time; above the steps the beginning of the tree and the phases on one line. */
function narrowBody(context: PaneContext, result: TrailResult, room: number): Body {
  const { width } = context;
  if (shownIn(context) !== "steps" || room < 10) return focusedList(context, result, width, room, false);
  const nodes = nodeRows(result);
  const treeRoom = Math.max(1, Math.min(nodes.length, Math.floor(room * 0.3)));
  const hidden = nodes.length - treeRoom;
  const tree = layoutTable(nodeTable(context, nodes.slice(0, treeRoom), nodes.length, true), {
    width,
    headless: true,
  }).lines;
  const above: Line[] = [...tree];
  if (hidden > 0)
    above.push(line(span(`  … ${count(hidden)} more, `, "muted"), span("v", "key"), span(" shows the tree", "muted")));
  const phases = phasesLine(phaseRows(result), context.unicode);
  if (phases.length > 0) above.push(phases);
  const body = focusedList(context, result, width, room - above.length - 1, false);
  return {
    ...body,
    lines: [...above, [], ...body.lines],
    cursorLine: body.cursorLine === null ? null : body.cursorLine + above.length + 1,
  };
}

/** `create → pods 40 ms · bound 12 ms · ready 2.10 s`, of the first roll-out. */
function phasesLine(rows: readonly PhaseRow[], unicode: boolean): Line {
  const start = rows.findIndex((row) => !row.isRollout);
  if (start < 0) return [];
  const end = rows.findIndex((row, at) => at > start && row.isRollout);
  const shown = rows.slice(start, end < 0 ? undefined : end);
  const parts = shown.map((row) => `${safeText(row.name, unicode)} ${row.ms === null ? "never" : duration(row.ms)}`);
  return line(span("  phases  ", "muted"), parts.join(" · "));
}

function wideBody(context: PaneContext, result: TrailResult, room: number): Body {
  const show = shownIn(context);
  const leftWidth = Math.min(90, Math.floor(context.width * 0.42));
  const rightWidth = context.width - leftWidth - 2;
  const phases = phaseRows(result);
  const phaseRoom = Math.min(phases.length + 2, Math.max(4, Math.floor(room * 0.4)));
  const treeRoom = room - phaseRoom - 1;
  const focused = focusedList(
    context,
    result,
    show === "steps" ? rightWidth : leftWidth,
    (show === "steps" ? room : show === "tree" ? treeRoom : phaseRoom) - 1,
    true,
  );
  const titled = (title: string, lines: readonly Line[], height: number): Line[] => {
    const block = [line("  ", span(title, "heading", true)), ...lines].slice(0, height);
    return [...block, ...Array.from({ length: Math.max(0, height - block.length) }, (): Line => [])];
  };
  const nodes = nodeRows(result);
  const tree =
    show === "tree"
      ? focused.lines
      : layoutTable(nodeTable(context, nodes.slice(0, treeRoom - 2), nodes.length, true), {
          width: leftWidth,
        }).lines;
  const phase =
    show === "phases"
      ? focused.lines
      : layoutTable(phaseTable(context, phases.slice(0, phaseRoom - 2), phases.length, leftWidth), { width: leftWidth })
          .lines;
  const steps =
    show === "steps"
      ? focused.lines
      : layoutTable(stepTable(context, result, { top: 0, page: room - 2 }), { width: rightWidth }).lines;
  const more = nodes.length > treeRoom - 2 ? ` (${count(nodes.length)}, v walks through)` : "";
  const left = [...titled(`Objects${more}`, tree, treeRoom), [], ...titled("Phases", phase, phaseRoom)];
  const lines = besideEachOther(
    [
      { lines: left, width: leftWidth },
      { lines: titled("Steps", steps, room), width: rightWidth },
    ],
    2,
  ).slice(0, room);
  return { ...focused, lines, cursorLine: null };
}
