import type { Ask } from "../../engine/contract.ts";
import { line, span, spreadLine } from "../../models/line.ts";
import { count, counted, rates } from "../../models/numbers.ts";
import { layoutTable } from "../../models/table-layout.ts";
import type { TableModel } from "../../models/view.ts";
import type { GroupRow } from "../../queries/contract.ts";
import { frameOf } from "../../state/initial-state.ts";
import { absence, answerOf, emptyView, selectionOf, staleMark } from "../answers.ts";
import type { Answers, PaneContext, PaneView } from "../contract.ts";
import { distinctIds, listPlace } from "../list-place.ts";
import { placeText, underHead } from "../table-page.ts";
import { commandLineFor } from "../shell-command.ts";
import { chipsOfKey } from "../terms.ts";
import { dimensionCell } from "../key-columns.ts";

const BY = ["user", "useragent"] as const;
const SHOWN = 200;

/** Without a client: which one? */
export function chooserAsks(context: PaneContext): Readonly<Record<string, Ask>> {
  return { clients: { kind: "groups", ...selectionOf(context), by: BY, limit: SHOWN, measures: ["requests"] } };
}

function clientTable(context: PaneContext, rows: readonly GroupRow[], ids: readonly string[]): TableModel {
  const { width } = context;
  const rateText = rates(rows.map((row) => row.rate));
  return {
    kind: "table",
    columns: [
      { id: "user", title: "user", minWidth: width < 100 ? 24 : 40, grow: 1 },
      { id: "useragent", title: "user agent", minWidth: width < 100 ? 14 : 30, grow: 1, keep: "head" },
      { id: "requests", title: "requests", align: "right" },
      { id: "rate", title: "rate", align: "right", drop: 1 },
    ],
    rows: rows.map((row, at) => ({
      id: ids[at] ?? "",
      cells: [
        ...BY.map((dimension) => dimensionCell(dimension, row.key[dimension] ?? "", context)),
        { text: count(row.requests), value: row.requests },
        { text: rateText(row.rate), value: row.rate },
      ],
    })),
    rowCount: rows.length,
    firstRow: 0,
  };
}

export function chooserView(context: PaneContext, answers: Answers): PaneView {
  const result = answerOf(answers, "clients", "groups");
  const title = line(
    span("Cadence", "heading", true),
    span("  of which client?", "accent"),
    span(staleMark(answers, "clients"), "warn"),
  );
  const commandLine = commandLineFor(context, { command: "top", options: ["--by", BY.join(",")] });
  const reason = absence(context, answers, "clients", result?.rows.length === 0);
  if (result === undefined || reason !== null) return { ...emptyView(title, reason ?? []), commandLine };
  const ids = distinctIds(result.rows.map((row) => JSON.stringify(BY.map((dimension) => row.key[dimension] ?? ""))));
  const page = Math.max(1, context.height - 2);
  const place = listPlace(context.frame, ids, page);
  const table = layoutTable(clientTable(context, place.shown(result.rows), place.rows.ids), {
    width: context.width,
    cursorId: place.cursorId,
  });
  const row = result.rows[place.index];
  const { user = "", useragent: agent = "" } = row?.key ?? {};
  return {
    ...underHead(
      [spreadLine(title, line(span(`${counted(result.groups, "client")}, most calls first`, "muted")), context.width)],
      { ...table, rows: place.rows },
    ),
    selection:
      row === undefined
        ? {}
        : {
            copy: `${user} ${agent}`,
            term: chipsOfKey(BY, row.key).join(" "),
            ...(user === "" ? {} : { user }),
            enter: { frame: frameOf("cadence", { user, agent }) },
          },
    summary: placeText(place),
    commandLine,
  };
}
