import { statSync } from "node:fs";
import { configFolder } from "../../config/config-file.ts";
import { KtrailError } from "../../errors.ts";
import { writeErrorReason } from "../../files/write-error.ts";
import { writeWhole } from "../../files/write-whole.ts";
import type { EngineStatus } from "../../engine/contract.ts";
import type { Finding } from "../../findings/contract.ts";
import { EXPECTED } from "../../findings/expected.ts";
import { newestText } from "../../models/newest-only.ts";
import { byteSize, count, duration } from "../../models/numbers.ts";
import { shellWord } from "../../panes/shell-command.ts";
import { printFilter } from "../../queries/print-filter.ts";
import { column, textCell } from "../cells.ts";
import { overviewAnswer } from "../commands/overview.ts";
import { trail } from "../commands/trail.ts";
import { why } from "../commands/why.ts";
import { optionsOf } from "../arguments.ts";
import { explorer } from "../commands/explorer.ts";
import { findings as findingsCommand } from "../commands/findings.ts";
import type { CliCommand, CommandContext, Invocation } from "../contract.ts";
import { OPTIONS } from "../options.ts";
import { readExpectations } from "../findings/expectations-file.ts";
import { besideFindings, printedFindings } from "../findings/tables.ts";
import { type Answer, fields, type Section } from "../output.ts";
import { secondTime } from "../text.ts";
import { VERSION } from "../version.ts";
import { htmlReport } from "./html.ts";
import { markdownReport } from "./markdown.ts";

/** One part of a report, with the command line that prints it again. */
export interface ReportPart {
  readonly title: string;
  readonly command: string;
  readonly sections: readonly Section[];
}

export interface Report {
  readonly title: string;
  /** Facts under the title. */
  readonly about: readonly string[];
  readonly series: Awaited<ReturnType<typeof seriesOf>>;
  readonly findings: readonly Finding[];
  readonly parts: readonly ReportPart[];
}

/** What of a report's own options its parts are made with. */
const PASSED_ON = ["query", "namespace", "since", "until", "expected", "format"] as const;

/** The command line that prints a part again: with those options that its command takes. */
function commandLine(
  command: CliCommand,
  operands: readonly string[],
  { inputs, given }: Invocation,
  { store, inputs: asked }: EngineStatus,
): string {
  const taken = optionsOf(command);
  const options = PASSED_ON.flatMap((name) => {
    const value = given[name];
    return value === undefined || !taken.includes(name) ? [] : [`--${OPTIONS[name].long}`, value];
  });
  // As it may be shown.
  const stores = store === null ? [] : asked.flatMap(({ path }) => ["--store", path]);
  const words = [...operands, ...inputs, ...stores, ...options].map(shellWord);
  return ["ktrail", ...(command.name === "" ? [] : [command.name]), ...words].join(" ");
}

/** Columns of the chart. */
const BUCKETS = 120;

export async function reportAnswer(context: CommandContext): Promise<Answer> {
  const { options, inputs } = context.invocation;
  const path = options.out ?? "";
  const report = await reportOf(context);
  const text = path.endsWith(".md") ? await markdownReport(report) : await htmlReport(report, options.tz);
  write(path, text, inputs);
  const bytes = Buffer.byteLength(text);
  const record = { path, bytes };
  return {
    document: record,
    data: {
      columns: [column("path", "written"), column("bytes", "size")],
      fields: fields("path", "bytes"),
      batches: [[{ record, cells: () => [textCell(path), textCell(byteSize(bytes))] }]],
    },
  };
}

async function reportOf(context: CommandContext): Promise<Report> {
  const { engine, invocation, selection } = context;
  const { options } = invocation;
  const expectations = [...(await readExpectations(options.expected, configFolder(process.env))), ...EXPECTED];
  const { findings, suppressed, newest } = await engine.ask("findings", { ...selection, expectations, auditIDs: 0 });
  const { span, requests } = await engine.ask("groups", { ...selection, by: [], measures: ["requests"] });
  const filter = printFilter(selection.filter);
  const lineOf = (command: CliCommand, ...operands: readonly string[]): string =>
    commandLine(command, operands, invocation, engine.status);
  const overview = await overviewAnswer(context);
  const { row, ...table } = printedFindings(options.tz);
  const found: Section = { ...table, empty: "nothing found", batches: [findings.map(row)] };
  const lives: ReportPart[] = [];
  for (const object of options.trail) {
    lives.push(await objectPart(context, trail, `Trail of ${object}`, object, lineOf(trail, object)));
    lives.push(await objectPart(context, why, `Why ${object}`, object, lineOf(why, object)));
  }
  return {
    title: "Kubernetes audit log",
    about: [
      `${count(requests)} requests`,
      span.from === null
        ? "no time"
        : `${secondTime(span.from, options.tz)} to ${secondTime(span.to, options.tz)} (${duration(span.seconds * 1e3)})`,
      ...(filter === "" ? [] : [`filter ${filter}`]),
      ...(newest === undefined ? [] : [`findings of ${newestText(newest, options.tz)}`]),
      `made with ktrail ${VERSION}; secrets are masked`,
    ],
    series: await seriesOf(context),
    findings,
    parts: [
      {
        title: "Findings",
        command: lineOf(findingsCommand),
        sections: [found, ...besideFindings(findings, suppressed, options.tz)],
      },
      { title: "Overview", command: lineOf(explorer), sections: overview.people ?? [overview.data] },
      ...lives,
    ],
  };
}

async function objectPart(
  context: CommandContext,
  command: CliCommand,
  title: string,
  object: string,
  line: string,
): Promise<ReportPart> {
  const { invocation } = context;
  const answer = await command.answer?.({
    ...context,
    invocation: { ...invocation, command, operands: { OBJECT: object } },
  });
  return { title, command: line, sections: answer?.people ?? (answer === undefined ? [] : [answer.data]) };
}

function seriesOf({ engine, selection }: CommandContext) {
  return engine.ask("series", { ...selection, by: "class", buckets: BUCKETS });
}

/** What is there is replaced, but never one of the logs, by whatever name. */
function write(path: string, text: string, inputs: readonly string[]): void {
  try {
    const there = statSync(path, { bigint: true, throwIfNoEntry: false });
    const isLog = inputs.some((input) => {
      const open = input === "-" ? undefined : statSync(input, { bigint: true, throwIfNoEntry: false });
      return open !== undefined && open.dev === there?.dev && open.ino === there.ino;
    });
    if (isLog) throw new Error("it is one of the logs");
    if (there !== undefined && !there.isFile()) throw new Error("it is no regular file");
    writeWhole(path, text, { replace: true });
  } catch (error) {
    throw new KtrailError("KT100", `${path} was not written: ${writeErrorReason(error)}`);
  }
}
