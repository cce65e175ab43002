import type { Ask } from "../../engine/contract.ts";
import { layoutGrid } from "../../models/grid.ts";
import { line, span, spreadLine } from "../../models/line.ts";
import { count, counted, duration, percent, rate } from "../../models/numbers.ts";
import type { Line } from "../../models/view.ts";
import type { GroupResult, GroupRow, SeriesResult } from "../../queries/contract.ts";
import type { Timeline } from "../../state/time-cursor.ts";
import { absence, answerOf, emptyView, selectionOf, staleMark } from "../answers.ts";
import type { Answers, Pane, PaneContext, PaneView } from "../contract.ts";
import { groupByCommand } from "../group-by/index.ts";
import { gridSection, type GroupSection, sectionAsk, sectionJumps, sectionSelection } from "../group-section.ts";
import { sectionCommands } from "../jump-command.ts";
import { listPlace } from "../list-place.ts";
import { commandLineFor } from "../shell-command.ts";
import { shownTime } from "../own-time.ts";
import { moment } from "../time-column.ts";
import { GUTTER, requestChart, spanOfSeries, worstBucket } from "./chart.ts";
import { findingLines, findingMarks } from "./findings.ts";
import { findingsAsk } from "../findings/index.ts";
import type { FindingsResult } from "../../findings/contract.ts";
import { moversAsk, moverSelection, moversSection, moverWindows } from "./movers.ts";

/** Wide screens give names room first: two readable tables beat three cut ones. */
function sectionsFor(width: number): readonly GroupSection[] {
  const isWide = width >= 100;
  const section = (part: Omit<GroupSection, "terms" | "rows"> & Partial<GroupSection>): GroupSection => ({
    terms: [],
    rows: 30,
    ...part,
  });
  return [
    section({
      id: "errors",
      title: "Errors",
      by: ["code", "who", "resource"],
      terms: ["code:>=400"],
      minWidth: isWide ? 62 : 44,
      weight: 3,
      shows: ["last", "first"],
    }),
    section({
      id: "who",
      title: "Who",
      by: ["who"],
      minWidth: isWide ? 44 : 32,
      weight: 2,
      shows: ["share", "errors"],
    }),
    section({
      id: "resource",
      title: "Resources",
      by: ["resource"],
      minWidth: isWide ? 50 : 34,
      shows: ["p99", "share"],
    }),
    section({ id: "verb", title: "Verbs", by: ["verb"], minWidth: isWide ? 44 : 34, shows: ["p50", "p99"] }),
  ];
}

/** Is it on fire, who, since when. */
export const overviewPane: Pane = {
  id: "overview",
  digit: "1",
  title: "overview",
  tab: "over",
  about: "is it on fire, who, since when: requests over time, errors, top callers, what changed",
  asks(context) {
    const selection = selectionOf(context);
    const windows = moverWindows(context);
    return {
      series: { kind: "series", ...selection, by: "class", buckets: Math.max(10, context.width - GUTTER) },
      classes: { kind: "groups", ...selection, by: ["class"], limit: 10, measures: ["requests", "4xx", "5xx"] },
      latency: { kind: "groups", ...selection, by: ["stage"], limit: 4 },
      ...(context.status.phase === "loading" ? {} : { findings: findingsAsk(context) }),
      ...Object.fromEntries(
        sectionsFor(context.width).map((section): [string, Ask] => [section.id, sectionAsk(context, section)]),
      ),
      ...(windows === null
        ? {}
        : {
            moversNow: moversAsk(windows, windows.now),
            moversBefore: moversAsk(windows, windows.before),
          }),
    };
  },
  view,
  commands: [groupByCommand("overview"), ...sectionCommands("overview")],
};

interface Health {
  readonly mark: string;
  readonly tone: "good" | "warn" | "danger";
}

const SLOW_MS = 1_000;

/**
 * Shares at which a cluster is looked at, or woken up for; auth failures of one client are 4xx, and rarely a fire. What was
 * found, or a slow tail, is looked at whatever the codes say.
 */
function healthOf(share4xx: number, share5xx: number, p99Ms: number, found: FindingsResult | undefined): Health {
  const worst = found?.findings[0]?.severity ?? "info";
  if (share5xx >= 0.01 || share4xx >= 0.25 || worst === "critical") return { mark: "✖", tone: "danger" };
  const isLookedAt = worst === "high" || worst === "medium" || p99Ms >= SLOW_MS;
  if (share5xx > 0 || share4xx >= 0.02 || isLookedAt) return { mark: "▲", tone: "warn" };
  return { mark: "✔", tone: "good" };
}

function classCount(classes: GroupResult, name: string): number {
  return classes.rows.find((row) => row.key["class"] === name)?.requests ?? 0;
}

function verdictLines(
  context: PaneContext,
  answers: Answers,
  classes: GroupResult,
  series: SeriesResult | undefined,
): Line[] {
  const total = Math.max(1, classes.requests);
  const [four, five] = [classCount(classes, "4xx"), classCount(classes, "5xx")];
  const found = answerOf(answers, "findings", "findings");
  const { mark, tone } = healthOf(four / total, five / total, latencyOf(answers)?.p99 ?? 0, found);
  const errors = four + five === 0 ? "no errors" : `${percent((four + five) / total)} errors`;
  const parts = four + five === 0 ? "" : ` (${count(four)} 4xx, ${count(five)} 5xx)`;
  const { seconds } = classes.span;
  const amount = `${counted(classes.requests, "request")}${seconds > 0 ? ` in ${duration(seconds * 1_000)}, ${rate(classes.requests / seconds)}` : ""}`;
  const worst = series === undefined ? null : worstBucket(series);
  const peak =
    worst === null || series === undefined
      ? ""
      : `worst ${moment(context, worst.ms)}: ${count(worst.errors)} in ${series.step}`;
  const verdict = line(
    span(`${mark} ${errors}`, tone, true),
    span(parts, tone),
    span(staleMark(answers, "classes", "series", "latency"), "warn"),
  );
  return [
    spreadLine(verdict, line(span(amount, "muted")), context.width),
    spreadLine(line("  ", span(peak, "muted")), latencyText(answers), context.width),
  ];
}

/** Of answered requests; watches and other long ones are left out by the engine. */
function latencyOf(answers: Answers): GroupRow["latencyMs"] {
  const rows = answerOf(answers, "latency", "groups")?.rows ?? [];
  return (rows.find((row) => row.key["stage"] === "ResponseComplete") ?? rows[0])?.latencyMs ?? null;
}

function latencyText(answers: Answers): Line {
  const latency = latencyOf(answers);
  if (latency === null) return [];
  const slow = latency.p99 >= SLOW_MS ? ("warn" as const) : ("muted" as const);
  return line(
    span(`latency p50 ${duration(latency.p50)}, `, "muted"),
    span(`p99 ${duration(latency.p99)}`, slow),
    span(`, max ${duration(latency.max)}`, "muted"),
  );
}

function view(context: PaneContext, answers: Answers): PaneView {
  const classes = answerOf(answers, "classes", "groups");
  const commandLine = commandLineFor(context, { command: "series", options: ["--by", "class"] });
  const reason = absence(context, answers, "classes", classes?.requests === 0);
  if (classes === undefined || reason !== null)
    return { ...emptyView(line(span("Overview", "heading", true)), reason ?? []), commandLine };
  const series = answerOf(answers, "series", "series");
  const { width, height, unicode } = context;
  const head = verdictLines(context, answers, classes, series);
  const found = answerOf(answers, "findings", "findings");
  const findings = findingLines(context, found, height >= 30 ? 3 : height >= 16 ? 1 : 0);
  head.push(...findings);
  // On small screens what findings take is the chart's: two rows of tables are to stay.
  const left = height - 8 - (height < 30 ? 2 * findings.length : 0);
  const chartHeight = Math.max(1, Math.min(10, Math.floor(left / 4)));
  let timeline: Timeline | undefined;
  if (series !== undefined && height >= 12) {
    const [zone, time] = [context.app.timeZone, shownTime(context)];
    const chart = [...requestChart(series, { width, height: chartHeight, unicode, zone, time })];
    const marks = height >= 20 ? findingMarks(context, found, series) : null;
    if (marks !== null) chart.splice(-1, 0, marks);
    const axis = head.length + chart.length - 1;
    const columns = Math.max(1, width - GUTTER);
    const steps = Math.min(columns, series.points.length);
    timeline = { first: head.length, end: axis, axis, left: GUTTER, columns, steps, ...spanOfSeries(series) };
    head.push(...chart);
  }
  const windows = moverWindows(context);
  const changes = moversSection(
    context,
    windows,
    answerOf(answers, "moversNow", "groups"),
    answerOf(answers, "moversBefore", "groups"),
    staleMark(answers, "moversNow", "moversBefore"),
  );
  const groups = sectionsFor(width);
  const [errors, who, resources, verbs] = groups.map((section) => gridSection(context, answers, section));
  const sections = [errors, who, changes, resources, verbs].filter((section) => section !== undefined);
  let index = 0;
  const grid = layoutGrid(sections, width, Math.max(1, height - head.length), (ids) => {
    ({ index } = listPlace(context.frame, ids, Math.max(1, ids.length)));
    return ids[index] ?? null;
  });
  const id = grid.ids[index];
  return {
    lines: [...head, ...grid.lines],
    cursorLine: null,
    rows: { count: grid.ids.length, top: 0, page: Math.max(1, grid.ids.length), ids: grid.ids },
    selection: moverSelection(windows, id) ?? sectionSelection(answers, groups, id) ?? {},
    ...(timeline === undefined ? {} : { timeline }),
    jumps: sectionJumps(grid, index),
    summary: counted(classes.requests, "request"),
    commandLine,
  };
}
