import type { Line, Span, Tone } from "./view.ts";

/** Small drawings out of characters. Each has a twin in plain ASCII; magnitude never rests on colour alone. */

const SPARKS = "▁▂▃▄▅▆▇█";
const ASCII_SPARKS = "_.:-=+*#";
const BAR_EIGHTHS = " ▏▎▍▌▋▊▉█";
const SHADES = "·░▒▓█";
const ASCII_SHADES = ".:+*#";

/** As many values as there are columns; neighbours are summed, fewer values are stretched. */
export function resample(values: readonly number[], width: number): number[] {
  const columns = Math.max(0, Math.floor(width));
  if (values.length === 0 || columns === 0) return [];
  if (values.length === columns) return values.map((value) => (value > 0 ? value : 0));
  const sums = Array.from({ length: columns }, () => 0);
  if (values.length < columns)
    return sums.map((_, at) => Math.max(0, values[Math.floor((at * values.length) / columns)] ?? 0));
  for (const [at, value] of values.entries()) {
    const column = Math.min(columns - 1, Math.floor((at * columns) / values.length));
    if (value > 0) sums[column] = (sums[column] ?? 0) + value;
  }
  return sums;
}

/** One character a value; nothing at all is a blank, anything at least the lowest bar. `top` is the full height. */
export function sparkline(values: readonly number[], width: number, unicode: boolean, top?: number): string {
  const columns = resample(values, width);
  const highest = Math.max(top ?? 0, ...columns);
  const glyphs = unicode ? SPARKS : ASCII_SPARKS;
  let text = "";
  for (const value of columns) {
    if (value <= 0 || highest <= 0) text += " ";
    else text += glyphs[Math.min(7, Math.max(0, Math.ceil((value / highest) * 8) - 1))] ?? " ";
  }
  return text;
}

/** A bar of exactly `width` columns filled to `share` (0…1); anything above nothing shows at least a sliver. */
export function shareBar(share: number, width: number, unicode: boolean): string {
  const columns = Math.max(0, Math.floor(width));
  const full = Math.min(1, Math.max(0, Number.isFinite(share) ? share : 0));
  if (!unicode) {
    const marks = full > 0 ? Math.max(1, Math.round(full * columns)) : 0;
    return "#".repeat(Math.min(columns, marks)).padEnd(columns);
  }
  const eighths = full > 0 ? Math.max(1, Math.round(full * columns * 8)) : 0;
  const whole = Math.floor(eighths / 8);
  const rest = BAR_EIGHTHS[eighths % 8] ?? "";
  return ("█".repeat(whole) + (eighths % 8 === 0 ? "" : rest)).padEnd(columns);
}

export interface Layer {
  readonly values: readonly number[];
  readonly tone: Tone;
  /** A full cell, so that layers differ without colour: [unicode, ascii]. */
  readonly glyphs: readonly [string, string];
}

/**
 * Columns over time, layers stacked from the bottom, `height` lines from the top down, each `width` columns: in proportion, to
 * an eighth of a line. A cell has the layer that most of it is of. What is above nothing shows at least a sliver.
 */
export function stackedColumns(layers: readonly Layer[], width: number, height: number, unicode: boolean): Line[] {
  const columns = layers.map((layer) => resample(layer.values, width));
  const used = Math.max(0, ...columns.map((layer) => layer.length));
  const totals = Array.from({ length: used }, (_, at) => columns.reduce((sum, layer) => sum + (layer[at] ?? 0), 0));
  const top = Math.max(0, ...totals);
  const full = height * EIGHTHS;
  const cell = (at: number, level: number): Span => {
    const total = totals[at] ?? 0;
    const floor = level * EIGHTHS;
    const filled = (total <= 0 ? 0 : Math.max(1, Math.round((total / top) * full))) - floor;
    if (filled <= 0) return { text: " " };
    const ends = [floor, floor + Math.min(EIGHTHS, filled)].map((eighths) => (eighths / full) * top);
    const layer = layers[largestWithin(columns, at, ends[0] ?? 0, ends[1] ?? 0)];
    if (layer === undefined) return { text: " " };
    const text = filled >= EIGHTHS ? layer.glyphs[unicode ? 0 : 1] : (unicode ? SPARKS : ASCII_SPARKS)[filled - 1];
    return { text: text ?? " ", tone: layer.tone };
  };
  return Array.from({ length: height }, (_, line) => joined(used, (at) => cell(at, height - 1 - line)));
}

const EIGHTHS = 8;

/** The layer that takes most of [from, to) of the stack at one column. */
function largestWithin(columns: readonly (readonly number[])[], at: number, from: number, to: number): number {
  let [best, most, bottom] = [-1, 0, 0];
  columns.forEach((layer, index) => {
    const above = bottom + (layer[at] ?? 0);
    const share = Math.min(above, to) - Math.max(bottom, from);
    if (share > most) [best, most] = [index, share];
    bottom = above;
  });
  return best >= 0 ? best : columns.findLastIndex((layer) => (layer[at] ?? 0) > 0);
}

/** Neighbours of one tone as one span. */
function joined(length: number, spanAt: (at: number) => Span): Line {
  const spans: Span[] = [];
  for (let at = 0; at < length; at += 1) {
    const next = spanAt(at);
    const last = spans.at(-1);
    if (last !== undefined && last.tone === next.tone)
      spans[spans.length - 1] = { ...last, text: last.text + next.text };
    else spans.push(next);
  }
  return spans;
}

/** Shades by magnitude on a logarithmic scale up to `top`; nothing is a blank. */
export function heatCells(values: readonly number[], width: number, top: number, unicode: boolean): string {
  const shades = unicode ? SHADES : ASCII_SHADES;
  const scale = Math.log1p(Math.max(1, top));
  let text = "";
  for (const value of resample(values, width)) {
    if (value <= 0) text += " ";
    else text += shades[Math.min(4, Math.floor((Math.log1p(value) / scale) * 4.999))] ?? " ";
  }
  return text;
}
