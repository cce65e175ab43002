import { type Layer, sparkline, stackedColumns } from "../../models/charts.ts";
import { fitText } from "../../models/display-width.ts";
import { line, span, spreadLine } from "../../models/line.ts";
import { shortCount } from "../../models/numbers.ts";
import { clockSeconds, dateTime, parseTime, type TimeZone, zoneName } from "../../models/times.ts";
import type { Line, Span } from "../../models/view.ts";
import type { SeriesResult } from "../../queries/contract.ts";
import type { ShownTime } from "../own-time.ts";

/** Room on the left: a glyph, what it stands for, and the number at the top of its scale. */
export const GUTTER = 11;

/** From the bottom of the chart: errors first. */
const ERRORS = [
  { name: "5xx", tone: "code5xx", glyphs: ["▓", "%"] },
  { name: "4xx", tone: "code4xx", glyphs: ["▒", "x"] },
] as const;
const ALL = { name: "all", tone: "code2xx", glyphs: ["█", "#"] } as const;

function classValues(series: SeriesResult, name: string): number[] {
  return series.points.map((point) => (Object.hasOwn(point.by, name) ? (point.by[name] ?? 0) : 0));
}

export function errorValues(series: SeriesResult): number[] {
  const [five, four] = [classValues(series, "5xx"), classValues(series, "4xx")];
  return series.points.map((_, at) => (five[at] ?? 0) + (four[at] ?? 0));
}

/**
 * Requests over time with errors in proportion, each class of errors again on its own scale, and the time axis. In front of
 * every scale stand its glyph and the number at its top, which is a count per step.
 */
export function requestChart(
  series: SeriesResult,
  options: {
    readonly width: number;
    readonly height: number;
    readonly unicode: boolean;
    readonly zone: TimeZone;
    readonly time: ShownTime;
  },
): Line[] {
  const { width, height, unicode, zone, time } = options;
  const room = Math.max(1, width - GUTTER);
  const errors = errorValues(series);
  const layers: Layer[] = [
    ...ERRORS.map(({ name, tone, glyphs }): Layer => ({
      values: classValues(series, name),
      tone,
      glyphs,
    })),
    {
      values: series.points.map(({ requests }, at) => requests - (errors[at] ?? 0)),
      tone: ALL.tone,
      glyphs: ALL.glyphs,
    },
  ];
  const most = Math.max(0, ...series.points.map((point) => point.requests));
  const body = stackedColumns(layers, room, height, unicode).map((columns, at): Line => [
    at === 0 ? scaleOf(ALL, most, unicode) : span(" ".repeat(GUTTER)),
    ...columns,
  ]);
  return [
    ...body,
    ...ERRORS.toReversed().map((error) => errorLine(error, series, room, unicode)),
    axis(series, width, zone, time),
  ];
}

function scaleOf({ name, tone, glyphs }: typeof ALL | (typeof ERRORS)[number], most: number, unicode: boolean): Span {
  const label = fitText(shortCount(most), GUTTER - name.length - 3, "right");
  return span(`${glyphs[unicode ? 0 : 1]} ${name}${label} `, most === 0 ? "muted" : tone);
}

function errorLine(error: (typeof ERRORS)[number], series: SeriesResult, room: number, unicode: boolean): Line {
  const values = classValues(series, error.name);
  const most = Math.max(0, ...values);
  return [
    scaleOf(error, most, unicode),
    most === 0 ? span("none", "muted") : span(sparkline(values, room, unicode), error.tone),
  ];
}

/** The first and the last step may reach beyond the time that is shown: its ends are those people know. */
function axis(series: SeriesResult, width: number, zone: TimeZone, time: ShownTime): Line {
  const first = Math.max(parseTime(series.points[0]?.t ?? null), time.fromMs);
  const last = Math.min(parseTime(series.points.at(-1)?.t ?? null) + series.stepMs, time.toMs);
  const isOneDay = dateTime(first, zone).slice(0, 10) === dateTime(last, zone).slice(0, 10);
  const text = (ms: number): string => (isOneDay ? clockSeconds(ms, zone) : dateTime(ms, zone).slice(5, 16));
  const step = fitText(`per ${series.step}`, GUTTER - 1, "right", "head");
  return spreadLine(
    line(span(`${step} ${text(first)}`, "muted")),
    line(span(`${text(last)} ${zoneName(first, zone)}`, "muted")),
    width,
  );
}

/** What its points span, µs; the last one's step ends it. */
export function spanOfSeries(series: SeriesResult): { readonly fromUs: number; readonly toUs: number } {
  const fromUs = parseTime(series.points[0]?.t ?? null) * 1_000;
  return { fromUs, toUs: (parseTime(series.points.at(-1)?.t ?? null) + series.stepMs) * 1_000 };
}

/** The bucket with most errors; null when there are none. */
export function worstBucket(series: SeriesResult): { readonly ms: number; readonly errors: number } | null {
  const errors = errorValues(series);
  const most = Math.max(0, ...errors);
  if (most === 0) return null;
  return { ms: parseTime(series.points[errors.indexOf(most)]?.t ?? null), errors: most };
}
