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

export interface StackPart {
  readonly value: number;
  readonly tone: Tone;
  /** Drawn with this glyph, so that parts differ without colour: [unicode, ascii]. */
  readonly glyphs: readonly [string, string];
}

/** One horizontal bar cut into parts in proportion; every part that is not zero gets at least one column. */
export function stackedBar(parts: readonly StackPart[], width: number, unicode: boolean): Line {
  const present = parts.filter((part) => part.value > 0);
  const total = present.reduce((sum, part) => sum + part.value, 0);
  const columns = Math.max(0, Math.floor(width));
  if (total <= 0 || columns < present.length) return [];
  const lengths = present.map((part) => Math.max(1, Math.floor((part.value / total) * columns)));
  let spare = columns - lengths.reduce((sum, length) => sum + length, 0);
  while (spare !== 0) {
    const largest = lengths.indexOf(Math.max(...lengths));
    lengths[largest] = (lengths[largest] ?? 0) + (spare > 0 ? spare : -1);
    spare = spare > 0 ? 0 : spare + 1;
  }
  return present.map((part, at) => ({
    text: (unicode ? part.glyphs[0] : part.glyphs[1]).repeat(lengths[at] ?? 0),
    tone: part.tone,
  }));
}

export interface Layer {
  readonly values: readonly number[];
  readonly tone: Tone;
  readonly glyphs: readonly [string, string];
}

/**
 * Columns over time, layers stacked from the bottom, `height` lines from the top down, each `width` columns. The first
 * layers are the ones that must not be overlooked: a value above zero always gets a cell.
 */
export function stackedColumns(layers: readonly Layer[], width: number, height: number, unicode: boolean): Line[] {
  const columns = layers.map((layer) => resample(layer.values, width));
  const used = Math.max(0, ...columns.map((layer) => layer.length));
  const totals = Array.from({ length: used }, (_, at) => columns.reduce((sum, layer) => sum + (layer[at] ?? 0), 0));
  const top = Math.max(0, ...totals);
  const cells: (Layer | null)[][] = Array.from({ length: used }, (_, at) => {
    const stack: (Layer | null)[] = [];
    const total = totals[at] ?? 0;
    if (total <= 0 || top <= 0) return stack;
    const tall = Math.max(1, Math.round((total / top) * height));
    let drawn = 0;
    for (const [index, layer] of layers.entries()) {
      const value = columns[index]?.[at] ?? 0;
      if (value <= 0) continue;
      drawn += value;
      const upTo = Math.max(stack.length + 1, Math.round((drawn / total) * tall));
      while (stack.length < Math.min(upTo, height)) stack.push(layer);
    }
    return stack;
  });
  const rows: Line[] = [];
  for (let level = height - 1; level >= 0; level -= 1) {
    const spans: Span[] = [];
    for (let at = 0; at < used; at += 1) {
      const layer = cells[at]?.[level] ?? null;
      const text = layer === null ? " " : unicode ? layer.glyphs[0] : layer.glyphs[1];
      const tone = layer?.tone;
      const last = spans.at(-1);
      if (last !== undefined && last.tone === tone) spans[spans.length - 1] = { ...last, text: last.text + text };
      else spans.push(tone === undefined ? { text } : { text, tone });
    }
    rows.push(spans);
  }
  return rows;
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
