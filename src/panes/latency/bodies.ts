import { shownValue } from "../dimensions.ts";
import type { AnswerFor } from "../../engine/contract.ts";
import { line, span } from "../../models/line.ts";
import { safeText } from "../../models/text-safety.ts";
import { layoutTable } from "../../models/table-layout.ts";
import type { Line } from "../../models/view.ts";
import type { Dimension } from "../../queries/contract.ts";
import { parseTime } from "../../models/times.ts";
import type { Timeline } from "../../state/time-cursor.ts";
import { frameOf } from "../../state/initial-state.ts";
import type { PaneContext, PaneSelection, PaneView } from "../contract.ts";
import { layoutChosen } from "../chosen-columns.ts";
import { distinctIds, listPlace } from "../list-place.ts";
import { requestSelection, requestTable } from "../requests/table.ts";
import { chipsOfKey, termOfKey } from "../terms.ts";
import { CHART_GUTTER, latencyChart } from "./chart.ts";
import { isReversed, sortedBy } from "../sorting.ts";
import { MOST_ROWS, previewRows } from "./frame.ts";
import { LATENCY_SORTS, latencyRowId, latencyTable } from "./table.ts";

type Report = AnswerFor<"latency">;

/** What stands below the heading. */
export interface Body {
  readonly lines: readonly Line[];
  readonly cursorLine: number | null;
  readonly rows: PaneView["rows"];
  readonly selection: PaneSelection;
  readonly index: number;
  readonly timeline?: Timeline;
  /** Which of the chosen columns there is no room for. */
  readonly left?: string;
}

/** Groups, the chart of the one under the cursor, and the slowest requests where there is room. */
export function groupsBody(
  context: PaneContext,
  report: Report,
  continuity: AnswerFor<"continuity">,
  height: number,
): Body {
  const { width, unicode } = context;
  const ids = distinctIds(report.rows.map((row) => latencyRowId(report.by, row)));
  const chartHeight = height < 14 ? 0 : Math.min(10, Math.floor((height - 6) / 3));
  const previewed = report.slowest.slice(0, previewRows(context.height));
  const chartRows = chartHeight === 0 ? 0 : chartHeight + 4;
  const below = chartRows + (previewed.length === 0 ? 0 : previewed.length + 2);
  const page = Math.max(1, height - 1 - below);
  const place = listPlace(context.frame, ids, page);
  const table = layoutChosen(
    context,
    latencyTable(context, report, ids, {
      top: place.top,
      page,
      sort: sortedBy(LATENCY_SORTS, context),
      reverse: isReversed(context),
    }),
    { width, cursorId: place.cursorId },
    report.by.length,
  );
  const row = report.rows[place.index];
  const lines: Line[] = [...table.lines];
  let timeline: Timeline | undefined;
  // A partial answer has no points yet: their place stays free.
  if (report.partial !== undefined) lines.push(...Array.from({ length: chartRows }, () => []));
  else if (row !== undefined && chartHeight > 0) {
    const name = report.by
      .map((dimension) => safeText(shownValue(dimension, row.key[dimension] ?? ""), unicode) || "-")
      .join(" ");
    lines.push([], line("  ", span(name, "accent", true), span("  over time", "muted")));
    const zone = context.app.timeZone;
    const chart = latencyChart(row.points, report, { width, height: chartHeight, unicode, zone, continuity });
    const axis = lines.length + chart.length - 1;
    const columns = Math.max(1, width - CHART_GUTTER);
    timeline = {
      first: lines.length,
      end: axis - 1,
      axis,
      left: CHART_GUTTER,
      columns,
      steps: Math.min(columns, row.points.p99.length),
      fromUs: parseTime(report.span.from) * 1_000,
      toUs: parseTime(report.span.to) * 1_000,
    };
    lines.push(...chart);
  }
  if (previewed.length > 0) {
    const model = requestTable(context, previewed, undefined, { total: previewed.length, first: 0 });
    lines.push(
      line("  ", span("Slowest", "heading", true), span("  v shows more of them", "muted")),
      ...layoutTable(model, { width }).lines,
    );
  }
  return {
    lines,
    cursorLine: table.cursorLine,
    rows: { ...place.rows, count: Math.min(MOST_ROWS, Math.max(ids.length, report.groups)) },
    selection: row === undefined ? {} : groupSelection(report.by, row.key),
    index: place.index,
    left: table.left,
    ...(timeline === undefined ? {} : { timeline }),
  };
}

/** Enter: these requests, slowest first. */
function groupSelection(by: readonly Dimension[], key: Readonly<Record<string, string>>): PaneSelection {
  const user = by.includes("user") ? (key["user"] ?? "") : "";
  return {
    copy: by.map((dimension) => key[dimension] ?? "").join(" "),
    term: termOfKey(by, key),
    ...(user === "" ? {} : { user }),
    enter: { frame: frameOf("latency", { show: "slowest" }), chips: chipsOfKey(by, key) },
  };
}

/** The slowest requests, one a line. */
export function slowestBody(context: PaneContext, report: Report, height: number): Body {
  const { slowest } = report;
  const ids = slowest.map((facts) => String(facts.seq));
  const page = Math.max(1, height - 1);
  const place = listPlace(context.frame, ids, page);
  const shown = place.shown(slowest);
  const model = requestTable(context, shown, slowest[place.top - 1], { total: ids.length, first: place.top });
  const table = layoutTable(
    { ...model, sort: { column: "latency", reverse: false }, empty: "no answered request" },
    { width: context.width, cursorId: place.cursorId },
  );
  const facts = slowest[place.index];
  return {
    lines: table.lines,
    cursorLine: table.cursorLine,
    rows: place.rows,
    selection: facts === undefined ? {} : requestSelection(context, facts),
    index: place.index,
  };
}
