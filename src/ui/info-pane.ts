import type { Info } from "../engine/contract.ts";
import { documentView } from "../panes/document-view.ts";
import { HOW_TO_TELL, untoldText } from "../panes/untold-servers.ts";
import { line, span, wrapLine } from "../models/line.ts";
import { newestText } from "../models/newest-only.ts";
import { count, counted, duration } from "../models/numbers.ts";
import { dateTime, parseTime, type TimeZone } from "../models/times.ts";
import { layoutTable } from "../models/table-layout.ts";
import { safeText } from "../models/text-safety.ts";
import type { Line, TableModel } from "../models/view.ts";
import { type CellLook, screenLook, screenTable } from "../panes/answer-table.ts";
import type { Answers, Pane, PaneContext } from "../panes/contract.ts";
import { INPUT_TABLE } from "../panes/inputs/table.ts";

/** One input as a row of the table, by the titles of its columns. All text is safe for a terminal. */
export type InputRow = Readonly<Record<string, string>>;

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
  const { columns, rows } = inputTable(info, { unicode: true, isPrinted: false, width, timeText: (iso) => iso ?? "" });
  const longest = (at: number): number =>
    rows.reduce((most, { cells }) => Math.max(most, cells[at]?.text.length ?? 0), columns[at]?.title.length ?? 0);
  const others = columns.slice(1).reduce((sum, _, at) => sum + longest(at + 1) + CELL_FRAME, 0);
  const left = width - CELL_FRAME - LAST_FRAME - others;
  if (left < SHORTEST_PATH) return null;
  return rows.map(({ cells }) =>
    Object.fromEntries(
      columns.map(({ title }, at) => [
        title,
        at === 0 ? keepTail(cells[0]?.text ?? "", left) : (cells[at]?.text ?? ""),
      ]),
    ),
  );
}

function inputTable({ inputs }: Info, look: CellLook): TableModel {
  const place = { ids: inputs.map((_, at) => String(at)), count: inputs.length, top: 0 };
  return screenTable(INPUT_TABLE, look, inputs, place);
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
    ...layoutTable(inputTable(info, screenLook(context)), { width: context.width, cursorId: null }).lines,
    ...inputNotes(info),
    [],
    ...totals(info, context.app.timeZone),
  ];
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
