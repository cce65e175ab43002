import { isDryRun, objectText, pathOf, resourceText } from "../../events/object-key.ts";
import type { RequestFacts } from "../../events/request.ts";
import { shortUser } from "../../events/service-account.ts";
import { duration } from "../../models/numbers.ts";
import { pickColumns } from "../../models/pick-columns.ts";
import { orDash, safeText } from "../../models/text-safety.ts";
import type { Cell, Column, TableModel } from "../../models/view.ts";
import type { Dimension, PlainDimension } from "../../queries/contract.ts";
import type { AnswerTable, CellLook } from "../answer-table.ts";
import { chosenColumns } from "../chosen-columns.ts";
import type { PaneContext, PaneSelection } from "../contract.ts";
import { termOfKey } from "../terms.ts";
import { timeColumn } from "../time-column.ts";
import { actorTone, codeTone } from "../tones.ts";

/** Printed, names are whole. */
type RequestLook = Pick<PaneContext, "unicode" | "width"> & Partial<Pick<CellLook, "isPrinted">>;

/** One column of the list of requests: how it is drawn and which term its cell makes. */
export interface RequestColumn {
  readonly column: Column;
  cell(facts: RequestFacts, look: RequestLook): Cell;
  /** Dimensions whose values make the term; empty: no term. */
  readonly by: readonly Dimension[];
  copy(facts: RequestFacts): string;
}

export function resourceOf(facts: RequestFacts): string {
  return resourceText(facts.resource, facts.subresource, facts.uri);
}

/** Without the API group, where there is no room for it. */
function shortResource(facts: RequestFacts): string {
  const plural = facts.resource.split(".", 1)[0] ?? "";
  return facts.subresource === "" ? plural : `${plural}/${facts.subresource}`;
}

/** `demo/nginx`, or the path of a request for no resource. */
function nameText(facts: RequestFacts): string {
  if (facts.resource === "") return pathOf(facts.uri);
  return facts.namespace === "" ? facts.name : `${facts.namespace}/${facts.name === "" ? "*" : facts.name}`;
}

/** Answered like a write and changed nothing: nobody may take it for one. */
function objectCell(facts: RequestFacts, context: RequestLook): Cell {
  const name = nameText(facts);
  if (isDryRun(facts.uri)) return { ...textCell(`${name} (dry run)`, context), tone: "muted" };
  return { ...textCell(name, context), ...(facts.resource === "" ? { tone: "muted" as const } : {}) };
}

export function codeText(facts: RequestFacts): string {
  if (facts.stage === "Panic") return "panic";
  return facts.code === null ? "…" : String(facts.code);
}

export function latencyText(facts: RequestFacts): string {
  if (facts.cutOff) return "cut off";
  return facts.inFlight ? "in flight" : duration(facts.latencyMs);
}

function textCell(text: string, context: RequestLook): Cell {
  return { text: orDash(safeText(text, context.unicode)), ...(text === "" ? { tone: "muted" as const } : {}) };
}

/** `bob ← alice`: alice impersonates bob. */
function userCell(facts: RequestFacts, { unicode, isPrinted = false }: RequestLook): Cell {
  const tone = facts.user === "" ? ("muted" as const) : actorTone(facts.actorClass);
  const named = (user: string): string => safeText(isPrinted ? user : shortUser(user), unicode);
  const user = orDash(named(facts.user));
  return { text: facts.asFrom === "" ? user : `${user} ← ${named(facts.asFrom)}`, tone };
}

function latencyCell(facts: RequestFacts): Cell {
  const isSlow = !facts.longRunning && facts.latencyMs !== null && facts.latencyMs >= 1_000;
  const isApart = facts.inFlight || facts.cutOff || facts.longRunning;
  return { text: latencyText(facts), tone: isApart ? "muted" : isSlow ? "warn" : "normal" };
}

/** All but the time, which depends on the row above. */
export const REQUEST_COLUMNS: readonly RequestColumn[] = [
  {
    column: { id: "code", title: "code", width: 5, minWidth: 5 },
    by: ["code"],
    cell: (facts) => ({ text: codeText(facts), tone: facts.stage === "Panic" ? "danger" : codeTone(facts.code) }),
    copy: (facts) => (facts.code === null ? "" : String(facts.code)),
  },
  {
    column: { id: "verb", title: "verb", keep: "head" },
    by: ["verb"],
    cell: (facts, context) => textCell(facts.verb, context),
    copy: (facts) => facts.verb,
  },
  {
    column: { id: "resource", title: "resource", keep: "ends" },
    by: ["resource"],
    cell: (facts, context) =>
      textCell(facts.resource === "" ? "" : context.width < 100 ? shortResource(facts) : resourceOf(facts), context),
    copy: resourceOf,
  },
  {
    column: { id: "object", title: "object", grow: 2 },
    by: ["object"],
    cell: objectCell,
    copy: nameText,
  },
  {
    column: { id: "user", title: "user", grow: 1 },
    by: ["user"],
    cell: userCell,
    copy: (facts) => facts.user,
  },
  {
    column: { id: "latency", title: "latency", align: "right", minWidth: 9, drop: 1 },
    by: [],
    cell: latencyCell,
    copy: (facts) => (facts.latencyMs === null ? "" : `${facts.latencyMs} ms`),
  },
  {
    column: { id: "ip", title: "source IP", width: 15, minWidth: 15, drop: 3 },
    by: ["ip"],
    cell: (facts, context) => textCell(facts.ip, context),
    copy: (facts) => facts.ip,
  },
  {
    column: { id: "useragent", title: "user agent", width: 18, minWidth: 18, keep: "head", drop: 4, grow: 1 },
    by: ["useragent"],
    cell: (facts, context) => textCell(facts.useragent, context),
    copy: (facts) => facts.useragent,
  },
  {
    column: { id: "apiserver", title: "API server", width: 14, minWidth: 10, drop: 2, optional: true },
    by: ["apiserver"],
    cell: (facts, context) => textCell(facts.apiserver, context),
    copy: (facts) => facts.apiserver,
  },
  factColumn({ id: "namespace", title: "namespace", minWidth: 12 }, ({ namespace }) => namespace),
  factColumn({ id: "name", title: "name", minWidth: 16, grow: 1 }, ({ name }) => name),
  factColumn({ id: "reason", title: "reason", minWidth: 12, keep: "head" }, ({ reason }) => reason),
  factColumn({ id: "decision", title: "decision", minWidth: 8, keep: "head" }, ({ decision }) => decision),
  factColumn({ id: "actor", title: "actor", minWidth: 10, keep: "head" }, ({ actorClass }) => actorClass),
  factColumn({ id: "level", title: "level", minWidth: 8, keep: "head" }, ({ level }) => level),
  factColumn({ id: "stage", title: "stage", minWidth: 12, keep: "head" }, ({ stage }) => stage),
  {
    column: { id: "auditid", title: "audit ID", minWidth: 12, optional: true },
    by: [],
    cell: (facts, context) => textCell(facts.auditID, context),
    copy: (facts) => facts.auditID,
  },
];

/** A dimension whose value a request has as it is. */
function factColumn(
  { id, ...column }: Omit<Column, "id"> & { readonly id: PlainDimension },
  valueOf: (facts: RequestFacts) => string,
): RequestColumn {
  return {
    column: { id, ...column, optional: true },
    by: [id],
    cell: (facts, context) => textCell(valueOf(facts), context),
    copy: valueOf,
  };
}

/** Shown by itself where there are several to tell apart. */
const SERVER = "apiserver";

/** The time too: all that can be chosen. */
export const REQUEST_TABLE_COLUMNS: readonly Column[] = [
  { id: "received", title: "received" },
  ...REQUEST_COLUMNS.map(({ column }) => column),
];

/** Ids of what is shown while nobody chose anything. */
export function usualRequestColumns(context: Pick<PaneContext, "status">): readonly string[] {
  return REQUEST_TABLE_COLUMNS.filter((column) => isUsual(column, context)).map(({ id }) => id);
}

/** As it is printed: not every row has one above it that its time could be told from. */
export function printedRequests(status: PaneContext["status"]): AnswerTable<RequestFacts, RequestCells> {
  return {
    empty: "no request matches",
    columns: [
      {
        id: "received",
        title: "received",
        isTime: true,
        minWidth: "2026-11-21 00:09:31.000".length,
        cell: ({ receivedUs }, { momentText }) => ({ text: momentText(receivedUs / 1_000), tone: "muted" }),
      },
      ...REQUEST_COLUMNS.filter(({ column }) => isUsual(column, { status })).map(({ column, cell }) => ({
        ...column,
        ...fixed(column.id, 0),
        cell,
      })),
    ],
  };
}

interface RequestCells extends CellLook {
  /** To the millisecond. */
  readonly momentText: (ms: number) => string;
}

function isUsual({ id, optional }: Column, { status }: Pick<PaneContext, "status">): boolean {
  return optional !== true || (id === SERVER && status.apiservers > 1);
}

/** Columns with a value under the cursor, as they are on the screen. */
export function columnsOf(context: Pick<PaneContext, "status" | "app">): readonly RequestColumn[] {
  const chosen = chosenColumns(context, "requests").flatMap((id) =>
    REQUEST_COLUMNS.filter(({ column }) => column.id === id),
  );
  return chosen.length > 0 ? chosen : REQUEST_COLUMNS.filter(({ column }) => isUsual(column, context));
}

export function columnOf(context: PaneContext): RequestColumn {
  const columns = columnsOf(context);
  const named = (id: string | undefined): RequestColumn | undefined => columns.find(({ column }) => column.id === id);
  return named(context.frame.params["column"]) ?? named("user") ?? (columns[0] as RequestColumn);
}

/**
 * Columns that texts take, whatever the rows say: scrolling moves none. With room to spare a name is rather readable than beside
 * one more column.
 */
const WIDTHS: Readonly<Record<string, readonly [narrow: number, usual: number, wide: number]>> = {
  verb: [6, 7, 16],
  resource: [12, 18, 30],
  object: [11, 18, 30],
  user: [11, 18, 26],
};

function fixed(id: string, width: number): Pick<Column, "width" | "minWidth"> {
  const [narrow, usual, wide] = WIDTHS[id] ?? [];
  if (narrow === undefined || usual === undefined || wide === undefined) return {};
  return { minWidth: narrow, width: width < 100 ? narrow : width < 160 ? usual : wide };
}

/** `previous` is the row above the first one, for times as differences. */
export function requestTable(
  context: PaneContext,
  rows: readonly RequestFacts[],
  previous: RequestFacts | undefined,
  {
    total,
    first,
    sort,
    columns = [],
  }: {
    readonly total: number;
    readonly first: number;
    readonly sort?: NonNullable<TableModel["sort"]>;
    /** Ids of those to show; none: the usual ones. */
    readonly columns?: readonly string[];
  },
): TableModel {
  const time = timeColumn(context, "received");
  const chosen = columnOf(context).column.id;
  const marked = new Set(context.app.marks.map((mark) => mark.facts.seq));
  let above = previous;
  const shown = REQUEST_COLUMNS.filter(({ column }) => columns.includes(column.id) || isUsual(column, context));
  const tableRows = rows.map((facts) => {
    const text = time.text(facts.receivedUs / 1_000, above === undefined ? Number.NaN : above.receivedUs / 1_000);
    above = facts;
    const cells: Cell[] = [{ text, tone: "muted" }, ...shown.map((column) => column.cell(facts, context))];
    return { id: String(facts.seq), cells, marked: marked.has(facts.seq) };
  });
  const table: TableModel = {
    kind: "table",
    stretch: "whole",
    ...(sort === undefined ? {} : { sort }),
    columns: [
      { id: "received", title: time.title, minWidth: time.width },
      ...shown.map(({ column }) => ({
        ...column,
        ...fixed(column.id, context.width),
        ...(column.id === chosen ? { title: `›${column.title}` } : {}),
        ...(column.id === sort?.column ? { drop: 0 } : {}),
      })),
    ],
    rows: tableRows,
    rowCount: total,
    firstRow: first,
  };
  return pickColumns(table, columns);
}

/** A list has a namespace but no name, a request for no resource only its path. */
function unnamed(facts: RequestFacts): readonly Dimension[] {
  return facts.resource === "" ? ["path"] : ["resource", "namespace"];
}

/** What the shared commands may do with one request; `+` and `-` take the value in the chosen column. */
export function requestSelection(context: PaneContext, facts: RequestFacts): PaneSelection {
  const column = columnOf(context);
  const isObject = facts.resource !== "" && facts.name !== "";
  const values: Readonly<Record<string, string>> = {
    code: facts.code === null ? "" : String(facts.code),
    verb: facts.verb,
    resource: resourceOf(facts),
    namespace: facts.namespace,
    object: objectText(facts.resource, facts.namespace, facts.name),
    user: facts.user,
    ip: facts.ip,
    useragent: facts.useragent,
    apiserver: facts.apiserver,
    name: facts.name,
    reason: facts.reason,
    decision: facts.decision,
    actor: facts.actorClass,
    level: facts.level,
    stage: facts.stage,
    path: pathOf(facts.uri),
  };
  const by = column.column.id === "object" && values["object"] === "" ? unnamed(facts) : column.by;
  return {
    copy: column.copy(facts),
    seq: facts.seq,
    ...(by.length === 0 ? {} : { term: termOfKey(by, values) }),
    ...(isObject ? { object: { name: `${facts.resource}/${facts.name}`, namespace: facts.namespace } } : {}),
    ...(facts.user === "" ? {} : { user: facts.user }),
    ...(Number.isFinite(facts.receivedUs) ? { timeUs: facts.receivedUs } : {}),
    enter: { frame: { pane: "request", params: { seq: String(facts.seq) }, cursorId: null, cursorIndex: 0, top: 0 } },
  };
}
