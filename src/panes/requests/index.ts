import type { Ask } from "../../engine/contract.ts";
import type { RequestFacts } from "../../events/request.ts";
import { line, span } from "../../models/line.ts";
import { count } from "../../models/numbers.ts";
import { layoutTable } from "../../models/table-layout.ts";
import type { RowsQuery, RowsResult } from "../../queries/contract.ts";
import { frameOf } from "../../state/initial-state.ts";
import { absence, answerOf, emptyView, selectionOf } from "../answers.ts";
import type { Answers, Pane, PaneContext, PaneView } from "../contract.ts";
import { groupByCommand } from "../group-by/index.ts";
import { commandLineFor } from "../shell-command.ts";
import { columnOf, REQUEST_COLUMNS, requestSelection, requestTable } from "./table.ts";

/** The matching requests in the order they came, a page around the cursor's row. */
export const requestsPane: Pane = {
  id: "requests",
  digit: "6",
  title: "requests",
  about: "the matching requests one a line; while following, the newest",
  asks: (context) => ({ rows: rowsAsk(context) }),
  view,
  commands: [
    groupByCommand("requests"),
    {
      id: "requests.slowest",
      title: "these requests, slowest first",
      short: "slowest",
      keys: ["s"],
      scope: "pane:requests",
      group: "view",
      run: () => [{ type: "push", frame: frameOf("latency", { show: "slowest" }) }],
    },
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
      const at = REQUEST_COLUMNS.indexOf(columnOf(pane)) + by;
      const next = REQUEST_COLUMNS[(at + REQUEST_COLUMNS.length) % REQUEST_COLUMNS.length];
      return next === undefined ? [] : [{ type: "params", params: { column: next.column.id } }];
    },
  };
}

function pageOf({ height }: PaneContext): number {
  return Math.max(1, height - 1);
}

/**
 * A page on either side of the screen, so that scrolling shows rows at once and asks behind. The cursor's row is the
 * anchor (it survives eviction and new rows); a row that was never on screen is asked for by its position.
 */
function rowsAsk(context: PaneContext): Ask {
  const page = pageOf(context);
  const { frame, app } = context;
  const query = (place: Partial<RowsQuery>): Ask => ({ kind: "rows", ...selectionOf(context), ...place });
  if (app.follow) return query({ anchor: "newest", before: 2 * page, after: 1 });
  const above = Math.min(page - 1, Math.max(0, frame.cursorIndex - frame.top));
  const around = { before: above + page, after: 2 * page - above };
  if (frame.cursorId !== null) return query({ anchor: { seq: Number(frame.cursorId) }, ...around });
  if (frame.cursorIndex === 0) return query({ anchor: "oldest", before: 0, after: 2 * page });
  return query({ position: frame.cursorIndex, ...around });
}

/** Index into `rows` of the row under the cursor. */
function cursorRow(context: PaneContext, { rows, first }: RowsResult<RequestFacts>): number {
  if (context.app.follow) return rows.length - 1;
  const { cursorId, cursorIndex } = context.frame;
  if (cursorId === null) return Math.min(rows.length - 1, Math.max(0, cursorIndex - first));
  // Where its row is no more, evicted or filtered away, the cursor stands on the one that came next.
  const next = rows.findIndex((facts) => facts.seq >= Number(cursorId));
  return next < 0 ? rows.length - 1 : next;
}

/** The request under the cursor has left the ring: another one stands there, and nobody may take it for the one chosen. */
function isEvicted({ app, frame, status }: PaneContext, { rows, first }: RowsResult<RequestFacts>): boolean {
  if (app.follow || frame.cursorId === null || status.requestsEvicted === 0 || first > 0) return false;
  return Number(frame.cursorId) < (rows[0]?.seq ?? 0);
}

function view(context: PaneContext, answers: Answers): PaneView {
  const commandLine = commandLineFor(context, { command: "events", follows: true });
  const result = answerOf(answers, "rows", "rows");
  const reason = absence(context, answers, "rows", result?.rows.length === 0);
  if (result === undefined || reason !== null)
    return { ...emptyView(line(span("requests", "heading", true)), reason ?? []), commandLine, live: true };
  const page = pageOf(context);
  const { rows, first, total } = result;
  const at = cursorRow(context, result);
  const above = context.app.follow ? page - 1 : Math.max(0, context.frame.cursorIndex - context.frame.top);
  const start = Math.max(0, Math.min(at - Math.min(page - 1, above), rows.length - page));
  const shown = rows.slice(start, start + page);
  const facts = rows[at];
  const table = layoutTable(requestTable(context, shown, rows[start - 1], { total, first: first + start }), {
    width: context.width,
    cursorId: facts === undefined ? null : String(facts.seq),
  });
  return {
    lines: table.lines,
    cursorLine: table.cursorLine,
    rows: { count: total, top: first + start, page, ids: shown.map((row) => String(row.seq)), cursor: first + at },
    selection: facts === undefined ? {} : requestSelection(context, facts),
    live: true,
    summary: `${isEvicted(context, result) ? "the chosen request was evicted · " : ""}${count(first + at + 1)} of ${count(total)}`,
    commandLine,
  };
}
