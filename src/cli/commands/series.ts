import { orDash } from "../../models/text-safety.ts";
import { shownValue } from "../../panes/dimensions.ts";
import { GROUP_COLUMNS, type GroupColumn, type GroupLook, NO_CHARTS } from "../../panes/top/columns.ts";
import { type MeasureId, MEASURES, pathsOf } from "../../queries/measures.ts";
import type { Dimension, GroupRow, SeriesPoint } from "../../queries/contract.ts";
import { printedLook } from "../answer-section.ts";
import { column, countCell, numeric, textCell } from "../cells.ts";
import type { CliCommand, CommandContext } from "../contract.ts";
import type { Options } from "../options.ts";
import { rates } from "../../models/numbers.ts";
import { followSeries } from "../follow-series.ts";
import { fields, type Answer, type Field, type OutputRow, type Section } from "../output.ts";
import { secondTime, timeTitle } from "../text.ts";
import { shareBar } from "../../models/charts.ts";
import type { TimeZone } from "../../models/times.ts";

const DEFAULT_STEP_MS = 60_000;
/** Values of `--by` with a table column of their own; the others are summed. CSV and JSON have all of them. */
const VALUE_COLUMNS = 8;
const BAR_WIDTH = 30;

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
  outputs: ["table", "json", "jsonl", "csv", "md"],
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
  const layout = layoutOf(options, largestFirst(points), peakOf(points));
  return {
    document: { step: result.step, by: result.by, points },
    data: { ...section(layout), batches: [points.map((point) => pointRow(point, layout))] },
  };
}

/** Points are printed when their step is over; the values of `--by` are not known beforehand, so a table shows totals. */
function following(context: CommandContext): Answer {
  const { options } = context.invocation;
  const layout = layoutOf(options, null, 0);
  const points = followSeries(context, queryOf(options));
  async function* batches(): AsyncGenerator<readonly OutputRow[]> {
    for await (const closed of points) yield closed.map((point) => pointRow(point, layout));
  }
  return { data: { ...section(layout), batches: batches() } };
}

interface Layout {
  readonly by: Dimension | null;
  /** Null while unknown. */
  readonly values: readonly string[] | null;
  readonly peak: number;
  readonly zone: TimeZone;
  readonly ascii: boolean;
  readonly measures: readonly MeasureId[];
  /** Columns of the measures, the same as those of groups. */
  readonly figures: readonly GroupColumn[];
  readonly look: GroupLook;
}

function layoutOf(
  { by, tz: zone, ascii, measures = [], step = DEFAULT_STEP_MS }: Options,
  values: Layout["values"],
  peak: number,
): Layout {
  const figures = measures.flatMap((id) => GROUP_COLUMNS.filter(({ title }) => title === MEASURES[id].title));
  const rateText = rates([peak / (step / 1e3)]);
  const look = { ...printedLook(zone), ...NO_CHARTS, rateText };
  return { by: by?.[0] ?? null, values, peak, zone, ascii, measures, figures, look };
}

function section({ by, values, zone, measures, figures }: Layout): Omit<Section, "batches"> {
  const shown = (values ?? []).slice(0, VALUE_COLUMNS);
  const rest = (values ?? []).length > VALUE_COLUMNS;
  const valueFields: readonly Field[] = values
    ? values.map((value) => ({ name: value === "" ? "-" : value, path: ["by", value], missing: 0 }))
    : fields("by");
  return {
    columns: [
      column("t", timeTitle("time", zone)),
      numeric("requests", "requests"),
      ...figures.map((each) => ({ ...each, minWidth: 0 })),
      ...shown.map((value, at) =>
        numeric(`by${at}`, orDash(by === null ? value : shownValue(by, value)), { drop: at + 1 }),
      ),
      ...(rest ? [numeric("rest", "others", { drop: VALUE_COLUMNS + 1 })] : []),
      ...(by === null ? [column("bar", "", { drop: 1 })] : []),
    ],
    fields: [
      ...fields("t", "requests"),
      ...pathsOf(measures).map((path) => ({ name: path.join("."), path })),
      ...(by === null ? [] : valueFields),
    ],
    empty: "no request matches",
  };
}

function pointRow(point: SeriesPoint, layout: Layout): OutputRow {
  return {
    record: point as unknown as Readonly<Record<string, unknown>>,
    cells: () => {
      const values = layout.values ?? [];
      const counted = values.slice(0, VALUE_COLUMNS).map((value) => countOf(point, value));
      const rest = values.slice(VALUE_COLUMNS).reduce((sum, value) => sum + countOf(point, value), 0);
      const bar = layout.peak === 0 ? "" : shareBar(point.requests / layout.peak, BAR_WIDTH, !layout.ascii);
      return [
        textCell(secondTime(point.t, layout.zone)),
        countCell(point.requests),
        // A column reads what it shows, which was asked for.
        ...layout.figures.map((each) => each.cell(point as unknown as GroupRow, layout.look)),
        ...counted.map((count) => countCell(count)),
        ...(values.length > VALUE_COLUMNS ? [countCell(rest)] : []),
        ...(layout.by === null ? [{ text: bar, tone: "bar" as const }] : []),
      ];
    },
  };
}

/** 0 for a value of another point, be it called "constructor". */
function countOf({ by }: SeriesPoint, value: string): number {
  return Object.hasOwn(by, value) ? (by[value] ?? 0) : 0;
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
