import type { Info } from "../engine/contract.ts";
import { documentView } from "../panes/document-view.ts";
import { HOW_TO_TELL, untoldText } from "../panes/untold-servers.ts";
import { line, span, wrapLine } from "../models/line.ts";
import { newestText } from "../models/newest-only.ts";
import { byteSize, count, counted, duration } from "../models/numbers.ts";
import { dateTime, parseTime, type TimeZone } from "../models/times.ts";
import { layoutTable } from "../models/table-layout.ts";
import { safeText } from "../models/text-safety.ts";
import type { Column, Line, TableModel } from "../models/view.ts";
import type { Answers, Pane, PaneContext } from "../panes/contract.ts";

const INPUT_COLUMNS = ["input", "format", "size", "events", "bad", "cut", "dup", "other"] as const;
/** When space is short; what tells about lost events stays longest. */
const DROPPED_LAST: readonly string[] = ["events", "cut", "bad", "dup", "other", "size"];

/** One input as a row of the table. All text is safe for a terminal. */
export type InputRow = Readonly<Record<(typeof INPUT_COLUMNS)[number], string>>;

export const infoPane: Pane = {
  id: "info",
  title: "inputs",
  about: "what is loaded and what could not be read",
  commands: [],
  asks: () => ({ info: { kind: "info" } }),
  view(context, answers) {
    const all = infoLines(context, answers).flatMap((row) => wrapLine(row, context.width));
    return { ...documentView(context, [], all), commandLine: "ktrail info" };
  },
};

/** Of a bordered cell, besides its text; and the border behind the last one. */
const CELL_FRAME = 3;
const LAST_FRAME = 1;
const SHORTEST_PATH = 12;

/** Rows of a bordered table of this width: paths get what the other columns leave. Null where that is too little. */
export function tableRows(info: Info, width: number): readonly InputRow[] | null {
  const rows = inputRows(info);
  const others = INPUT_COLUMNS.filter((id) => id !== "input");
  const longest = (id: (typeof others)[number]): number =>
    rows.reduce((most, row) => Math.max(most, row[id].length), id.length);
  const left = others.reduce((room, id) => room - longest(id) - CELL_FRAME, width - CELL_FRAME - LAST_FRAME);
  return left < SHORTEST_PATH ? null : rows.map((row) => ({ ...row, input: keepTail(row.input, left) }));
}

function inputRows(info: Info): readonly InputRow[] {
  return info.inputs.map((input) => ({
    input: safeText(input.path),
    format: input.format === "" ? "-" : input.format,
    size: byteSize(input.bytes),
    events: count(input.events),
    bad: count(input.skipped.bad),
    cut: count(input.skipped.truncated),
    dup: count(input.skipped.duplicate),
    other: count(input.skipped.foreign),
  }));
}

/** Inputs that need a sentence: unreadable, passed over, or with bad lines. */
export function inputNotes(info: Info): readonly Line[] {
  return info.inputs.flatMap((input): Line[] => [
    ...(input.error === undefined ? [] : [line(span(` ${safeText(input.error)}`, "danger"))]),
    ...(input.passedOver === undefined
      ? []
      : [line(span(` ${safeText(input.path)}: ${safeText(input.passedOver)}`, "muted"))]),
    ...(input.lost ?? []).map((sentence) => line(span(` lost: ${safeText(sentence)}`, "danger"))),
    ...(input.samples ?? []).map((sample) =>
      line(
        span(
          ` ${sample.kind} at byte ${count(sample.offset)} of ${safeText(input.path)}: ${safeText(sample.reason)}`,
          "warn",
        ),
        span(`  ${safeText(sample.sample)}`, "muted"),
      ),
    ),
  ]);
}

/** The answer, once there is one. */
export function infoOf(answers: Answers): Info | null {
  const value = answers["info"]?.value;
  return isInfo(value) ? value : null;
}

function isInfo(value: unknown): value is Info {
  return typeof value === "object" && value !== null && "inputs" in value && "requests" in value;
}

function infoLines(context: PaneContext, answers: Answers): readonly Line[] {
  const answer = answers["info"];
  if (answer !== undefined && answer.error !== null) return [line(span(` ${safeText(answer.error)}`, "danger"))];
  const info = infoOf(answers);
  if (info === null) return [line(span(" counting …", "muted"))];
  return [
    ...layoutTable(inputTable(inputRows(info)), { width: context.width, cursorId: null }).lines,
    ...inputNotes(info),
    [],
    ...totals(info, context.app.timeZone),
  ];
}

function inputTable(rows: readonly InputRow[]): TableModel {
  const columns = INPUT_COLUMNS.map((id): Column =>
    id === "input" || id === "format"
      ? { id, title: id, ...(id === "input" ? { minWidth: 12, grow: 1 } : {}) }
      : { id, title: id, align: "right", drop: DROPPED_LAST.indexOf(id) + 1 },
  );
  return {
    kind: "table",
    columns,
    rows: rows.map((row, at) => ({ id: String(at), cells: INPUT_COLUMNS.map((id) => ({ text: row[id] })) })),
    rowCount: rows.length,
    firstRow: 0,
  };
}

/** The log as a whole, below the inputs. */
export function totals(info: Info, timeZone: TimeZone): readonly Line[] {
  const { distinct } = info;
  return [
    line(
      ` ${counted(info.requests, "request")} from ${counted(info.events, "event")}, ${count(info.inFlight)} in flight, `,
      info.cutOff === 0 ? "" : `${count(info.cutOff)} cut off, `,
      `${duration(info.span.seconds * 1_000)} long`,
    ),
    line(
      ` ${counted(distinct.user, "user")}, ${counted(distinct.resource, "resource")}, `,
      `${counted(distinct.namespace, "namespace")}, ${counted(distinct.object, "object")}`,
    ),
    ...(info.untold === undefined
      ? []
      : [line(span(` ${safeText(untoldText(info.untold))}`, "warn"), span(` ${HOW_TO_TELL}`, "muted"))]),
    ...info.clocks.map(({ apiserver, of, aheadMs, plusMinusMs }) =>
      line(
        span(
          ` the clock of ${safeText(apiserver)} is ${duration(Math.abs(aheadMs))} ${aheadMs > 0 ? "ahead" : "behind"} `,
          "warn",
        ),
        span(`that of ${safeText(of)} (give or take ${duration(plusMinusMs)}); trails are corrected for it`, "muted"),
      ),
    ),
    ...(info.newest === undefined
      ? []
      : [line(span(` starts and silences: ${newestText(info.newest, timeZone)}`, "warn"))]),
    ...(info.gaps[0] === undefined
      ? []
      : [
          line(
            span(
              ` ${counted(info.gaps.length, "silence")}, the longest ${duration(info.gaps[0].seconds * 1_000)} `,
              "warn",
            ),
            span(`from ${info.gaps[0].from}`, "muted"),
          ),
        ]),
    ...info.restarts.map((restart) => restartLine(restart, timeZone)),
  ];
}

function restartLine(
  { apiserver, from, to, seconds, cutOff, evidence }: Info["restarts"][number],
  timeZone: TimeZone,
): Line {
  const server = apiserver === "" ? "the API server" : safeText(apiserver);
  const facts = [
    ...(seconds === null ? [] : [`${duration(seconds * 1_000)} without a request`]),
    ...(cutOff === 0 ? [] : [`${count(cutOff)} cut off`]),
  ];
  return line(
    span(` ${server} was started${from === null ? "" : " anew"} ${dateTime(parseTime(to), timeZone)}`, "warn"),
    span(facts.map((fact) => `, ${fact}`).join(""), "warn"),
    span(`  by ${evidence.map(({ kind }) => kind).join(", ")}`, "muted"),
  );
}

function keepTail(text: string, columns: number): string {
  return text.length <= columns ? text : `…${text.slice(text.length - columns + 1)}`;
}
