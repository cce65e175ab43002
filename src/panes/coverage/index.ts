import { line, lineText, span, spreadLine } from "../../models/line.ts";
import { counted, duration } from "../../models/numbers.ts";
import { frameOf } from "../../state/initial-state.ts";
import { absence, answerOf, emptyView, staleMark } from "../answers.ts";
import type { Answers, Pane, PaneContext, PaneSelection, PaneView } from "../contract.ts";
import { listPlace } from "../list-place.ts";
import { commandLineFor } from "../shell-command.ts";
import { placeText } from "../table-page.ts";
import { coverageRows, type CoverageRow } from "./rows.ts";

/** Whether a log can be trusted for a question: always all of it, whatever the filter. */
export const coveragePane: Pane = {
  id: "coverage",
  title: "coverage",
  about: "what this log can and cannot answer: times, restarts, silences, levels by resource, what could not be read",
  asks: () => ({ coverage: { kind: "coverage" } }),
  view,
  commands: [],
};

function view(context: PaneContext, answers: Answers): PaneView {
  const commandLine = commandLineFor(context, { command: "info", unfiltered: true });
  const coverage = answerOf(answers, "coverage", "coverage");
  const title = line(span("Coverage", "heading", true), span(staleMark(answers, "coverage"), "warn"));
  const reason = absence(context, answers, "coverage", coverage?.requests === 0);
  if (coverage === undefined || reason !== null) return { ...emptyView(title, reason ?? []), commandLine };
  const { requests, span: time } = coverage;
  const head = spreadLine(
    title,
    line(span(`${counted(requests, "request")} · ${duration(time.seconds * 1e3)} · all of the log`, "muted")),
    context.width,
  );
  const rows = coverageRows(context, coverage);
  const ids = rows.map((_, at) => String(at));
  const page = Math.max(1, context.height - 1);
  const place = listPlace(context.frame, ids, page);
  const shown = place.shown(rows);
  const mark = (at: number): string => (place.top + at === place.index ? "▸ " : "  ");
  const row = rows[place.index];
  return {
    lines: [
      head,
      ...shown.map((each, at) =>
        each.isHeading === true && place.top + at !== place.index
          ? each.line
          : line(span(mark(at), "accent"), ...each.line),
      ),
    ],
    cursorLine: rows.length === 0 ? null : place.index - place.top + 1,
    rows: place.rows,
    selection: row === undefined ? {} : selectionFor(row),
    summary: placeText(place),
    commandLine,
  };
}

function selectionFor({ line: text, query, timeUs }: CoverageRow): PaneSelection {
  return {
    copy: lineText(text).trim(),
    ...(timeUs === undefined || Number.isNaN(timeUs) ? {} : { timeUs }),
    ...(query === undefined
      ? {}
      : { term: query, enter: { frame: frameOf("requests"), chips: [query], window: null, alone: true } }),
  };
}
