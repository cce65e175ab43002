import type { AnswerFor } from "../../engine/contract.ts";
import { kindOf } from "../../events/resource-names.ts";
import { heatCells } from "../../models/charts.ts";
import { line, span, spreadLine } from "../../models/line.ts";
import { count, counted, duration, percent, rate, rates } from "../../models/numbers.ts";
import { safeText } from "../../models/text-safety.ts";
import { layoutTable } from "../../models/table-layout.ts";
import type { Cell, TableModel } from "../../models/view.ts";
import type { CadenceRow } from "../../queries/cadence-query.ts";
import { LEAST_BEATS } from "../../queries/cadence.ts";
import { frameOf } from "../../state/initial-state.ts";
import { absence, answerOf, emptyView, notYet, staleMark } from "../answers.ts";
import type { Answers, Pane, PaneContext, PaneSelection, PaneView } from "../contract.ts";
import { distinctIds, listPlace } from "../list-place.ts";
import { commandLineFor } from "../shell-command.ts";
import { tableTimeline } from "../table-timeline.ts";
import { chipsOfKey } from "../terms.ts";
import { dimensionCell } from "../key-columns.ts";
import { chooserAsks, chooserView } from "./chooser.ts";
import { type Client, clientOf, clientSelection, clientTerms, nearClientsAsk, noCalls } from "./client.ts";

const CHUNK = 100;
const MOST_ROWS = 1_000;

type Per = "resource" | "object";

/** One client: what it calls, how often, and how regularly. */
export const cadencePane: Pane = {
  id: "cadence",
  title: "cadence",
  about: "one client's calls by verb and resource or object over time, with the period of each",
  asks(context) {
    const client = clientOf(context);
    if (client === null) return chooserAsks(context);
    const reached = Math.max(context.frame.top, context.frame.cursorIndex) + 2 * context.height;
    return {
      near: nearClientsAsk(client),
      cadence: {
        kind: "cadence",
        ...clientSelection(context, client),
        per: perOf(context),
        buckets: stripWidth(context.width),
        limit: Math.min(MOST_ROWS, Math.ceil(reached / CHUNK) * CHUNK),
      },
    };
  },
  view(context, answers) {
    const client = clientOf(context);
    return client === null ? chooserView(context, answers) : cadenceView(context, answers, client);
  },
  completes: "user",
  params(args) {
    const [user = "", ...agent] = args.trim().split(/\s+/);
    if (user === "") return {};
    return agent.length === 0 ? { user } : { user, agent: agent.join(" ") };
  },
  commands: [
    {
      id: "cadence.per",
      title: "by resource, or by object",
      short: "objects",
      keys: ["v", "b"],
      scope: "pane:cadence",
      group: "view",
      disabledReason: ({ pane }) => (clientOf(pane) === null ? "choose a client first" : null),
      run: ({ pane }) => [
        { type: "params", params: { per: perOf(pane) === "object" ? "resource" : "object" } },
        { type: "cursor", id: null, index: 0, top: 0 },
      ],
    },
  ],
};

function perOf({ frame }: PaneContext): Per {
  return frame.params["per"] === "object" ? "object" : "resource";
}

function stripWidth(width: number): number {
  return width >= 160 ? 60 : width >= 110 ? 30 : 12;
}

/** `~10.2 s`: what a person would say. */
function about(ms: number): string {
  return `~${duration(ms)}`;
}

/** The objects have a period where the row as a whole has none. */
function isPerObject({ cadence, perObject }: CadenceRow): boolean {
  return perObject !== null && cadence?.kind !== "regular";
}

function everyCell(row: CadenceRow, unicode: boolean): Cell {
  const { cadence, perObject, key, objects } = row;
  if (perObject !== null && isPerObject(row)) {
    const kind = safeText(kindOf((key["resource"] ?? "").slice(0, 80).split("/", 1)[0] ?? ""), unicode);
    const text = `${about(perObject.periodMs)} per ${kind === "" ? "object" : kind}`;
    return { text: `${text} (${count(perObject.regular)} of ${count(objects)})`, tone: "accent" };
  }
  if (cadence === null) return { text: `under ${LEAST_BEATS} beats`, tone: "muted" };
  return cadence.kind === "irregular"
    ? { text: `irregular, ${about(cadence.periodMs)}`, tone: "muted" }
    : { text: about(cadence.periodMs), tone: cadence.kind === "regular" ? "accent" : "normal" };
}

function jitterCell(row: CadenceRow): Cell {
  const { cadence } = row;
  if (cadence === null || isPerObject(row)) return { text: "-", tone: "muted" };
  return { text: `±${duration(cadence.jitterMs)} ${percent(cadence.jitterMs / cadence.periodMs)}`, tone: "muted" };
}

function cadenceTable(
  context: PaneContext,
  result: AnswerFor<"cadence">,
  ids: readonly string[],
  place: { readonly top: number; readonly page: number },
): TableModel {
  const { unicode, width } = context;
  const per = perOf(context);
  const strip = stripWidth(width);
  const seconds = result.span.seconds;
  const perSecond = (requests: number): number => (seconds > 0 ? requests / seconds : 0);
  const rateText = rates(result.rows.map(({ requests }) => perSecond(requests)));
  return {
    kind: "table",
    columns: [
      { id: "verb", title: "verb", minWidth: 6, maxWidth: 16, keep: "head" },
      {
        id: per,
        title: per,
        minWidth: width < 100 ? (per === "object" ? 20 : 14) : width < 160 ? 28 : 40,
        grow: 1,
        keep: per === "resource" ? "head" : "object",
      },
      { id: "requests", title: "calls", align: "right" },
      { id: "rate", title: "rate", align: "right", drop: 4 },
      {
        id: "every",
        title: "every",
        minWidth: width < 70 ? 16 : per === "object" ? 20 : width < 100 ? 26 : 33,
        maxWidth: 40,
        keep: "head",
      },
      { id: "jitter", title: "jitter", align: "right", drop: 3 },
      { id: "objects", title: "objects", align: "right", drop: 5 },
      { id: "strip", title: "over time", minWidth: strip, keep: "head", drop: 2 },
    ],
    rows: result.rows.slice(place.top, place.top + place.page).map((row, at) => {
      const top = Math.max(1, ...row.spark);
      return {
        id: ids[place.top + at] ?? "",
        cells: [
          dimensionCell("verb", row.key["verb"] ?? "", context),
          dimensionCell(per, row.key[per] ?? "", context),
          { text: count(row.requests), value: row.requests },
          { text: rateText(perSecond(row.requests)), tone: "muted" },
          everyCell(row, unicode),
          jitterCell(row),
          { text: row.objects === 0 ? "·" : count(row.objects), tone: "muted" },
          { text: heatCells(row.spark, strip, top, unicode), tone: "bar" },
        ],
      };
    }),
    rowCount: result.groups,
    firstRow: place.top,
    sort: { column: "requests", reverse: false },
  };
}

function cadenceView(context: PaneContext, answers: Answers, client: Client): PaneView {
  const per = perOf(context);
  const result = answerOf(answers, "cadence", "cadence");
  const name = safeText(client.user === "" ? "-" : client.user, context.unicode);
  const agent = client.agent === null ? "" : `  ${safeText(client.agent, context.unicode)}`;
  const title = line(
    span("Cadence of ", "heading", true),
    span(name, "accent", true),
    span(agent, "muted"),
    span(staleMark(answers, "cadence"), "warn"),
  );
  const commandLine = commandLineFor(context, {
    command: "top",
    options: ["--by", `verb,${per}`],
    terms: clientTerms(client),
  });
  // Rows of the other kind would stand under the wrong title.
  const isOther = result?.rows[0] !== undefined && !Object.hasOwn(result.rows[0].key, per);
  const reason = absence(context, isOther ? notYet(answers, "cadence") : answers, "cadence", false);
  if (result === undefined || isOther || reason !== null) return { ...emptyView(title, reason ?? []), commandLine };
  if (result.rows.length === 0) return { ...emptyView(title, noCalls(context, answers, client)), commandLine };
  const ids = distinctIds(result.rows.map((row) => JSON.stringify([row.key["verb"] ?? "", row.key[per] ?? ""])));
  const page = Math.max(1, context.height - 2);
  const place = listPlace(context.frame, ids, page);
  const table = layoutTable(cadenceTable(context, result, ids, { top: place.top, page }), {
    width: context.width,
    cursorId: place.cursorId,
  });
  const row = result.rows[place.index];
  const { seconds } = result.span;
  const perSecond = seconds > 0 ? ` · ${rate(result.requests / seconds)}` : "";
  return {
    lines: [
      spreadLine(title, line(span(`${counted(result.requests, "call")}${perSecond}`, "muted")), context.width),
      ...table.lines,
    ],
    cursorLine: table.cursorLine === null ? null : table.cursorLine + 1,
    ...tableTimeline(table, "strip", { line: 1, columns: stripWidth(context.width), span: result.span }),
    rows: { ...place.rows, count: Math.min(MOST_ROWS, Math.max(ids.length, result.groups)) },
    selection: row === undefined ? {} : rowSelection(client, per, row),
    summary: `${count(place.index + 1)} of ${count(result.groups)}`,
    commandLine,
  };
}

function rowSelection(client: Client, per: Per, row: CadenceRow): PaneSelection {
  const own = chipsOfKey(["verb", per], row.key);
  const chips = [...clientTerms(client), ...own];
  return {
    copy: `${row.key["verb"] ?? ""} ${row.key[per] ?? ""}`,
    term: own.join(" "),
    ...(client.user === "" ? {} : { user: client.user }),
    enter: { frame: frameOf("requests"), chips },
  };
}
