import { line, span, spreadLine } from "../../models/line.ts";
import { count, counted, duration, rate } from "../../models/numbers.ts";
import type { Line } from "../../models/view.ts";
import type { Dimension, GroupResult, GroupRow } from "../../queries/contract.ts";
import { frameOf } from "../../state/initial-state.ts";
import { absence, answerOf, emptyView, notYet, selectionOf, staleMark } from "../answers.ts";
import type { Answers, Pane, PaneContext, PaneSelection, PaneView } from "../contract.ts";
import { dimensionPlural, dimensionsOf, dimensionTitle, parseDimensions, shownValue } from "../dimensions.ts";
import { layoutChosen } from "../chosen-columns.ts";
import { groupByCommand } from "../group-by/index.ts";
import { listPlace } from "../list-place.ts";
import { isReversed, reverseCommand, sortCommand, sortedBy, sortOptions } from "../sorting.ts";
import { MEASURE_IDS } from "../../queries/measures.ts";
import { parseTime } from "../../models/times.ts";
import { previewRows, withPreview } from "../preview.ts";
import { moment } from "../time-column.ts";
import { commandLineFor } from "../shell-command.ts";
import { tableTimeline } from "../table-timeline.ts";
import { chipsOfKey, termOfKey } from "../terms.ts";
import { GROUP_COLUMNS } from "./columns.ts";
import { groupRowId, SORTS, sparkWidth, topTable } from "./table.ts";

/** Groups asked for at once; more are asked for as one scrolls. */
const CHUNK = 200;
/** Nobody reads further; a narrower filter shows the rest. */
const MOST_ROWS = 5_000;

/** Who or what causes the requests: any one or two dimensions, sorted by anything. */
export const topPane: Pane = {
  id: "top",
  digit: "2",
  title: "top",
  about: "requests, errors and latency per user or any other dimension",
  asks(context) {
    const { frame, height, width } = context;
    const reached = Math.max(frame.top, frame.cursorIndex) + 2 * height;
    return {
      groups: {
        kind: "groups",
        ...selectionOf(context),
        by: groupedBy(context),
        measures: MEASURE_IDS,
        sort: sortedBy(SORTS, context),
        reverse: isReversed(context),
        limit: Math.min(MOST_ROWS, Math.ceil(reached / CHUNK) * CHUNK),
        sparkBuckets: sparkWidth(width),
      },
    };
  },
  view,
  completes: "dimension",
  columns: GROUP_COLUMNS,
  params(args) {
    const [words = "", sort = ""] = args.trim().split(/\s+by\s+|\s+sort\s+/);
    const by = parseDimensions(words).join(",");
    if (sort !== "" && !SORTS.some((known) => known === sort))
      throw new Error(`no order “${sort}”: ${SORTS.join(" ")}`);
    return { ...(by === "" ? {} : { by }), ...(sort === "" ? {} : { sort }) };
  },
  commands: [groupByCommand("top"), sortCommand("top", SORTS), reverseCommand("top")],
};

function groupedBy({ frame }: PaneContext): readonly Dimension[] {
  return dimensionsOf(frame.params["by"], ["user"]);
}

function heading(by: readonly Dimension[], result: GroupResult | undefined, width: number, mark: string): Line {
  const title = line(span(by.map(dimensionTitle).join(" × "), "heading", true), span(mark, "warn"));
  if (result === undefined) return title;
  const [only] = by;
  const isSingle = by.length === 1 && only !== undefined;
  const [one, many] = isSingle ? [dimensionTitle(only), dimensionPlural(only)] : ["group", "groups"];
  const groups = `${count(result.groups)} ${result.groups === 1 ? one : many}`;
  const perSecond = result.span.seconds > 0 ? ` · ${rate(result.requests / result.span.seconds)}` : "";
  const long = result.span.seconds > 0 ? ` in ${duration(result.span.seconds * 1_000)}` : "";
  return spreadLine(
    title,
    line(span(`${groups} · ${counted(result.requests, "request")}${long}${perSecond}`, "muted")),
    width,
  );
}

function view(context: PaneContext, answers: Answers): PaneView {
  const by = groupedBy(context);
  const sort = sortedBy(SORTS, context);
  const reverse = isReversed(context);
  const result = answerOf(answers, "groups", "groups");
  // Until the new grouping is answered the old rows would stand under the wrong titles.
  const isOther = result !== undefined && result.by.join() !== by.join();
  const reason = absence(context, isOther ? notYet(answers, "groups") : answers, "groups", result?.rows.length === 0);
  const commandLine = commandLineFor(context, {
    command: "top",
    options: ["--by", by.join(","), ...sortOptions(SORTS, context)],
  });
  if (result === undefined || isOther || reason !== null)
    return { ...emptyView(heading(by, undefined, context.width, ""), reason ?? []), commandLine };
  const page = Math.max(1, context.height - 2 - previewRows(context));
  const ids = result.rows.map((row) => groupRowId(row, by));
  const place = listPlace(context.frame, ids, page);
  const shown = place.shown(result.rows);
  const table = layoutChosen(
    context,
    topTable(context, result, shown, { by, sort, reverse, firstRow: place.top }),
    { width: context.width, cursorId: place.cursorId },
    by.length,
  );
  const row = result.rows[place.index];
  return {
    lines: withPreview(
      context,
      [heading(by, result, context.width, staleMark(answers, "groups")), ...table.lines],
      row === undefined ? "" : previewText(context, by, row),
    ),
    cursorLine: table.cursorLine === null ? null : table.cursorLine + 1,
    ...tableTimeline(table, "spark", { line: 1, columns: sparkWidth(context.width), span: result.span }),
    rows: { ...place.rows, count: Math.min(MOST_ROWS, result.groups) },
    selection: row === undefined ? {} : selectionOfRow(by, row),
    summary: `${table.left}${count(place.index + 1)} of ${count(result.groups)}`,
    commandLine,
  };
}

/** Names in full, and since when. */
function previewText(context: PaneContext, by: readonly Dimension[], { key, firstSeen, lastSeen }: GroupRow): string {
  const names = by.map((dimension) => shownValue(dimension, key[dimension] ?? "") || "-");
  const [first, last] = [firstSeen, lastSeen].map((iso) => moment(context, parseTime(iso)));
  return [...names, `first seen ${first ?? ""}`, `last seen ${last ?? ""}`].join(" · ");
}

function selectionOfRow(by: readonly Dimension[], row: GroupRow): PaneSelection {
  const term = termOfKey(by, row.key);
  const user = by.includes("user") ? row.key["user"] : undefined;
  return {
    copy: by.map((dimension) => shownValue(dimension, row.key[dimension] ?? "")).join(" "),
    term,
    ...(user === undefined || user === "" ? {} : { user }),
    enter: { frame: frameOf("requests"), chips: chipsOfKey(by, row.key) },
  };
}
