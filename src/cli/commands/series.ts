import { orDash } from "../../models/text-safety.ts";
import { shownValue } from "../../panes/dimensions.ts";
import type { Dimension, SeriesResult } from "../../queries/contract.ts";
import { column, countCell, numeric, textCell } from "../cells.ts";
import type { CliCommand, CommandContext } from "../contract.ts";
import { followSeries } from "../follow-series.ts";
import { fields, type Answer, type Field, type OutputRow, type Section } from "../output.ts";
import { secondTime, timeTitle } from "../text.ts";
import { shareBar } from "../../models/charts.ts";
import type { TimeZone } from "../../models/times.ts";

const DEFAULT_STEP_MS = 60_000;
/** Values of `--by` with a table column of their own; the others are summed. CSV and JSON have all of them. */
const VALUE_COLUMNS = 8;
const BAR_WIDTH = 30;

export type Point = SeriesResult["points"][number];

export const series: CliCommand = {
  name: "series",
  about: "requests over time",
  operands: [],
  options: [
    "by",
    "step",
    "query",
    "since",
    "until",
    "namespace",
    "output",
    "limit",
    "follow",
    "format",
    "exec",
    "tz",
    "color",
    "ascii",
  ],
  defaults: { output: "table" },
  outputs: ["table", "json", "jsonl", "csv", "md"],
  examples: [
    ["ktrail series audit.log --step 10s --by code", "answers by status code, every ten seconds"],
    ["ktrail series -f audit.log -q code:5xx", "server errors per minute, as they come"],
  ],
  dimensions: ({ by = [] }) => by.slice(0, 1),
  answer: (context) => (context.invocation.options.follow ? following(context) : whole(context)),
};

async function whole({ engine, invocation: { options }, selection }: CommandContext): Promise<Answer> {
  const by = options.by?.[0];
  const result = await engine.ask("series", {
    ...selection,
    stepMs: options.step ?? DEFAULT_STEP_MS,
    ...(by === undefined ? {} : { by }),
  });
  const points = result.points.slice(0, options.limit ?? result.points.length);
  const layout = {
    by: by ?? null,
    values: largestFirst(points),
    peak: peakOf(points),
    zone: options.tz,
    ascii: options.ascii,
  };
  return {
    document: { step: result.step, by: result.by, points },
    data: { ...section(layout), batches: [points.map((point) => pointRow(point, layout))] },
  };
}

/** Points are printed when their step is over; the values of `--by` are not known beforehand, so a table shows totals. */
async function following(context: CommandContext): Promise<Answer> {
  const { options } = context.invocation;
  const by = options.by?.[0];
  const layout = { by: by ?? null, values: null, peak: 0, zone: options.tz, ascii: options.ascii };
  const points = followSeries(context, options.step ?? DEFAULT_STEP_MS, by);
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
}

function section({ by, values, zone }: Layout): Omit<Section, "batches"> {
  const shown = (values ?? []).slice(0, VALUE_COLUMNS);
  const rest = (values ?? []).length > VALUE_COLUMNS;
  const valueFields: readonly Field[] = values
    ? values.map((value) => ({ name: value === "" ? "-" : value, path: ["by", value], missing: 0 }))
    : fields("by");
  return {
    columns: [
      column("t", timeTitle("time", zone)),
      numeric("requests", "requests"),
      ...shown.map((value, at) =>
        numeric(`by${at}`, orDash(by === null ? value : shownValue(by, value)), { drop: at + 1 }),
      ),
      ...(rest ? [numeric("rest", "others", { drop: VALUE_COLUMNS + 1 })] : []),
      ...(by === null ? [column("bar", "", { drop: 1 })] : []),
    ],
    fields: [...fields("t", "requests"), ...(by === null ? [] : valueFields)],
    empty: "no request matches",
  };
}

function pointRow(point: Point, layout: Layout): OutputRow {
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
        ...counted.map((count) => countCell(count)),
        ...(values.length > VALUE_COLUMNS ? [countCell(rest)] : []),
        ...(layout.by === null ? [{ text: bar, tone: "bar" as const }] : []),
      ];
    },
  };
}

/** 0 for a value of another point, be it called "constructor". */
function countOf({ by }: Point, value: string): number {
  return Object.hasOwn(by, value) ? (by[value] ?? 0) : 0;
}

function largestFirst(points: readonly Point[]): readonly string[] {
  const totals = new Map<string, number>();
  for (const point of points) {
    for (const [value, requests] of Object.entries(point.by)) totals.set(value, (totals.get(value) ?? 0) + requests);
  }
  return [...totals].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([value]) => value);
}

function peakOf(points: readonly Point[]): number {
  return points.reduce((peak, point) => Math.max(peak, point.requests), 0);
}
