import type { Ask } from "../../engine/contract.ts";
import type { RequestFacts } from "../../events/request.ts";
import { line, span } from "../../models/line.ts";
import { count } from "../../models/numbers.ts";
import { layoutTable } from "../../models/table-layout.ts";
import type { RowsQuery, RowsResult } from "../../queries/contract.ts";
import { absence, answerOf, emptyView, selectionOf } from "../answers.ts";
import type { Answers, Pane, PaneContext, PaneView } from "../contract.ts";
import { groupByCommand } from "../group-by/index.ts";
import { previewRows, withPreview } from "../preview.ts";
import { previewText } from "./preview-text.ts";
import { chosenColumns, noRoom } from "../chosen-columns.ts";
import { commandLineFor } from "../shell-command.ts";
import { reverseCommand, sortCommand, sortOptions } from "../sorting.ts";
import { gotoWord } from "./goto.ts";
import { isFollowing, isInTime, REQUEST_ORDERS, requestOrder } from "./order.ts";
import {
  columnOf,
  columnsOf,
  REQUEST_TABLE_COLUMNS,
  requestSelection,
  requestTable,
  usualRequestColumns,
} from "./table.ts";

/** The matching requests in time or sorted by any column, a page around the cursor's row. */
export const requestsPane: Pane = {
  id: "requests",
  digit: "6",
  title: "requests",
  tab: "reqs",
  about: "the matching requests one a line; while following, the newest",
  asks(context) {
    const { cursorId } = context.frame;
    const isChosen = cursorId !== null && previewRows(context) > 0 && !isFollowing(context);
    return {
      rows: rowsAsk(context),
      ...(isChosen ? { chosen: { kind: "request", seq: Number(cursorId) } } : {}),
    };
  },
  view,
  columns: REQUEST_TABLE_COLUMNS,
  usualColumns: usualRequestColumns,
  words: [gotoWord],
  commands: [
    groupByCommand("requests"),
    sortCommand("requests", REQUEST_ORDERS, { title: "sort by the next column: time, slowest first, code …" }),
    reverseCommand("requests"),
    columnCommand("requests.next-column", "value to the right, for + - c", ["l", "right"], 1),
    columnCommand("requests.previous-column", "value to the left, for + - c", ["h", "left"], -1),
  ],
};

function columnCommand(id: string, title: string, keys: readonly string[], by: 1 | -1): Pane["commands"][number] {
  return {
    id,
    title,
    keys,
    scope: "pane:requests",
    group: "move",
    run: ({ pane }) => {
      const columns = columnsOf(pane);
      const next = columns[(columns.indexOf(columnOf(pane)) + by + columns.length) % columns.length];
      return next === undefined ? [] : [{ type: "params", params: { column: next.column.id } }];
    },
  };
}

function pageOf(context: PaneContext): number {
  return Math.max(1, context.height - 1 - previewRows(context));
}

/**
 * A page on either side of the screen, so that scrolling shows rows at once and asks behind. The cursor's row is the
 * anchor (it survives eviction and new rows); a row that was never on screen is asked for by its position.
 */
function rowsAsk(context: PaneContext): Ask {
  const page = pageOf(context);
  const { frame } = context;
  const query = (place: Partial<RowsQuery>): Ask => ({
    kind: "rows",
    ...selectionOf(context),
    ...requestOrder(context),
    ...place,
  });
  if (isFollowing(context)) return query({ anchor: "newest", before: 2 * page, after: 1 });
  const above = Math.min(page - 1, Math.max(0, frame.cursorIndex - frame.top));
  const around = { before: above + page, after: 2 * page - above };
  if (frame.cursorId !== null) return query({ anchor: { seq: Number(frame.cursorId) }, ...around });
  if (frame.cursorIndex === 0) return query({ anchor: "oldest", before: 0, after: 2 * page });
  return query({ position: frame.cursorIndex, ...around });
}

/** Index into `rows` of the row under the cursor. */
function cursorRow(context: PaneContext, { rows, first, at }: RowsResult<RequestFacts>): number {
  if (isFollowing(context)) return rows.length - 1;
  const { cursorId, cursorIndex } = context.frame;
  const own = cursorId === null ? -1 : rows.findIndex((facts) => String(facts.seq) === cursorId);
  if (own >= 0) return own;
  // Where its row is no more, evicted or filtered away, the cursor stands on the one that came next.
  return Math.min(rows.length - 1, Math.max(0, (cursorId === null ? cursorIndex : at) - first));
}

/** The request under the cursor has left the ring: another one stands there, and nobody may take it for the one chosen. */
function isEvicted(context: PaneContext, { rows }: RowsResult<RequestFacts>): boolean {
  const { frame, status } = context;
  if (isFollowing(context) || frame.cursorId === null || status.requestsEvicted === 0) return false;
  return Number(frame.cursorId) < Math.min(...rows.map(({ seq }) => seq));
}

/** Where one may follow and does not: how many came after what is on the screen. */
function newerText(context: PaneContext, below: number): string {
  if (context.status.phase !== "following" || context.app.follow || !isInTime(context) || below <= 0) return "";
  return ` · ${count(below)} newer`;
}

function view(context: PaneContext, answers: Answers): PaneView {
  const commandLine = commandLineFor(context, {
    command: "events",
    options: sortOptions(REQUEST_ORDERS, context),
    follows: isInTime(context),
  });
  const kind = { seekable: true, live: isInTime(context) };
  const result = answerOf(answers, "rows", "rows");
  const reason = absence(context, answers, "rows", result?.rows.length === 0);
  if (result === undefined || reason !== null)
    return { ...emptyView(line(span("requests", "heading", true)), reason ?? []), ...kind, commandLine };
  const page = pageOf(context);
  const { rows, first, total } = result;
  const at = cursorRow(context, result);
  const above = isFollowing(context) ? page - 1 : Math.max(0, context.frame.cursorIndex - context.frame.top);
  const start = Math.max(0, Math.min(at - Math.min(page - 1, above), rows.length - page));
  const shown = rows.slice(start, start + page);
  const facts = rows[at];
  const { order, reverse } = requestOrder(context);
  const model = requestTable(context, shown, rows[start - 1], {
    total,
    first: first + start,
    columns: chosenColumns(context, "requests"),
    // The usual order needs no arrow, which takes a column.
    ...(isInTime(context) ? {} : { sort: { column: order, reverse: !reverse } }),
  });
  const table = layoutTable(model, {
    width: context.width,
    cursorId: facts === undefined ? null : String(facts.seq),
  });
  return {
    lines: withPreview(
      context,
      table.lines,
      facts === undefined ? "" : previewText(facts, answerOf(answers, "chosen", "request")),
    ),
    cursorLine: table.cursorLine,
    rows: { count: total, top: first + start, page, ids: shown.map((row) => String(row.seq)), cursor: first + at },
    selection: facts === undefined ? {} : requestSelection(context, facts),
    ...kind,
    summary: `${noRoom(context, model, table)}${isEvicted(context, result) ? "the chosen request was evicted · " : ""}${count(first + at + 1)} of ${count(total)}${newerText(context, total - first - start - page)}`,
    commandLine,
  };
}
