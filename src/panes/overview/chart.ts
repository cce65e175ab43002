import { type Layer, sparkline, stackedColumns } from "../../models/charts.ts";
import { fitText } from "../../models/display-width.ts";
import { line, span, spreadLine } from "../../models/line.ts";
import { shortCount } from "../../models/numbers.ts";
import { clockSeconds, dateTime, parseTime, type TimeZone, zoneName } from "../../models/times.ts";
import type { Line } from "../../models/view.ts";
import type { SeriesResult } from "../../queries/contract.ts";

/** Room for the scale on the left. */
export const GUTTER = 10;

const CLASSES = [
  { name: "5xx", tone: "code5xx", glyphs: ["▓", "%"] },
  { name: "4xx", tone: "code4xx", glyphs: ["▒", "x"] },
  { name: "3xx", tone: "code3xx", glyphs: ["░", ":"] },
  { name: "2xx", tone: "code2xx", glyphs: ["█", "#"] },
] as const;

/** Round steps make fewer points than there are columns: each point takes the columns of its time. */
function stretched(values: readonly number[], room: number): readonly number[] {
  if (values.length === 0 || values.length >= room) return values;
  return Array.from({ length: room }, (_, column) => values[Math.floor((column * values.length) / room)] ?? 0);
}

function classValues(series: SeriesResult, name: string): number[] {
  return series.points.map((point) => (Object.hasOwn(point.by, name) ? (point.by[name] ?? 0) : 0));
}

/** What is neither 2xx nor 3xx nor an error: 1xx, and requests without an answer. */
function otherValues(series: SeriesResult): number[] {
  return series.points.map((point) => {
    const known = CLASSES.reduce(
      (sum, { name }) => sum + (Object.hasOwn(point.by, name) ? (point.by[name] ?? 0) : 0),
      0,
    );
    return Math.max(0, point.requests - known);
  });
}

export function errorValues(series: SeriesResult): number[] {
  const [five, four] = [classValues(series, "5xx"), classValues(series, "4xx")];
  return series.points.map((_, at) => (five[at] ?? 0) + (four[at] ?? 0));
}

/** Requests over time by code class, errors at the bottom, each error class again on its own scale, and the time axis. */
export function requestChart(
  series: SeriesResult,
  options: { readonly width: number; readonly height: number; readonly unicode: boolean; readonly zone: TimeZone },
): Line[] {
  const { width, height, unicode, zone } = options;
  const room = Math.max(1, width - GUTTER);
  const layers: Layer[] = [
    ...CLASSES.map(({ name, tone, glyphs }): Layer => ({
      values: stretched(classValues(series, name), room),
      tone,
      glyphs,
    })),
    { values: stretched(otherValues(series), room), tone: "muted", glyphs: ["░", ":"] },
  ];
  const most = Math.max(0, ...series.points.map((point) => point.requests));
  const body = stackedColumns(layers, room, height, unicode).map((columns, at): Line => {
    const scale = at === 0 ? shortCount(most) : at === 1 ? `/${series.step}` : "";
    return [span(`${fitText(scale, GUTTER - 1, "right", "head")} `, "muted"), ...columns];
  });
  return [...body, ...errorLines(series, room, unicode), axis(series, width, zone)];
}

function errorLines(series: SeriesResult, room: number, unicode: boolean): Line[] {
  return (["4xx", "5xx"] as const).map((name): Line => {
    const values = classValues(series, name);
    const total = values.reduce((sum, value) => sum + value, 0);
    const label = span(
      fitText(`${name} ${shortCount(total)} `, GUTTER, "right", "head"),
      total === 0 ? "muted" : `code${name}`,
    );
    return total === 0
      ? [label, span("none", "muted")]
      : [label, span(sparkline(stretched(values, room), room, unicode), `code${name}`)];
  });
}

function axis(series: SeriesResult, width: number, zone: TimeZone): Line {
  const first = parseTime(series.points[0]?.t ?? null);
  const last = parseTime(series.points.at(-1)?.t ?? null) + series.stepMs;
  const isOneDay = dateTime(first, zone).slice(0, 10) === dateTime(last, zone).slice(0, 10);
  const text = (ms: number): string => (isOneDay ? clockSeconds(ms, zone) : dateTime(ms, zone).slice(5, 16));
  const from = `${" ".repeat(GUTTER)}${text(first)}`;
  const legend = "█ 2xx ▒ 4xx ▓ 5xx";
  const to = `${text(last)} ${zoneName(first, zone)}`;
  const middle = width - from.length - to.length >= legend.length + 6 ? `   ${legend}` : "";
  return spreadLine(line(span(from, "muted"), span(middle, "muted")), line(span(to, "muted")), width);
}

/** The bucket with most errors; null when there are none. */
export function worstBucket(series: SeriesResult): { readonly ms: number; readonly errors: number } | null {
  const errors = errorValues(series);
  const most = Math.max(0, ...errors);
  if (most === 0) return null;
  return { ms: parseTime(series.points[errors.indexOf(most)]?.t ?? null), errors: most };
}
