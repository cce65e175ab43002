/** Coverage as lines under headings, each with the requests it is about. */
import { line, span, wrapLine } from "../../models/line.ts";
import { newestText } from "../../models/newest-only.ts";
import { count, counted, duration } from "../../models/numbers.ts";
import { safeText } from "../../models/text-safety.ts";
import { parseTime } from "../../models/times.ts";
import type { Line } from "../../models/view.ts";
import type { Gap, Restart } from "../../queries/continuity/contract.ts";
import type { Coverage, InputCoverage, KindCoverage, LevelCounts } from "../../queries/coverage.ts";
import { screenLook } from "../answer-table.ts";
import type { PaneContext } from "../contract.ts";
import { moment } from "../time-column.ts";
import { QUESTION_TABLE } from "./tables.ts";
import { type CoverageAnswer, coverageAnswers, levelsText } from "./answers.ts";

export interface CoverageRow {
  readonly line: Line;
  /** Absent: it is about no requests in particular. */
  readonly query?: string;
  readonly timeUs?: number;
  readonly isHeading?: boolean;
}

const MOST_BREAKS = 12;
const MOST_INPUTS = 12;
/** Narrower screens leave the levels of single inputs to `ktrail info`. */
const LEVELS_FROM = 100;
const MOST_SETS = 8;
const ANSWER_COLUMNS = 10;

export function coverageRows(context: PaneContext, coverage: Coverage): readonly CoverageRow[] {
  return [
    heading("API servers"),
    ...(coverage.newest === undefined
      ? []
      : [{ line: line(span(`starts and silences: ${newestText(coverage.newest, context.app.timeZone)}`, "warn")) }]),
    ...coverage.servers.flatMap((server) => serverRows(context, coverage, server)),
    heading("Inputs"),
    ...inputRows(context, coverage),
    heading("Levels"),
    ...levelRows(context, coverage),
    heading("What this log can answer"),
    ...coverageAnswers(coverage).map((answer) => answerRow(context, answer)),
  ].flatMap((row) => wrapped(row, context.width - 2));
}

/** What is longer than the screen goes on below; all of it is about the same requests. */
function wrapped(row: CoverageRow, width: number): readonly CoverageRow[] {
  return wrapLine(row.line, Math.max(20, width)).map((piece) => ({ ...row, line: piece }));
}

function heading(text: string): CoverageRow {
  return { line: line(span(text, "heading", true)), isHeading: true };
}

function serverRows(
  context: PaneContext,
  { gaps, restarts, servers, inFlight, cutOff }: Coverage,
  { apiserver, requests, from, to, levels }: Coverage["servers"][number],
): readonly CoverageRow[] {
  const own = {
    gaps: gaps.filter((gap) => gap.apiserver === apiserver),
    restarts: restarts.filter((restart) => restart.apiserver === apiserver),
  };
  const name = apiserver === "" ? "not named" : safeText(apiserver, context.unicode);
  const facts = [
    counted(requests, "request"),
    counted(own.restarts.length, "start"),
    counted(own.gaps.length, "silence"),
    ...(servers.length > 1 ? [levelsText(levels)] : []),
    ...(servers.length === 1 ? [`${count(inFlight)} in flight`, `${count(cutOff)} cut off`] : []),
  ];
  const breaks = [
    ...own.restarts.map((restart) => restartRow(context, restart)),
    ...own.gaps
      .filter((gap) => !own.restarts.some((restart) => restart.from === gap.from))
      .map((gap) => gapRow(context, gap)),
  ].sort((a, b) => (a.timeUs ?? 0) - (b.timeUs ?? 0));
  return [
    {
      line: line(
        span(name, "accent"),
        `  ${moment(context, parseTime(from))}–${moment(context, parseTime(to))}`,
        span(`  ${facts.join(" · ")}`, "muted"),
      ),
      ...(apiserver === "" ? {} : { query: `apiserver:${JSON.stringify(apiserver)}` }),
    },
    ...breaks.slice(0, MOST_BREAKS),
    ...(breaks.length > MOST_BREAKS
      ? [{ line: line(span(`and ${count(breaks.length - MOST_BREAKS)} more: ktrail info`, "muted")) }]
      : []),
  ];
}

function restartRow(
  context: PaneContext,
  { from, to, seconds, ended, cutOff, confidence, evidence }: Restart,
): CoverageRow {
  const query = evidence.find((one) => one.query !== null)?.query ?? null;
  const facts = [
    ...(ended === null ? [] : [ended === "killed" ? "killed" : "shut down"]),
    ...(seconds === null ? [] : [`${duration(seconds * 1e3)} silent`]),
    ...(cutOff === 0 ? [] : [`${counted(cutOff, "request")} cut off`]),
    `by ${evidence.map(({ kind }) => kind).join(", ")}`,
  ];
  return {
    line: line(
      span(`  ${moment(context, parseTime(from ?? to))}  `, "warn"),
      span(`started${from === null ? "" : " anew"}${confidence === "likely" ? ", likely" : ""}`, "warn"),
      span(`: ${facts.join(", ")}`, "muted"),
    ),
    timeUs: parseTime(from ?? to) * 1e3,
    ...(query === null ? {} : { query }),
  };
}

function gapRow(context: PaneContext, { from, to, seconds }: Gap): CoverageRow {
  return {
    line: line(
      span(`  ${moment(context, parseTime(from))}  silent for ${duration(seconds * 1e3)}`, "warn"),
      span(`, until ${moment(context, parseTime(to))}`, "muted"),
    ),
    timeUs: parseTime(from) * 1e3,
  };
}

function inputRows(context: PaneContext, { inputs, stages, evicted, servers }: Coverage): readonly CoverageRow[] {
  const stage = Object.entries(stages).map(([name, events]) => `${name} ${count(events)}`);
  // Those with something to say first, each sort in order of time.
  const telling = inputs
    .filter((input) => input.requests > 0 || faultsOf(input).length > 0)
    .sort(
      (a, b) =>
        Number(faultsOf(b).length > 0) - Number(faultsOf(a).length > 0) ||
        (a.from < b.from ? -1 : a.from > b.from ? 1 : 0),
    );
  const shown = telling.length === 1 && faultsOf(telling[0] as InputCoverage).length === 0 ? [] : telling;
  return [
    {
      line: line(
        counted(inputs.length, "input"),
        span(
          ` · ${counted(
            inputs.reduce((sum, { events }) => sum + events, 0),
            "event",
          )}: ${stage.join(", ")}`,
          "muted",
        ),
        span(evicted === 0 ? "" : ` · ${counted(evicted, "request")} evicted`, "warn"),
      ),
    },
    ...shown.slice(0, MOST_INPUTS).map((input) => inputRow(context, input, servers.length > 1)),
    ...(shown.length > MOST_INPUTS
      ? [{ line: line(span(`  and ${count(shown.length - MOST_INPUTS)} more: ktrail info`, "muted")) }]
      : []),
  ];
}

function faultsOf({ faults, skipped, cutBodies }: InputCoverage): readonly string[] {
  return [
    ...faults,
    ...Object.entries(skipped).flatMap(([kind, events]) => (events === 0 ? [] : [`${count(events)} ${kind}`])),
    ...(cutBodies === 0 ? [] : [`bodies cut off in ${count(cutBodies)}`]),
  ];
}

function inputRow(context: PaneContext, input: InputCoverage, withServer: boolean): CoverageRow {
  const { unicode, width } = context;
  const { path, requests, from, to, levels, servers } = input;
  const own = servers.map((server) => (server === "" ? "not named" : safeText(server, unicode)));
  const facts =
    requests === 0 ? [] : [counted(requests, "request"), ...(width < LEVELS_FROM ? [] : [levelsText(levels)])];
  const faults = faultsOf(input).map((fault) => safeText(fault, unicode));
  return {
    line: line(
      span(`  ${safeText(path.split("/").at(-1) ?? path, unicode)}`),
      requests === 0 ? "" : `  ${moment(context, parseTime(from))}–${moment(context, parseTime(to))}`,
      span(withServer && own.length > 0 ? `  ${own.join(", ")}` : "", "accent"),
      span(facts.length === 0 ? "" : `  ${facts.join(" · ")}`, "muted"),
      span(faults.length === 0 ? "" : `  ${faults.join(", ")}`, "warn"),
    ),
    ...(requests === 0 ? {} : { query: `input:${JSON.stringify(path)}`, timeUs: parseTime(from) * 1e3 }),
  };
}

/** Kinds that are logged alike share a line. */
function levelRows({ unicode }: PaneContext, { kinds, otherKinds }: Coverage): readonly CoverageRow[] {
  const sets = [
    ...Map.groupBy(kinds, ({ reads, writes }) =>
      [levelSet("reads", reads), levelSet("writes", writes)].filter(Boolean).join(", "),
    ),
  ]
    .map(([levels, own]) => ({ levels, own, requests: own.reduce((sum, kind) => sum + requestsOf(kind), 0) }))
    .sort((a, b) => b.requests - a.requests);
  const rest = sets.slice(MOST_SETS).reduce((sum, { requests }) => sum + requests, otherKinds);
  return [
    ...sets.slice(0, MOST_SETS).map(({ levels, own, requests }) => ({
      line: line(span(levels), span(`  ${kindNames(own, unicode)}`, "muted"), span(`  ${count(requests)}`)),
      query: `resource:${own
        .slice(0, 50)
        .map(({ resource }) => (resource === "" ? '""' : JSON.stringify(resource)))
        .join(",")}`,
    })),
    ...(rest === 0 ? [] : [{ line: line(span(`and ${counted(rest, "request")} for others: ktrail info`, "muted")) }]),
  ];
}

function levelSet(what: string, counts: LevelCounts): string {
  const levels = Object.keys(counts)
    .map((level) => (level === "" ? "no level" : level))
    .sort();
  return levels.length === 0 ? "" : `${what} at ${levels.join(" and ")}`;
}

function requestsOf({ reads, writes }: KindCoverage): number {
  return [...Object.values(reads), ...Object.values(writes)].reduce((sum, requests) => sum + requests, 0);
}

function kindNames(own: readonly KindCoverage[], unicode: boolean): string {
  const all = own.map(({ resource }) =>
    resource === "" ? "paths" : safeText(resource.split(".", 1)[0] ?? "", unicode),
  );
  const names = [...new Set(all)];
  return names.length <= 5 ? names.join(", ") : `${names.slice(0, 4).join(", ")} and ${count(names.length - 4)} more`;
}

function answerRow(context: PaneContext, answer: CoverageAnswer): CoverageRow {
  const look = screenLook(context);
  const [mark, question, because] = QUESTION_TABLE.columns.map(({ cell }) => cell(answer, look));
  const { query } = answer;
  return {
    line: line(
      span((mark?.text ?? "").padEnd(ANSWER_COLUMNS), mark?.tone),
      span(question?.text ?? ""),
      span(`  ${because?.text ?? ""}`, because?.tone),
    ),
    ...(query === undefined ? {} : { query }),
  };
}
