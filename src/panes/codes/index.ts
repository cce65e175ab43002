import type { Ask } from "../../engine/contract.ts";
import { heatCells, sparkline } from "../../models/charts.ts";
import { type GridSection, layoutGrid } from "../../models/grid.ts";
import { line, span, spreadLine } from "../../models/line.ts";
import { count, counted, percent } from "../../models/numbers.ts";
import { layoutTable } from "../../models/table-layout.ts";
import { parseTime } from "../../models/times.ts";
import type { TableModel, TableRow } from "../../models/view.ts";
import type { GroupResult, GroupRow } from "../../queries/contract.ts";
import { frameOf } from "../../state/initial-state.ts";
import { absence, answerOf, emptyView, selectionOf, staleMark } from "../answers.ts";
import type { Answers, Pane, PaneContext, PaneView } from "../contract.ts";
import { groupByCommand } from "../group-by/index.ts";
import { gridSection, sectionAsk, sectionJumps, sectionSelection } from "../group-section.ts";
import { sectionCommands } from "../jump-command.ts";
import { listPlace } from "../list-place.ts";
import { commandLineFor } from "../shell-command.ts";
import { tableTimeline } from "../table-timeline.ts";
import { moment } from "../time-column.ts";
import { codeMeaning, codeTone } from "../tones.ts";
import { messageSelection, messagesAsk, messagesSection } from "./messages.ts";
import { breakdown, ERRORS, type Focus, focusOf, focusRow } from "./focus.ts";

/** Status codes over time; the code under the cursor is broken down below, enter gives it the whole page. */
export const codesPane: Pane = {
  id: "codes",
  digit: "3",
  title: "status codes",
  tab: "codes",
  about: "codes over time, and who, on what and from where for each of them",
  asks(context) {
    const { focus, isWhole } = focused(context);
    const sections = breakdown(focus, !isWhole);
    return {
      codes: {
        kind: "groups",
        ...selectionOf(context),
        by: ["code"],
        sort: "key",
        limit: 100,
        measures: ["requests", "share", "firstSeen", "lastSeen"],
        sparkBuckets: heatWidth(context),
      },
      ...Object.fromEntries(sections.map((section): [string, Ask] => [section.id, sectionAsk(context, section)])),
      ...(isWhole ? { messages: messagesAsk(context, focus) } : {}),
    };
  },
  view: (context, answers) => (focused(context).isWhole ? wholeView(context, answers) : listView(context, answers)),
  completes: "code",
  params(args) {
    const code = args.trim().toLowerCase();
    if (code === "") return {};
    if (focusOf(code) === undefined) throw new Error("codes takes one code, class or “errors”: 403, 5xx, errors");
    return { code };
  },
  commands: [groupByCommand("codes"), ...sectionCommands("codes")],
};

function focused({ frame }: PaneContext): { focus: Focus; isWhole: boolean } {
  const chosen = frame.params["code"] ?? "";
  const whole = chosen === "" ? undefined : focusOf(chosen);
  return { focus: whole ?? focusOf(frame.cursorId ?? "") ?? ERRORS, isWhole: whole !== undefined };
}

function heatWidth({ width }: PaneContext): number {
  return Math.max(12, Math.min(120, width - (width < 100 ? 44 : 56)));
}

/** Errors first, smallest code first: what one comes for is a key or two away. */
function ordered(result: GroupResult): readonly GroupRow[] {
  const rank = (row: GroupRow): number => {
    const code = Number(row.key["code"] ?? "");
    return code >= 400 ? code : 1_000 + code;
  };
  return [...result.rows].sort((a, b) => rank(a) - rank(b));
}

function codeId(row: GroupRow): string {
  const code = row.key["code"] ?? "";
  return code === "" ? "none" : code;
}

function codeTable(context: PaneContext, rows: readonly { id: string; row: GroupRow }[], top: number): TableModel {
  const heat = heatWidth(context);
  const tableRows = rows.map(({ id, row }): TableRow => {
    const isErrors = id === ERRORS.id;
    const code = Number(id);
    const tone = isErrors ? "danger" : codeTone(code);
    return {
      id,
      cells: [
        { text: isErrors ? "≥400" : id === "none" ? "-" : id, tone, value: id },
        { text: isErrors ? "all errors" : id === "none" ? "no answer yet" : codeMeaning(code), tone: "muted" },
        { text: count(row.requests), value: row.requests },
        { text: percent(row.share), tone: "muted", value: row.share },
        { text: heatCells(row.spark ?? [], heat, top, context.unicode), tone },
      ],
    };
  });
  return {
    kind: "table",
    columns: [
      { id: "code", title: "code" },
      { id: "meaning", title: "", minWidth: context.width < 100 ? 10 : 20, maxWidth: 20, keep: "head", drop: 2 },
      { id: "requests", title: "requests", align: "right" },
      { id: "share", title: "share", align: "right", minWidth: 6, drop: 3 },
      {
        id: "heat",
        title: `over time ${context.unicode ? "· ░▒▓█" : ". :+*#"} (log scale)`,
        minWidth: heat,
        keep: "head",
        drop: 4,
      },
    ],
    rows: tableRows,
    rowCount: rows.length,
    firstRow: 0,
  };
}

function listView(context: PaneContext, answers: Answers): PaneView {
  const result = answerOf(answers, "codes", "groups");
  const title = line(span("Status codes", "heading", true), span(staleMark(answers, "codes"), "warn"));
  const commandLine = commandLineFor(context, { command: "top", options: ["--by", "code"] });
  const reason = absence(context, answers, "codes", result?.rows.length === 0);
  if (result === undefined || reason !== null) return { ...emptyView(title, reason ?? []), commandLine };
  const errors = focusRow(result, ERRORS);
  const rows = [
    { id: ERRORS.id, row: errors ?? NO_ERRORS },
    ...ordered(result).map((row) => ({ id: codeId(row), row })),
  ];
  const ids = rows.map(({ id }) => id);
  const page = Math.max(1, Math.min(rows.length, Math.floor((context.height - 3) * 0.5)));
  const place = listPlace(context.frame, ids, page);
  const top = Math.max(1, ...result.rows.flatMap((row) => row.spark ?? []));
  const table = layoutTable(codeTable(context, place.shown(rows), top), {
    width: context.width,
    cursorId: place.cursorId,
  });
  const focus = focusOf(ids[place.index] ?? "") ?? ERRORS;
  const share = errors === undefined ? 0 : errors.share;
  const are = result.requests === 1 ? "is an error" : "are errors";
  const head = spreadLine(
    title,
    line(span(`${percent(share)} of ${counted(result.requests, "request")} ${are}`, share > 0 ? "warn" : "good")),
    context.width,
  );
  const below = context.height - table.lines.length - 3;
  const preview =
    below < 3
      ? []
      : [
          [],
          line(span(focus.title, "accent", true), span(seen(context, result, focus), "muted")),
          ...layoutGrid(
            breakdown(focus, true).map((section) => gridSection(context, answers, section)),
            context.width,
            below,
            () => null,
          ).lines,
        ];
  return {
    lines: [head, ...table.lines, ...preview],
    ...tableTimeline(table, "heat", { line: 1, columns: heatWidth(context), span: result.span }),
    cursorLine: table.cursorLine === null ? null : table.cursorLine + 1,
    rows: place.rows,
    selection: {
      copy: focus.id,
      term: focus.term,
      enter: { frame: frameOf("codes", { code: focus.id }) },
    },
    summary: counted(result.groups, "code"),
    commandLine,
  };
}

/** Who and from where first, then what they were told. */
function withMessages(sections: readonly GridSection[], messages: GridSection): readonly GridSection[] {
  return [...sections.slice(0, 2), messages, ...sections.slice(2)];
}

const NO_ERRORS: GroupRow = {
  key: { code: "" },
  requests: 0,
  share: 0,
  rate: 0,
  errors: { "4xx": 0, "5xx": 0 },
  latencyMs: null,
  firstSeen: "",
  lastSeen: "",
  bytes: null,
};

function seen(context: PaneContext, result: GroupResult, focus: Focus): string {
  const row = focusRow(result, focus);
  if (row === undefined || row.requests === 0) return "  none";
  const first = moment(context, parseTime(row.firstSeen));
  return `  ${counted(row.requests, "request")}, first ${first}, last ${moment(context, parseTime(row.lastSeen))}`;
}

function wholeView(context: PaneContext, answers: Answers): PaneView {
  const { focus } = focused(context);
  const sections = breakdown(focus, false);
  const result = answerOf(answers, "codes", "groups");
  const title = line(span(focus.title, "heading", true), span(staleMark(answers, "pairs"), "warn"));
  const commandLine = commandLineFor(context, {
    command: "top",
    options: ["--by", sections[0]?.by.join(",") ?? "user"],
    terms: [focus.term],
  });
  const row = result === undefined ? undefined : focusRow(result, focus);
  const reason = absence(context, answers, "codes", result?.rows.length === 0);
  if (result === undefined || reason !== null) return { ...emptyView(title, reason ?? []), commandLine };
  const heat = sparkline(row?.spark ?? [], heatWidth(context), context.unicode);
  const shown =
    row === undefined
      ? line(span("  none in this log", "good"))
      : line(span(`  ${percent(row.share)} of all`, "muted"));
  let index = 0;
  const grid = layoutGrid(
    withMessages(
      sections.map((section) => gridSection(context, answers, section)),
      messagesSection(context, answers),
    ),
    context.width,
    Math.max(1, context.height - 2),
    (ids) => {
      ({ index } = listPlace(context.frame, ids, Math.max(1, ids.length)));
      return ids[index] ?? null;
    },
  );
  const id = grid.ids[index];
  return {
    lines: [
      line(...title, span(seen(context, result, focus), "muted"), ...shown),
      line("  ", span(heat, codeTone(focus.id === ERRORS.id ? 500 : Number.parseInt(focus.id, 10)))),
      ...grid.lines,
    ],
    cursorLine: null,
    rows: { count: grid.ids.length, top: 0, page: Math.max(1, grid.ids.length), ids: grid.ids },
    selection: messageSelection(answers, id) ?? sectionSelection(answers, sections, id) ?? { term: focus.term },
    jumps: sectionJumps(grid, index),
    summary: focus.title,
    commandLine,
  };
}
