import type { Command } from "../../commands/contract.ts";
import type { Ask } from "../../engine/contract.ts";
import { cutLine, line, lineWidth, span, spreadLine } from "../../models/line.ts";
import { count, duration, percent, rate } from "../../models/numbers.ts";
import { layoutTable } from "../../models/table-layout.ts";
import { safeText } from "../../models/text-safety.ts";
import type { Line } from "../../models/view.ts";
import { COMPARE_SORTS, type ComparedRow, type ComparedSide, type CompareResult } from "../../queries/compare-query.ts";
import type { Dimension } from "../../queries/contract.ts";
import { printFilter } from "../../queries/print-filter.ts";
import { frameOf } from "../../state/initial-state.ts";
import { absence, answerOf, emptyView, notYet, staleMark } from "../answers.ts";
import type { Answers, Pane, PaneContext, PaneSelection, PaneView } from "../contract.ts";
import { dimensionPlural, dimensionsOf, dimensionTitle, parseDimensions, shownValue } from "../dimensions.ts";
import { groupByCommand } from "../group-by/index.ts";
import { listPlace } from "../list-place.ts";
import { commandLineFor, isoMicros } from "../shell-command.ts";
import { chipsOfKey, termOfKey } from "../terms.ts";
import { isReversed, reverseCommand, sortCommand, sortedBy, sortOptions } from "../sorting.ts";
import { comparedRowId, compareTable } from "./table.ts";
import { type SideName, type Sides, sidesOf, placeOfSide, sideTitle } from "./sides.ts";

/** Groups asked for at once; more are asked for as one scrolls. */
const CHUNK = 200;
const MOST_ROWS = 5_000;
const HEAD = 3;

/** Two windows, inputs or filters side by side, what changed most first. */
export const comparePane: Pane = {
  id: "compare",
  title: "compare",
  about:
    "two times, inputs, clusters or filters side by side, what changed most first: compare 10:00..10:05 10:05..10:10, compare a.log b.log by verb,resource",
  asks(context) {
    const sides = sidesOf(context);
    if (typeof sides === "string") return {};
    const { frame, height } = context;
    const reached = Math.max(frame.top, frame.cursorIndex) + 2 * height;
    const ask: Ask = {
      kind: "compare",
      ...sides.common,
      a: narrowing(sides.a),
      b: narrowing(sides.b),
      by: groupedBy(context),
      sort: sortedBy(COMPARE_SORTS, context),
      reverse: isReversed(context),
      limit: Math.min(MOST_ROWS, Math.ceil(reached / CHUNK) * CHUNK),
    };
    return { compare: ask };
  },
  view,
  params: readArguments,
  commands: [
    groupByCommand("compare", "who"),
    side("compare.next-side", "requests of the other side: what enter opens", ["l", "right"]),
    side("compare.previous-side", "the other side", ["h", "left"]),
    sortCommand("compare", COMPARE_SORTS, { title: "sort by change, requests, errors, p50, p99, bytes or name" }),
    reverseCommand("compare"),
  ],
};

function side(id: string, title: string, keys: readonly string[]): Command {
  return {
    id,
    title,
    ...(id.endsWith("next-side") ? { short: "A or B" } : {}),
    keys,
    scope: "pane:compare",
    group: "move",
    run: ({ pane }) => [{ type: "params", params: { side: chosenSide(pane) === "b" ? "a" : "b" } }],
  };
}

/** Only what the engine needs: words and terms would make equal questions look different. */
function narrowing({ filter, window }: Sides["a"]): Extract<Ask, { kind: "compare" }>["a"] {
  return { ...(filter === undefined ? {} : { filter }), ...(window === undefined ? {} : { window }) };
}

/** `A B [by DIM]`, words in quotes where they hold spaces; nothing: the usual sides. */
function readArguments(args: string): Readonly<Record<string, string>> {
  const [, sides = "", by] = /^(.*?)(?:(?:^|\s+)by\s+(\S+)\s*)?$/s.exec(args.trim()) ?? [];
  const words = sides.match(/(?:[^\s"]|"(?:[^"\\]|\\.)*"?)+/g) ?? [];
  if (words.length !== 0 && words.length !== 2)
    throw new Error("compare takes two: 10:00..10:05 10:05..10:10, a.log b.log, apiserver:cp1 apiserver:cp2");
  const dimensions = by === undefined ? "" : parseDimensions(by).join(",");
  const [a, b] = words;
  return { ...(a === undefined || b === undefined ? {} : { a, b }), ...(dimensions === "" ? {} : { by: dimensions }) };
}

function groupedBy({ frame }: PaneContext): readonly Dimension[] {
  return dimensionsOf(frame.params["by"], ["who"]);
}

function chosenSide({ frame }: PaneContext): SideName {
  return frame.params["side"] === "a" ? "a" : "b";
}

function view(context: PaneContext, answers: Answers): PaneView {
  const by = groupedBy(context);
  const title = line(span(`Compare by ${by.map(dimensionTitle).join(" × ")}`, "heading", true));
  const sides = sidesOf(context);
  if (typeof sides === "string") return emptyView(title, line(span(safeText(sides), "warn")));
  const result = answerOf(answers, "compare", "compare");
  // Until the new grouping is answered the old rows would stand under the wrong titles.
  const isOther = result !== undefined && result.by.join() !== by.join();
  const isEmpty = result !== undefined && result.a.requests + result.b.requests === 0;
  const reason = absence(context, isOther ? notYet(answers, "compare") : answers, "compare", isEmpty);
  const commandLine = reproduced(context, sides, by);
  if (result === undefined || isOther || reason !== null) return { ...emptyView(title, reason ?? []), commandLine };
  const page = Math.max(1, context.height - HEAD - 1);
  const ids = result.rows.map((row) => comparedRowId(row, by));
  const place = listPlace(context.frame, ids, page);
  const shown = place.shown(result.rows);
  const { width, unicode } = context;
  const which = chosenSide(context);
  const table = layoutTable(
    compareTable(result, shown, {
      width,
      unicode,
      side: which,
      sort: sortedBy(COMPARE_SORTS, context),
      reverse: isReversed(context),
      firstRow: place.top,
    }),
    { width, cursorId: place.cursorId },
  );
  const row = result.rows[place.index];
  return {
    lines: [
      spreadLine(line(...title, span(staleMark(answers, "compare"), "warn")), heading(result, by, width), width),
      sideLine(context, sides, result, "a"),
      sideLine(context, sides, result, "b"),
      ...table.lines,
    ],
    cursorLine: table.cursorLine === null ? null : table.cursorLine + HEAD,
    rows: { ...place.rows, count: Math.min(MOST_ROWS, result.groups) },
    selection: row === undefined ? {} : selectionOfRow(context, by, row, sides),
    summary: `${count(place.index + 1)} of ${count(result.groups)}`,
    commandLine,
  };
}

function heading(result: CompareResult, by: readonly Dimension[], width: number): Line {
  const [only] = by;
  const many = by.length === 1 && only !== undefined ? dimensionPlural(only) : "groups";
  const groups = span(`${count(result.groups)} ${many}`, "muted");
  return result.sameLength
    ? line(groups)
    : line(
        span(width < 80 ? "by rate" : "of different length: compared by rate", "warn"),
        span(" · ", "muted"),
        groups,
      );
}

function sideLine(context: PaneContext, sides: Sides, result: CompareResult, which: SideName): Line {
  const total = result[which];
  const isChosen = chosenSide(context) === which;
  const mark = span(`${isChosen ? "›" : " "}${which.toUpperCase()} `, isChosen ? "accent" : "muted", true);
  const { name, times } = sideTitle(context, sides[which], total.span);
  const length = total.span.seconds > 0 ? `  ${duration(total.span.seconds * 1_000)}` : "";
  const figures = figuresLine(total);
  const room = context.width - lineWidth(figures) - 2;
  const forms = [
    line(mark, span(name), span(name === "" ? times : `  ${times}`), span(length, "muted")),
    line(mark, span(name === "" ? times : name), span(length, "muted")),
    line(mark, span(name === "" ? times : name)),
  ];
  const fitting = forms.find((form) => lineWidth(form) <= room) ?? cutLine(forms.at(-1) ?? [], Math.max(4, room));
  return spreadLine(fitting, figures, context.width);
}

function figuresLine(total: ComparedSide): Line {
  if (total.requests === 0) return line(span("no request", "warn"));
  const errors = (total.errors["4xx"] + total.errors["5xx"]) / total.requests;
  return line(
    span(`${count(total.requests)} · ${rate(total.rate)} · `, "muted"),
    span(`${percent(errors)} errors`, errors > 0 ? "warn" : "muted"),
    span(` · p99 ${duration(total.latencyMs?.p99 ?? null)}`, "muted"),
  );
}

function selectionOfRow(context: PaneContext, by: readonly Dimension[], row: ComparedRow, sides: Sides): PaneSelection {
  const which = chosenSide(context);
  const user = by.includes("user") ? (row.key["user"] ?? "") : "";
  const { window } = placeOfSide(sides, which);
  const isTimed = window?.fromUs !== undefined || window?.toUs !== undefined;
  const { filter } = sides.common;
  const rest = printFilter(filter);
  // A time of the filter's own would cut the side's: the terms beside it are set anew.
  const isOwn = filter !== context.filter;
  return {
    copy: by.map((dimension) => shownValue(dimension, row.key[dimension] ?? "")).join(" "),
    term: termOfKey(by, row.key),
    ...(user === "" ? {} : { user }),
    enter: {
      frame: frameOf("requests"),
      chips: [...(isOwn && rest !== "" ? [rest] : []), ...chipsOfKey(by, row.key), ...sides[which].terms],
      window: isTimed ? window : null,
      ...(isOwn ? { alone: true } : {}),
    },
  };
}

/** Times become absolute: the line prints the same when it is run later. */
function reproduced(context: PaneContext, sides: Sides, by: readonly Dimension[]): string {
  const word = (named: Sides["a"]): string => {
    const { window } = named;
    if (window === undefined) return named.terms.join(" ");
    const bound = (us: number | undefined): string => (us === undefined ? "" : isoMicros(us));
    return `${bound(window.fromUs)}..${bound(window.toUs)}`;
  };
  const { window = null, filter } = sides.common;
  return commandLineFor(
    { ...context, window, filter },
    {
      command: "compare",
      options: [
        "--a",
        word(sides.a),
        "--b",
        word(sides.b),
        "--by",
        by.join(","),
        ...sortOptions(COMPARE_SORTS, context),
      ],
    },
  );
}
