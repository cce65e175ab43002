import { EXPECTED } from "../../findings/expected.ts";
import type { Finding, FindingsResult } from "../../findings/contract.ts";
import type { Ask } from "../../engine/contract.ts";
import { wrapText } from "../../models/display-width.ts";
import { line, span, spreadLine } from "../../models/line.ts";
import { newestText } from "../../models/newest-only.ts";
import { count, counted } from "../../models/numbers.ts";
import { safeText } from "../../models/text-safety.ts";
import { layoutTable } from "../../models/table-layout.ts";
import { parseTime } from "../../models/times.ts";
import type { Line, Tone } from "../../models/view.ts";
import { frameOf } from "../../state/initial-state.ts";
import { screenLook, screenTable } from "../answer-table.ts";
import { absence, answerOf, emptyView, selectionOf, staleMark } from "../answers.ts";
import type { Answers, Pane, PaneContext, PaneSelection, PaneView } from "../contract.ts";
import { distinctIds, listPlace } from "../list-place.ts";
import { commandLineFor } from "../shell-command.ts";
import { placeText } from "../table-page.ts";
import { countsText, severityTone } from "./severity.ts";
import { FINDING_TABLE, WIDE_FROM } from "./table.ts";

/** What the pane and the overview ask alike: one answer serves both. */
export function findingsAsk(context: PaneContext): Ask {
  return { kind: "findings", ...selectionOf(context), expectations: EXPECTED, auditIDs: 0 };
}

/** What is wrong, worst first, each with its evidence. */
export const findingsPane: Pane = {
  id: "findings",
  digit: "8",
  title: "findings",
  tab: "finds",
  about: "what is wrong and who does what they should not, worst first; enter shows the requests",
  asks: (context) => (context.status.phase === "loading" ? {} : { findings: findingsAsk(context) }),
  view,
  commands: [],
};

/** Lines for what is said of the finding under the cursor: on narrow screens sentences take more. */
const DETAIL_LINES = 6;
const NARROW_DETAIL_LINES = 8;
/** Before each of them. */
const LABEL = 12;
const LEAST_ROWS = 5;

function view(context: PaneContext, answers: Answers): PaneView {
  const commandLine = commandLineFor(context, { command: "findings" });
  const result = answerOf(answers, "findings", "findings");
  const title = line(span("Findings", "heading", true), span(staleMark(answers, "findings"), "warn"));
  const reason =
    context.status.phase === "loading" && result === undefined
      ? line(span("Looked for when everything is read …", "muted"))
      : absence(context, answers, "findings", result?.requests === 0);
  if (result === undefined || reason !== null) return { ...emptyView(title, reason ?? []), commandLine };
  const { findings } = result;
  if (findings.length === 0) return { ...emptyView(title, nothing(context, result)), commandLine };
  const ids = distinctIds(findings.map(idOf));
  const head = [
    spreadLine(
      title,
      line(span(totals(context, result), result.newest === undefined ? "muted" : "warn")),
      context.width,
    ),
  ];
  const room = context.height - head.length - 1;
  const wanted = context.width < WIDE_FROM ? NARROW_DETAIL_LINES : DETAIL_LINES;
  const details = room >= LEAST_ROWS + wanted ? wanted : room >= LEAST_ROWS + DETAIL_LINES ? DETAIL_LINES : 0;
  const page = Math.max(1, room - details);
  const place = listPlace(context.frame, ids, page);
  const shown = place.shown(findings);
  const table = layoutTable(screenTable(FINDING_TABLE, screenLook(context), shown, place.rows), {
    width: context.width,
    cursorId: place.cursorId,
  });
  const finding = findings[place.index];
  const lines = [...head, ...table.lines];
  if (details > 0 && finding !== undefined) {
    while (lines.length < context.height - details) lines.push([]);
    lines.push(...detailLines(context, finding, details));
  }
  return {
    lines,
    cursorLine: table.cursorLine === null ? null : table.cursorLine + head.length,
    rows: place.rows,
    selection: finding === undefined ? {} : selectionFor(finding),
    summary: placeText(place),
    commandLine,
  };
}

function idOf({ id, attempt = false, subject }: Finding): string {
  const { user, ip, useragent, object, namespace, resource, apiserver } = subject;
  return JSON.stringify([id, attempt, user, ip, useragent, object, namespace, resource, apiserver]);
}

function nothing({ app }: PaneContext, { requests, suppressed, newest }: FindingsResult): Line {
  const left = suppressed.reduce((sum, { findings }) => sum + findings, 0);
  return line(
    span(`Nothing found in ${counted(requests, "request")}.`),
    span(left === 0 ? "" : ` ${counted(left, "finding")} left out: expected.`, "muted"),
    span(newest === undefined ? "" : ` These are ${newestText(newest, app.timeZone)}.`, "warn"),
  );
}

function totals({ app }: PaneContext, { findings, suppressed, unread, newest }: FindingsResult): string {
  const left = suppressed.reduce((sum, each) => sum + each.findings, 0);
  return [
    countsText(findings),
    ...(left === 0 ? [] : [`${count(left)} expected`]),
    ...(unread === 0 ? [] : [`${count(unread)} events not read`]),
    ...(newest === undefined ? [] : [newestText(newest, app.timeZone)]),
  ].join(" · ");
}

/** At most `most` lines; what is longer goes on below, and the last ones give way: the whole is in `ktrail findings`. */
function detailLines(context: PaneContext, finding: Finding, most: number): readonly Line[] {
  const { unicode, width } = context;
  const { id, detail, why, advice, references, evidence, severity } = finding;
  const said = (label: string, value: string, tone: Tone, lines: number): readonly Line[] =>
    wrapText(safeText(value, unicode), Math.max(20, width - LABEL), lines).map((piece, at) =>
      line(span((at === 0 ? label : "").padEnd(label === "" ? 0 : LABEL), "muted"), span(piece, tone)),
    );
  return [
    line(span("─".repeat(width), "muted")),
    ...wrapText(safeText(detail, unicode), width, 3).map((piece) => line(span(piece))),
    ...(why === undefined ? [] : said("why so bad", why, severityTone(severity), 2)),
    ...said("do", advice, "normal", 3),
    line(span("evidence".padEnd(LABEL), "muted"), span(safeText(evidence.query, unicode), "accent")),
    ...said("see", [id, ...references].join(", "), "muted", 1),
  ].slice(0, most);
}

function selectionFor({ title, subject, evidence, lastSeen }: Finding): PaneSelection {
  const lastMs = parseTime(lastSeen);
  const { user = "", object = "" } = subject;
  const parts = object.split("/");
  return {
    copy: title,
    term: evidence.query,
    ...(user === "" ? {} : { user }),
    ...(parts.length < 2
      ? {}
      : { object: { name: parts.slice(-2).join("/"), namespace: parts.length === 3 ? (parts[0] ?? "") : "" } }),
    ...(Number.isNaN(lastMs) ? {} : { timeUs: lastMs * 1_000 }),
    enter: { frame: frameOf("requests"), chips: [evidence.query], window: null, alone: true },
  };
}
