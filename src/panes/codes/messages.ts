import type { Ask } from "../../engine/contract.ts";
import type { GridSection } from "../../models/grid.ts";
import { line, span } from "../../models/line.ts";
import { count } from "../../models/numbers.ts";
import { safeText } from "../../models/text-safety.ts";
import { parseQuery } from "../../queries/parse-filter.ts";
import { frameOf } from "../../state/initial-state.ts";
import { answerOf, selectionOf } from "../answers.ts";
import type { Answers, PaneContext, PaneSelection } from "../contract.ts";
import { moment } from "../time-column.ts";
import type { Focus } from "./focus.ts";

const ID = "messages";
/** Original events read for one page: they are on disk, and the newest say what is wrong. */
const READ = 300;
const ROWS = 20;

export function messagesAsk(context: PaneContext, { term }: Focus): Ask {
  const selection = selectionOf(context);
  return {
    kind: "messages",
    ...selection,
    filter: { op: "and", terms: [selection.filter, parseQuery(term)] },
    limit: READ,
  };
}

/** What the API server said, names and numbers aside; enter opens the newest request that was told so. */
export function messagesSection(context: PaneContext, answers: Answers): GridSection {
  const result = answerOf(answers, ID, "messages");
  const rows = (result?.rows ?? []).slice(0, ROWS);
  const part =
    result === undefined || result.read >= result.requests
      ? ""
      : `  newest ${count(result.read)} of ${count(result.requests)}`;
  const unread = (result?.unreadable ?? 0) > 0 ? `  ${count(result?.unreadable ?? 0)} not readable` : "";
  const nothing = result === undefined ? "reading …" : "no request of these was told why";
  return {
    id: ID,
    title: line("  ", span("What they were told", "heading", true), span(part, "muted"), span(unread, "warn")),
    minWidth: 60,
    weight: 2,
    table: {
      kind: "table",
      columns: [
        { id: "message", title: "message", minWidth: 20, grow: 1, keep: "head" },
        { id: "requests", title: "requests", align: "right" },
        { id: "last", title: "last seen", align: "right", drop: 2 },
      ],
      rows: rows.map(({ text, requests, lastUs }, at) => ({
        id: `${ID}|${at}`,
        cells: [
          { text: safeText(text, context.unicode) },
          { text: count(requests), value: requests },
          { text: moment(context, lastUs / 1_000) },
        ],
      })),
      rowCount: rows.length,
      firstRow: 0,
      empty: answers[ID]?.error ?? nothing,
    },
  };
}

export function messageSelection(answers: Answers, id: string | undefined): PaneSelection | undefined {
  if (id?.startsWith(`${ID}|`) !== true) return undefined;
  const row = answerOf(answers, ID, "messages")?.rows[Number(id.slice(ID.length + 1))];
  if (row === undefined) return undefined;
  return {
    copy: row.text,
    seq: row.seq,
    ...(Number.isFinite(row.lastUs) ? { timeUs: row.lastUs } : {}),
    enter: { frame: frameOf("request", { seq: String(row.seq) }) },
  };
}
