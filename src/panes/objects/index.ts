import { maskText } from "../../masking/mask.ts";
import { openPrompt } from "../../commands/prompt-text.ts";
import type { ObjectsResult } from "../../store/store.ts";
import { objectText } from "../../events/object-key.ts";
import { objectName } from "../../events/object-name.ts";
import { line, span, spreadLine } from "../../models/line.ts";
import { NUMBER_WIDTHS } from "../../models/number-widths.ts";
import { count, counted, shortCount } from "../../models/numbers.ts";
import { escapedText, safeText } from "../../models/text-safety.ts";
import { parseTime } from "../../models/times.ts";
import type { Cell, Column, Span, TableModel } from "../../models/view.ts";
import { termFor } from "../../queries/filter-term.ts";
import { frameOf } from "../../state/initial-state.ts";
import { absence, answerOf, emptyView, isFiltered, selectionOf, staleMark } from "../answers.ts";
import type { Answers, Pane, PaneContext, PaneSelection, PaneView } from "../contract.ts";
import { layoutChosen } from "../chosen-columns.ts";
import { distinctIds, listPlace } from "../list-place.ts";
import { previewRows, withPreview } from "../preview.ts";
import { moment } from "../time-column.ts";

/** Objects ranked and shown; typing more narrows further than scrolling. */
const SHOWN = 300;

type ObjectRow = ObjectsResult["rows"][number];

/** Behind the name. */
const FIGURES: readonly Column[] = [
  { id: "requests", title: "requests", align: "right", minWidth: NUMBER_WIDTHS.count },
  { id: "errors", title: "errors", align: "right", minWidth: NUMBER_WIDTHS.short, drop: 1 },
  { id: "first", title: "first seen", drop: 3 },
  { id: "last", title: "last seen", drop: 2 },
];

/** Fuzzy finder over every object the log names; enter tells its life. */
export const objectsPane: Pane = {
  id: "objects",
  digit: "4",
  title: "objects",
  tab: "obj",
  about: "find any object the log names; enter shows its life",
  asks: (context) => ({
    objects: { kind: "objects", text: searchText(context), limit: SHOWN, ...selectionOf(context) },
  }),
  view,
  params: (args) => ({ search: args.trim() }),
  columns: FIGURES,
  commands: [
    {
      id: "objects.find",
      title: "find an object: type parts of its name, namespace or resource",
      short: "find",
      keys: ["/"],
      scope: "pane:objects",
      group: "view",
      run: () => [
        { type: "prompt", prompt: openPrompt("narrow", "") },
        { type: "cursor", id: null, index: 0, top: 0 },
      ],
    },
  ],
};

/** What is being typed, else what was accepted. */
function searchText({ app, frame }: PaneContext): string {
  return app.prompt?.kind === "narrow" ? app.prompt.text : (frame.params["search"] ?? "");
}

function objectId(row: ObjectRow): string {
  return JSON.stringify([row.resource, row.namespace, row.name]);
}

/** The object's name with what matched marked; every piece is escaped by itself, so positions stay those of the raw name. */
function nameCell(row: ObjectRow, unicode: boolean): Cell {
  const name = objectName(row);
  if (maskText(name) !== name) return { text: safeText(name, unicode), value: name };
  const spans: Span[] = [];
  let at = 0;
  const push = (to: number, isMatch: boolean): void => {
    const text = escapedText(name.slice(at, to), unicode);
    if (text !== "") spans.push(isMatch ? { text, tone: "match" } : { text });
    at = to;
  };
  for (const [from, to] of matchesIn(name, row)) {
    if (from < at || to <= from || to > name.length) continue;
    push(from, false);
    push(to, true);
  }
  push(name.length, false);
  return { text: spans.map((part) => part.text).join(""), spans, value: name };
}

/** Where in the name of an object lies what was found in its label (`namespace/name resource`). */
function matchesIn(shown: string, { label, matches, resource, namespace, name }: ObjectRow): [number, number][] {
  const nameAt = namespace === "" ? 0 : namespace.length + 1;
  const word = shown.indexOf("/");
  const kept = resource.startsWith(shown.slice(0, word)) ? word : 0;
  const parts = [
    { from: label.length - resource.length, length: kept, at: 0 },
    { from: nameAt, length: name.length, at: word + 1 },
    { from: 0, length: shown.endsWith(` -n ${namespace}`) ? namespace.length : 0, at: shown.length - namespace.length },
  ];
  return parts.flatMap(({ from, length, at }) =>
    matches.flatMap(([start, end]): [number, number][] => {
      const [first, last] = [Math.max(start, from), Math.min(end, from + length)];
      return first < last ? [[first - from + at, last - from + at]] : [];
    }),
  );
}

function objectTable(
  context: PaneContext,
  rows: readonly ObjectRow[],
  ids: readonly string[],
  total: number,
): TableModel {
  const time = (iso: string): Cell => ({ text: moment(context, parseTime(iso)), value: iso });
  return {
    kind: "table",
    columns: [{ id: "object", title: "object", minWidth: 24, grow: 1, keep: "head" }, ...FIGURES],
    rows: rows.map((row, at) => ({
      id: ids[at] ?? "",
      cells: [
        nameCell(row, context.unicode),
        { text: count(row.requests), value: row.requests },
        row.errors === 0
          ? { text: "·", tone: "muted" as const, value: 0 }
          : { text: shortCount(row.errors), tone: "code4xx" as const, value: row.errors },
        time(row.firstSeen),
        time(row.lastSeen),
      ],
    })),
    rowCount: total,
    firstRow: 0,
  };
}

function view(context: PaneContext, answers: Answers): PaneView {
  const text = searchText(context);
  const result = answerOf(answers, "objects", "objects");
  const title = line(
    span("Objects", "heading", true),
    text === "" ? "" : "  find ",
    span(safeText(text, context.unicode), "match"),
  );
  const isWithout = result !== undefined && result.total === 0 && isFiltered(context);
  const reason = absence(context, answers, "objects", isWithout);
  if (result === undefined || reason !== null) return emptyView(title, reason ?? []);
  if (result.rows.length === 0) {
    const why = result.total === 0 ? "This log names no object." : "No object fits. ";
    return emptyView(
      title,
      line(
        span(why, "warn"),
        ...(result.total === 0 ? [] : [span("/", "key"), { text: " changes what is searched." }]),
      ),
    );
  }
  const page = Math.max(1, context.height - 2 - previewRows(context));
  const ids = distinctIds(result.rows.map(objectId));
  const place = listPlace(context.frame, ids, page);
  const table = layoutChosen(
    context,
    objectTable(context, place.shown(result.rows), place.rows.ids, result.rows.length),
    { width: context.width, cursorId: place.cursorId },
    1,
  );
  const row = result.rows[place.index];
  const of = result.rows.length < SHOWN && text !== "" ? `${count(result.rows.length)} of ` : "";
  const hint = text === "" ? "most requested first, / finds" : "";
  const right = line(
    span(
      `${of}${counted(result.total, "object")}${hint === "" ? "" : `, ${hint}`}${staleMark(answers, "objects")}`,
      "muted",
    ),
  );
  return {
    lines: withPreview(
      context,
      [spreadLine(title, right, context.width), ...table.lines],
      row === undefined ? "" : objectName(row),
    ),
    cursorLine: table.cursorLine === null ? null : table.cursorLine + 1,
    rows: place.rows,
    selection: row === undefined ? {} : selectionOfObject(row),
    summary: `${table.left}${counted(result.total, "object")}`,
  };
}

function selectionOfObject(row: ObjectRow): PaneSelection {
  const name = `${row.resource}/${row.name}`;
  return {
    copy: name,
    term: termFor("object", objectText(row.resource, row.namespace, row.name)),
    object: { name, namespace: row.namespace },
    // Its latest request, for the card and the raw event.
    seq: row.lastSeq,
    enter: { frame: frameOf("trail", { object: name, namespace: row.namespace }) },
  };
}
