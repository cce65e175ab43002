import type { AnswerFor } from "../../engine/contract.ts";
import { line, span, spreadLine } from "../../models/line.ts";
import { count, counted, duration } from "../../models/numbers.ts";
import { safeText } from "../../models/text-safety.ts";
import type { Line } from "../../models/view.ts";
import { TIMED_TERM } from "../../queries/latency-query.ts";
import type { Timeline } from "../../state/time-cursor.ts";
import { absence, answerOf, emptyView, notYet, selectionOf, staleMark } from "../answers.ts";
import type { Answers, Pane, PaneContext, PaneView } from "../contract.ts";
import { dimensionTitle, parseDimensions } from "../dimensions.ts";
import { groupByCommand } from "../group-by/index.ts";
import { commandLineFor } from "../shell-command.ts";
import { beside, showing, viewCommands } from "../view-commands.ts";
import { apartBody } from "./apart.ts";
import { groupsBody, slowestBody } from "./bodies.ts";
import { CHART_GUTTER } from "./chart.ts";
import { groupedBy, MOST_ROWS, previewRows, shownIn, SHOWS } from "./frame.ts";
import { isReversed, reverseCommand, sortCommand, sortedBy, sortOptions } from "../sorting.ts";
import { LATENCY_COLUMNS, LATENCY_SORTS } from "./table.ts";
import { underHead } from "../table-page.ts";

/** Groups asked for at once; more are asked for as one scrolls. */
const CHUNK = 100;
const SLOWEST = 500;
const MOST_BUCKETS = 200;

type Report = AnswerFor<"latency">;

const UNKNOWN: AnswerFor<"continuity"> = { gaps: [], restarts: [] };

/** Where time goes: percentiles over time by anything, the slowest requests, layers, long-running apart. */
export const latencyPane: Pane = {
  id: "latency",
  digit: "7",
  title: "latency",
  tab: "lat",
  about: "percentiles over time by verb and resource, the slowest requests, layers, long-running apart",
  asks(context) {
    const show = shownIn(context);
    const reached = Math.max(context.frame.top, context.frame.cursorIndex) + 2 * context.height;
    return {
      latency: {
        kind: "latency",
        ...selectionOf(context),
        by: groupedBy(context),
        sort: sortedBy(LATENCY_SORTS, context),
        reverse: isReversed(context),
        limit: show === "groups" ? Math.min(MOST_ROWS, Math.ceil(reached / CHUNK) * CHUNK) : 0,
        buckets: Math.max(10, Math.min(MOST_BUCKETS, context.width - CHART_GUTTER)),
        slowest: show === "slowest" ? SLOWEST : show === "groups" ? previewRows(context.height) : 0,
      },
      ...(show === "groups" ? { continuity: { kind: "continuity" } } : {}),
    };
  },
  view,
  completes: "dimension",
  columns: LATENCY_COLUMNS,
  params(args) {
    const words = args.trim();
    const show = SHOWS.find((known) => known === words);
    if (show !== undefined) return { show };
    const by = parseDimensions(words).join(",");
    return by === "" ? {} : { by };
  },
  commands: [
    { ...groupByCommand("latency"), disabledReason: notGroups },
    ...viewCommands("latency", {
      next: "groups, the slowest requests, or layers and long-running",
      turn: (pane, by) => showing(beside(SHOWS, shownIn(pane), by)),
    }),
    sortCommand("latency", LATENCY_SORTS, { disabledReason: notGroups }),
    reverseCommand("latency", { disabledReason: notGroups }),
  ],
};

function notGroups({ pane }: { readonly pane: PaneContext }): string | null {
  return shownIn(pane) === "groups" ? null : "only groups can be: v goes back to them";
}

function view(context: PaneContext, answers: Answers): PaneView {
  const by = groupedBy(context);
  const show = shownIn(context);
  const report = answerOf(answers, "latency", "latency");
  const title = line(
    span(
      show === "slowest" ? "Slowest requests" : show === "apart" ? "Latency: layers" : "Latency by ",
      "heading",
      true,
    ),
    span(
      show === "groups"
        ? by
            .map(dimensionTitle)
            .map((name) => safeText(name, context.unicode))
            .join(" × ")
        : "",
      "heading",
      true,
    ),
    span(staleMark(answers, "latency"), "warn"),
  );
  const commandLine = commandLineFor(context, {
    command: "top",
    options: ["--by", by.join(","), ...sortOptions(LATENCY_SORTS, context, "requests")],
    terms: [TIMED_TERM],
  });
  // Until the new question is answered the old rows would stand under the wrong titles.
  const isOther = report !== undefined && show === "groups" && report.by.join() !== [...new Set(by)].join();
  const isUntold = isOther || (report?.partial !== undefined && show !== "groups");
  const isEmpty = report?.total === null && report.longRunning.requests === 0;
  const reason = absence(context, isUntold ? notYet(answers, "latency") : answers, "latency", isEmpty);
  if (report === undefined || isUntold || reason !== null) return { ...emptyView(title, reason ?? []), commandLine };
  const head = headLines(context, title, report);
  const room = Math.max(1, context.height - head.length);
  const body =
    show === "slowest"
      ? slowestBody(context, report, room)
      : show === "apart"
        ? apartBody(context, report, room)
        : groupsBody(context, report, answerOf(answers, "continuity", "continuity") ?? UNKNOWN, room);
  return {
    ...underHead(head, body),
    selection: body.selection,
    ...("timeline" in body ? { timeline: shiftedBy(body.timeline, head.length) } : {}),
    summary: `${"left" in body ? (body.left ?? "") : ""}${count(body.rows.count === 0 ? 0 : body.index + 1)} of ${count(body.rows.count)}`,
    commandLine,
  };
}

/** So many lines further down. */
function shiftedBy(timeline: Timeline, lines: number): Timeline {
  return { ...timeline, first: timeline.first + lines, end: timeline.end + lines, axis: timeline.axis + lines };
}

function headLines(context: PaneContext, title: Line, report: Report): Line[] {
  const { total, longRunning, layers, partial } = report;
  const answered = counted(total?.requests ?? 0, "answered request");
  const groups = shownIn(context) === "groups" ? `${counted(report.groups, "group")} · ` : "";
  const apart = `${count(longRunning.requests)} long-running apart${layers.requests > 0 ? ` · layers of ${count(layers.requests)}` : ""}`;
  const figures = total?.latencyMs;
  const summary =
    figures === null || figures === undefined
      ? line(span(partial === undefined ? "  nothing answered yet" : "  Counting …", "muted"))
      : line(
          span(`  p50 ${duration(figures.p50)}  p90 ${duration(figures.p90)}  `, "muted"),
          span(`p99 ${duration(figures.p99)}  max ${duration(figures.max)}`, figures.p99 >= 1_000 ? "warn" : "muted"),
          span(`  ∑ ${duration(figures.sum)}`, "muted"),
        );
  return [
    spreadLine(title, line(span(groups + answered, "muted")), context.width),
    spreadLine(
      summary,
      partial === undefined ? line(span(apart, "muted"), span("  v", "key"), span(" shows", "muted")) : [],
      context.width,
    ),
  ];
}
