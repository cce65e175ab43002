import { cutText, displayWidth, fitText } from "../../models/display-width.ts";
import { line, span } from "../../models/line.ts";
import { duration } from "../../models/numbers.ts";
import { safeText } from "../../models/text-safety.ts";
import type { Line, Span } from "../../models/view.ts";
import { shortLabel } from "./actors.ts";
import type { PathPart } from "./chapters.ts";
import { type Lane, type LaneStep, MARKS, precedence } from "./lanes.ts";

/** Lanes over a time axis, drawn in text. */

export interface Axis {
  readonly fromMs: number;
  readonly toMs: number;
  /** Where labels count from. */
  readonly zeroMs: number;
}

export interface WaterfallOptions {
  readonly width: number;
  /** Lines in all. */
  readonly height: number;
  readonly unicode: boolean;
  readonly labelWidth: number;
  /** Position of the step under the cursor and its time. */
  readonly cursor: { readonly index: number; readonly ms: number } | null;
}

/** The stretch of time on screen: pages of the first axis, halved by every zoom; the one that holds the cursor. */
export function axisAround(fromMs: number, toMs: number, zoom: number, cursorMs: number): Axis {
  const whole = Math.max(1, toMs - fromMs);
  const width = Math.max(1, whole / 2 ** zoom);
  const page = Number.isFinite(cursorMs) ? Math.floor((cursorMs - fromMs) / width) : 0;
  const start = fromMs + page * width;
  return { fromMs: start, toMs: start + width, zeroMs: fromMs };
}

export function waterfallLines(
  lanes: readonly Lane[],
  path: readonly PathPart[],
  axis: Axis,
  options: WaterfallOptions,
): Line[] {
  const room = Math.max(10, options.width - options.labelWidth - 1);
  const place = (ms: number): number => Math.floor(((ms - axis.fromMs) / (axis.toMs - axis.fromMs)) * room);
  const lines: Line[] = [];
  const margin = " ".repeat(options.labelWidth + 1);
  const [start, end] = [path[0]?.fromMs ?? Number.NaN, path.at(-1)?.toMs ?? Number.NaN];
  const pathWidth = Math.min(room, place(end)) - Math.max(0, place(start));
  if (pathWidth >= LEAST_STRIP && options.height > lanes.length + 1)
    lines.push([
      { text: `${fitText("critical path", options.labelWidth, "left", "head")} `, tone: "muted" },
      ...pathStrip(path, place, room, options.unicode),
    ]);
  lines.push([{ text: margin }, ...ticks(axis, place, room, options)]);
  const heights = laneHeights(
    lanes.map(({ steps }) => rowsNeeded(steps, place, options)),
    Math.max(lanes.length, options.height - lines.length),
  );
  for (const [at, { name: whole, tone, steps }] of lanes.entries()) {
    const rows = laneRows(steps, place, heights[at] ?? 1, room, options);
    const name = laneLabel(safeText(whole, options.unicode), options.labelWidth);
    for (const [row, spans] of rows.entries())
      lines.push([{ text: `${fitText(row === 0 ? name : "", options.labelWidth, "left", "tail")} `, tone }, ...spans]);
  }
  return lines.slice(0, options.height);
}

function laneLabel(name: string, width: number): string {
  if (displayWidth(name) <= width) return name;
  const short = shortLabel(name, false);
  return displayWidth(short) <= width ? short : shortLabel(name, true);
}

function pathStrip(path: readonly PathPart[], place: (ms: number) => number, room: number, unicode: boolean): Span[] {
  const spans: Span[] = [];
  let at = 0;
  for (const part of path) {
    const start = Math.min(room, Math.max(at, place(part.fromMs)));
    const end = Math.min(room, Math.max(start, place(part.toMs)));
    if (start > at) spans.push({ text: " ".repeat(start - at) });
    at = Math.max(at, start);
    const width = end - start;
    if (width <= 0) continue;
    const words = ` ${part.name} ${duration(part.toMs - part.fromMs)} `;
    const inner = Math.max(0, width - 1);
    const text = displayWidth(words) <= inner ? words : cutText(words.trim().split(" ")[0] ?? "", inner, "head");
    const bar = unicode ? "─" : "-";
    spans.push({
      text: `${unicode ? "├" : "|"}${text}${bar.repeat(Math.max(0, inner - displayWidth(text)))}`,
      tone: part.isLongest ? "warn" : "bar",
      ...(part.isLongest ? { bold: true } : {}),
    });
    at = end;
  }
  return spans;
}

/** Beyond a second people count in parts of minutes, hours and days. */
const NICE_MS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 21_600, 43_200].map(
  (s) => s * 1_000,
);
const DAY_MS = 86_400_000;

/** Distance of the ticks: at most `wanted` of them. */
function tickMs(lengthMs: number, wanted: number): number {
  const least = Math.max(lengthMs / wanted, 1e-3);
  if (least > 500 && least <= DAY_MS) return NICE_MS.find((ms) => ms >= least) ?? DAY_MS;
  const power = 10 ** Math.floor(Math.log10(least));
  const factor = [1, 2, 5].find((nice) => power * nice >= least) ?? 10;
  return least > DAY_MS ? Math.ceil(least / DAY_MS) * DAY_MS : power * factor;
}

/** `|0 ms     |100 ms    |200 ms`, with the cursor's time marked. */
function ticks(axis: Axis, place: (ms: number) => number, room: number, options: WaterfallOptions): Line {
  const length = axis.toMs - axis.fromMs;
  const wanted = Math.max(2, Math.floor(room / 14));
  const step = tickMs(length, wanted);
  let text = "";
  const first = Math.ceil((axis.fromMs - axis.zeroMs) / step - 1e-9);
  for (let at = first; at < first + wanted + 2; at += 1) {
    const x = place(axis.zeroMs + at * step + step * 1e-6);
    if (x < text.length || x >= room) continue;
    const label = `${options.unicode ? "│" : "|"}${at > 0 ? "+" : ""}${duration(Math.round(at * step * 1e3) / 1e3)}`;
    if (x + label.length > room) break;
    text = text.padEnd(x) + label;
  }
  const cursor = options.cursor === null ? -1 : place(options.cursor.ms);
  if (cursor < 0 || cursor >= room) return line(span(text, "muted"));
  const padded = text.padEnd(room);
  return line(
    span(padded.slice(0, cursor), "muted"),
    span(options.unicode ? "▼" : "v", "accent", true),
    span(padded.slice(cursor + 1), "muted"),
  );
}

/** The critical path is drawn where it takes this much of the axis. */
const LEAST_STRIP = 8;
/** Longest label. */
const LABEL = 30;
/** Shorter pieces of a label say nothing. */
const LEAST_LABEL = 5;
const MOST_ROWS = 5;

interface Placed {
  readonly x: number;
  readonly step: LaneStep;
  readonly label: string;
}

/** Every step on a row: the first whose last label has ended, else the one that ends first. */
function placeSteps(
  steps: readonly LaneStep[],
  place: (ms: number) => number,
  rowCount: number,
  unicode: boolean,
): Placed[][] {
  const rows: Placed[][] = Array.from({ length: rowCount }, () => []);
  const ends: number[] = Array.from({ length: rowCount }, () => -1);
  for (const step of steps) {
    const x = Math.max(0, place(step.ms));
    let row = ends.findIndex((end) => end <= x);
    if (row < 0) row = ends.indexOf(Math.min(...ends));
    const own = rows[row];
    if (own === undefined) continue;
    const label = cutText(safeText(step.label, unicode), LABEL, "head");
    const last = own.at(-1);
    const placed = { x, step, label };
    if (last !== undefined && last.x === x) {
      if (precedence(step.kind) < precedence(last.step.kind)) own[own.length - 1] = placed;
    } else own.push(placed);
    ends[row] = x + 1 + displayWidth(label) + 1;
  }
  return rows;
}

function rowsNeeded(steps: readonly LaneStep[], place: (ms: number) => number, options: WaterfallOptions): number {
  const rows = placeSteps(steps, place, MOST_ROWS, options.unicode);
  return Math.max(1, rows.findLastIndex((row) => row.length > 0) + 1);
}

/** One row each, the rest to those that need more, one at a time from above. */
function laneHeights(needed: readonly number[], room: number): number[] {
  const heights = needed.map(() => 1);
  let left = room - heights.length;
  for (let changed = true; left > 0 && changed;) {
    changed = false;
    for (const [at, need] of needed.entries()) {
      if (left <= 0 || (heights[at] ?? 0) >= need) continue;
      heights[at] = (heights[at] ?? 0) + 1;
      left -= 1;
      changed = true;
    }
  }
  return heights;
}

function laneRows(
  steps: readonly LaneStep[],
  place: (ms: number) => number,
  rowCount: number,
  room: number,
  options: WaterfallOptions,
): Line[] {
  return placeSteps(steps, place, rowCount, options.unicode).map((row) => {
    const spans: Span[] = [];
    let at = 0;
    for (const [index, { x, step, label }] of row.entries()) {
      if (x >= room) break;
      if (x > at) spans.push({ text: " ".repeat(x - at) });
      const [unicode, ascii, tone] = MARKS[step.kind];
      const isCursor = step.index === options.cursor?.index;
      spans.push(
        isCursor
          ? { text: options.unicode ? unicode : ascii, tone: "match", bold: true }
          : { text: options.unicode ? unicode : ascii, tone },
      );
      at = x + 1;
      const next = row[index + 1]?.x ?? room + 1;
      const free = Math.min(next - 1, room) - at;
      const text = displayWidth(label) <= free ? label : free >= LEAST_LABEL ? cutText(label, free, "head") : "";
      if (text === "") continue;
      spans.push({
        text,
        ...(isCursor
          ? { tone: "match" as const }
          : { tone: step.kind === "failure" ? ("danger" as const) : ("muted" as const) }),
      });
      at += displayWidth(text);
    }
    return spans;
  });
}
