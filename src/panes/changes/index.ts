import type { ObjectState } from "../../engine/contract.ts";
import { wrapText } from "../../models/display-width.ts";
import { line, span, spreadLine } from "../../models/line.ts";
import { count, counted } from "../../models/numbers.ts";
import { layoutTable } from "../../models/table-layout.ts";
import { safeText } from "../../models/text-safety.ts";
import type { Line } from "../../models/view.ts";
import type { Selection } from "../../queries/contract.ts";
import { parseQuery } from "../../queries/parse-filter.ts";
import { isUnbounded } from "../../queries/time-window.ts";
import { frameOf } from "../../state/initial-state.ts";
import { absence, answerOf, emptyView, staleMark } from "../answers.ts";
import type { Answers, Pane, PaneContext, PaneView } from "../contract.ts";
import { changeLines } from "../diff/changes.ts";
import { outcomeSentence } from "../diff/outcome.ts";
import { listPlace } from "../list-place.ts";
import { windowWithin } from "../own-time.ts";
import { timeNamed } from "../requests/goto.ts";
import { requestSelection } from "../requests/table.ts";
import { commandLineFor } from "../shell-command.ts";
import { placeText } from "../table-page.ts";
import { moment } from "../time-column.ts";
import { changesTable } from "./table.ts";

/** More are not asked for: what is further back is reached by an earlier time. */
const MOST_ROWS = 200;

/**
 * What people and pipelines changed: no controllers, no nodes, nothing that was refused, and none of what clients only ask, renew
 * or report all day.
 */
const CHANGES = [
  "verb:write",
  "code:2xx",
  "actor:human,serviceaccount,other",
  "-resource:events,events.events.k8s.io,leases.coordination.k8s.io",
  "-resource:tokenreviews.authentication.k8s.io,subjectaccessreviews.authorization.k8s.io",
  "-resource:selfsubjectaccessreviews.authorization.k8s.io,selfsubjectrulesreviews.authorization.k8s.io",
  "-sub:status,token",
  "-uri:*dryRun=All*",
];
const CHANGED = parseQuery(CHANGES.join(" "));

/** What was changed before something broke. */
export const changesPane: Pane = {
  id: "changes",
  title: "changes",
  about: "writes by people and pipelines before a time, newest first, with what each of them changed",
  asks(context) {
    const before = beforeOf(context);
    if (typeof before === "string") return {};
    const { frame } = context;
    const selection = within(context, before);
    return {
      changes: { kind: "changes", ...selection, limit: MOST_ROWS, position: frame.top, count: pageOf(context) },
    };
  },
  view,
  completes: "time",
  params(args) {
    const before = args.trim();
    return before === "" ? {} : { before };
  },
  commands: [],
};

/** Up to and with this moment; {}: up to the end of the log. A sentence where it is no time. */
function beforeOf(context: PaneContext): { readonly toUs?: number } | string {
  const { before = "" } = context.frame.params;
  if (before === "") return {};
  const us = timeNamed(before, context);
  return us === null ? `${safeText(before, context.unicode)} is no time, as in 00:10:25 or 15m` : { toUs: us + 1 };
}

/** Of the writes before the time, within the filter and time window of the screen. */
function within(context: PaneContext, before: { readonly toUs?: number }): Selection {
  const window = windowWithin(context, before);
  return { filter: { op: "and", terms: [context.filter, CHANGED] }, ...(isUnbounded(window) ? {} : { window }) };
}

function pageOf({ height }: PaneContext): number {
  return Math.max(1, Math.floor((height - 2) * 0.6));
}

function view(context: PaneContext, answers: Answers): PaneView {
  const before = beforeOf(context);
  const { width, height } = context;
  const until = typeof before === "string" || before.toUs === undefined ? null : before.toUs / 1_000;
  const title = line(
    span("Changes", "heading", true),
    span(until === null ? "" : ` before ${moment(context, until)}`, "heading", true),
    span(staleMark(answers, "changes"), "warn"),
  );
  if (typeof before === "string") return emptyView(title, line(span(before, "warn")));
  const { window = null } = within(context, before);
  const commandLine = commandLineFor({ ...context, window }, { command: "events", terms: CHANGES });
  const result = answerOf(answers, "changes", "changes");
  const reason = absence(context, answers, "changes", false);
  if (result === undefined || reason !== null) return { ...emptyView(title, reason ?? []), commandLine };
  if (result.rows.length === 0)
    return { ...emptyView(title, line(span("Nobody changed anything before.", "good"))), commandLine };
  const ids = result.rows.map(({ seq }) => String(seq));
  const page = Math.min(ids.length, pageOf(context));
  const place = listPlace(context.frame, ids, page);
  const states = new Map(result.states.map((state) => [state.seq, state]));
  const shown = place.shown(result.rows);
  const model = changesTable(context, shown, states, { above: result.rows[place.top - 1], first: place.top });
  const table = layoutTable({ ...model, rowCount: ids.length }, { width, cursorId: place.cursorId });
  const facts = result.rows[place.index];
  const rest = result.total > ids.length ? `the newest ${count(ids.length)} of ` : "";
  const state = facts === undefined ? undefined : states.get(facts.seq);
  return {
    lines: [
      spreadLine(title, line(span(`${rest}${counted(result.total, "write")} by people and pipelines`, "muted")), width),
      ...table.lines,
      ...(state === undefined ? [] : differenceLines(context, state, height - 1 - table.lines.length)),
    ],
    cursorLine: table.cursorLine === null ? null : table.cursorLine + 1,
    rows: place.rows,
    selection:
      facts === undefined
        ? {}
        : { ...requestSelection(context, facts), enter: { frame: frameOf("diff", { seq: String(facts.seq) }) } },
    summary: placeText(place),
    commandLine,
  };
}

/** What the write under the cursor changed, as far as it fits; enter shows all of it. */
function differenceLines(context: PaneContext, state: ObjectState, room: number): readonly Line[] {
  if (room < 3) return [];
  const { width, unicode } = context;
  const { said, tone } = outcomeSentence(state);
  const options = { width: width - 4, unicode, unmasked: false, everything: false };
  const all = changeLines(state, options).map((entry): Line => [{ text: "    " }, ...entry.line]);
  const missing = state.outcome === "unknown" ? state.missing.slice(0, 2) : [];
  const sentences = [
    ...wrapText(said, width - 2, 2),
    ...missing.flatMap((why) => wrapText(safeText(why), width - 2, 2)),
  ];
  const head: Line[] = [[], ...sentences.map((text): Line => [{ text: "  " }, span(text, tone)])];
  const left = Math.max(0, room - head.length);
  if (all.length <= left) return [...head, ...all].slice(0, room);
  const kept = Math.max(0, left - 1);
  return [
    ...head,
    ...all.slice(0, kept),
    line(span(`    … ${counted(all.length - kept, "line")} more: enter`, "muted")),
  ];
}
