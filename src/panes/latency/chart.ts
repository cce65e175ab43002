import { sparkline, stackedColumns } from "../../models/charts.ts";
import { fitText } from "../../models/display-width.ts";
import { line, span, spreadLine } from "../../models/line.ts";
import { duration } from "../../models/numbers.ts";
import { clockSeconds, dateTime, parseTime, type TimeZone, zoneName } from "../../models/times.ts";
import type { Line, Span } from "../../models/view.ts";
import type { Continuity } from "../../queries/continuity/contract.ts";
import type { LatencyPoints, LatencyReport } from "../../queries/latency-query.ts";

/** Room for the scale on the left. */
export const CHART_GUTTER = 10;

/** As many values as columns; of neighbours the largest, fewer values are stretched. */
export function peaks(values: readonly number[], columns: number): number[] {
  return Array.from({ length: columns }, (_, at) => {
    const from = Math.floor((at * values.length) / columns);
    const to = Math.max(from + 1, Math.floor(((at + 1) * values.length) / columns));
    let highest = 0;
    for (const value of values.slice(from, to)) highest = Math.max(highest, value);
    return highest;
  });
}

interface ChartOptions {
  readonly width: number;
  /** Of the columns alone: axis and times take two more lines. */
  readonly height: number;
  readonly unicode: boolean;
  readonly zone: TimeZone;
  /** Silences and restarts marked on the axis. */
  readonly continuity: Continuity;
}

/** p99 of one group over time in columns, p50 below on its own scale, and silences and restarts on the axis. */
export function latencyChart(
  points: LatencyPoints,
  report: Pick<LatencyReport, "span">,
  { width, height, unicode, zone, continuity }: ChartOptions,
): Line[] {
  const room = Math.max(1, width - CHART_GUTTER);
  const p99 = peaks(points.p99, room);
  const p50 = peaks(points.p50, room);
  const label = (text: string): Span => span(`${fitText(text, CHART_GUTTER - 1, "right", "head")} `, "muted");
  const highest = Math.max(0, ...p99);
  const columns = stackedColumns(
    [{ values: p99, tone: "warn", glyphs: ["█", "#"] }],
    room,
    Math.max(1, height - 1),
    unicode,
  );
  const body = columns.map((drawn, at): Line => [
    label(at === 0 ? duration(highest) : at === columns.length - 1 ? "p99" : ""),
    ...drawn,
  ]);
  const below =
    height > 1
      ? [line(label(`p50 ${shortDuration(Math.max(0, ...p50))}`), span(sparkline(p50, room, unicode), "bar"))]
      : [];
  const axis = axisOf(report, continuity, room);
  return [
    ...body,
    ...below,
    line(span(" ".repeat(CHART_GUTTER)), ...toned(axis)),
    labels(report, width, zone, new Set(axis)),
  ];
}

/** Five characters at most: 45µs, 3.5ms, 12ms, 1.2s. */
function shortDuration(ms: number): string {
  const [text = "", unit = ""] = duration(ms).split(" ");
  if (unit === "") return text;
  return `${text.length > 3 ? text.slice(0, 3).replace(/\.$/, "") : text}${unit}`;
}

const RESTART = "R";
const SILENCE = "x";
const AXIS = "─";

/** One mark a column: where an API server was started anew, where it received nothing. */
function axisOf({ span: time }: Pick<LatencyReport, "span">, { gaps, restarts }: Continuity, room: number): string[] {
  const from = parseTime(time.from);
  const perColumn = Math.max(1e-3, (parseTime(time.to) - from) / room);
  const columnOf = (text: string): number => (parseTime(text) - from) / perColumn;
  const axis = Array.from({ length: room }, () => AXIS);
  const silences = [
    ...gaps,
    ...restarts.flatMap((restart) => (restart.from === null ? [] : [{ ...restart, from: restart.from }])),
  ];
  for (const silence of silences) {
    const first = Math.floor(columnOf(silence.from));
    const last = Math.ceil(columnOf(silence.to)) - 1;
    if (Number.isNaN(first) || Number.isNaN(last)) continue;
    for (let at = Math.max(0, first); at <= Math.min(room - 1, Math.max(first, last)); at += 1) axis[at] = SILENCE;
  }
  for (const { to } of restarts) {
    const at = Math.floor(columnOf(to));
    if (at >= 0 && at < room) axis[at] = RESTART;
  }
  return axis;
}

function toned(axis: readonly string[]): Line {
  const marks: { text: string; tone: "muted" | "danger" }[] = [];
  for (const text of axis) {
    const tone = text === AXIS ? "muted" : "danger";
    const last = marks.at(-1);
    if (last?.tone === tone) last.text += text;
    else marks.push({ text, tone });
  }
  return marks;
}

function labels(
  { span: time }: Pick<LatencyReport, "span">,
  width: number,
  zone: TimeZone,
  marks: ReadonlySet<string>,
): Line {
  const [from, to] = [parseTime(time.from), parseTime(time.to)];
  const isOneDay = dateTime(from, zone).slice(0, 10) === dateTime(to, zone).slice(0, 10);
  const text = (ms: number): string => (isOneDay ? clockSeconds(ms, zone) : dateTime(ms, zone).slice(5, 16));
  const left = `${" ".repeat(CHART_GUTTER)}${text(from)}`;
  const right = `${text(to)} ${zoneName(from, zone)}`;
  const room = width - left.length - right.length - 2;
  const [restart, silence] = [marks.has(RESTART), marks.has(SILENCE)];
  const legends = [
    `   ${[silence ? "x nothing received" : "", restart ? "R API server started anew" : ""].filter(Boolean).join("  ")}`,
    `  ${[silence ? "x silent" : "", restart ? "R restart" : ""].filter(Boolean).join(" ")}`,
  ];
  const legend = silence || restart ? (legends.find((words) => words.length <= room) ?? "") : "";
  return spreadLine(line(span(left, "muted"), span(legend, "muted")), line(span(right, "muted")), width);
}
