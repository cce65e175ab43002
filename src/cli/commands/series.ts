import { rates } from "../../models/numbers.ts";
import { seriesTable } from "../../panes/overview/series-table.ts";
import { type GroupLook, NO_CHARTS } from "../../panes/top/columns.ts";
import type { SeriesPoint } from "../../queries/contract.ts";
import { printedLook, printedTable } from "../answer-section.ts";
import type { CliCommand, CommandContext } from "../contract.ts";
import { followSeries } from "../follow-series.ts";
import type { Options } from "../options.ts";
import { type Answer, type OutputRow, TABLE_FORMATS } from "../output.ts";

const DEFAULT_STEP_MS = 60_000;
export const series: CliCommand = {
  name: "series",
  about: "requests over time",
  operands: [],
  options: [
    "by",
    "step",
    "measures",
    "query",
    "since",
    "until",
    "namespace",
    "output",
    "limit",
    "follow",
    "format",
    "exec",
    "store",
    "passwordFile",
    "tz",
    "color",
    "ascii",
  ],
  defaults: { output: "table" },
  outputs: TABLE_FORMATS,
  examples: [
    ["ktrail series audit.log --step 10s --by code", "answers by status code, every ten seconds"],
    ["ktrail series audit.log -q verb:list --measures p99,sum", "what lists cost, minute by minute"],
    ["ktrail series -f audit.log -q code:5xx", "server errors per minute, as they come"],
  ],
  dimensions: ({ by = [] }) => by.slice(0, 1),
  answer: async (context) => (context.invocation.options.follow ? following(context) : whole(context)),
};

function queryOf({ by, step = DEFAULT_STEP_MS, measures = [] }: Options) {
  const [first] = by ?? [];
  return { stepMs: step, measures, ...(first === undefined ? {} : { by: first }) };
}

async function whole({ engine, invocation: { options }, selection }: CommandContext): Promise<Answer> {
  const result = await engine.ask("series", { ...selection, ...queryOf(options) });
  const points = result.points.slice(0, options.limit ?? result.points.length);
  const { row, ...section } = printed(options, largestFirst(points), peakOf(points));
  return {
    document: { step: result.step, by: result.by, points },
    data: { ...section, batches: [points.map(row)] },
  };
}

/** Points are printed when their step is over; the values of `--by` are not known beforehand, so a table shows totals. */
function following(context: CommandContext): Answer {
  const { options } = context.invocation;
  const { row, ...section } = printed(options, null, 0);
  const points = followSeries(context, queryOf(options));
  async function* batches(): AsyncGenerator<readonly OutputRow[]> {
    for await (const closed of points) yield closed.map(row);
  }
  return { data: { ...section, batches: batches() } };
}

function printed(
  { by, tz, ascii, measures = [], step = DEFAULT_STEP_MS }: Options,
  values: readonly string[] | null,
  peak: number,
): ReturnType<typeof printedTable<SeriesPoint, GroupLook>> {
  const rateText = rates([peak / (step / 1e3)]);
  return printedTable(seriesTable({ by: by?.[0] ?? null, values, peak, measures }), {
    ...printedLook(tz),
    ...NO_CHARTS,
    unicode: !ascii,
    rateText,
  });
}

function largestFirst(points: readonly SeriesPoint[]): readonly string[] {
  const totals = new Map<string, number>();
  for (const point of points) {
    for (const [value, requests] of Object.entries(point.by)) totals.set(value, (totals.get(value) ?? 0) + requests);
  }
  return [...totals].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([value]) => value);
}

function peakOf(points: readonly SeriesPoint[]): number {
  return points.reduce((peak, point) => Math.max(peak, point.requests), 0);
}
