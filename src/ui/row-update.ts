import { displayWidth } from "../models/display-width.ts";
import type { PaintedRow } from "./paint.ts";

/**
 * Characters that every terminal shows one column wide: ASCII, Latin-1, and the marks, arrows, boxes, blocks and Braille
 * dots of our own drawing. Rows with others are rewritten whole: terminals disagree on how wide those are.
 */
const CERTAIN =
  /^[\x20-\x7e\u00a1-\u00ac\u00ae-\u00ff\u2010-\u2026\u2039\u203a\u2190-\u2193\u2264\u2265\u2500-\u259f\u25b2\u25b8\u25bc\u25be\u2800-\u28ff]*$/;
/** A run of equal cells shorter than a cursor movement (`CSI 12;118H`) is cheaper to write again. */
const SHORTEST_SKIP = 9;

interface Cells {
  readonly text: string;
  /** SGR parameters per character. */
  readonly styles: readonly string[];
}

/**
 * Escape sequences that turn `before` (what is on the screen, null when unknown) into `after` on screen row `row`
 * (1-based). Empty when nothing differs. Ends with plain style.
 */
export function rowUpdate(before: PaintedRow | null, after: PaintedRow, row: number): string {
  if (before === after || (before !== null && isSame(before, after))) return "";
  const old = before === null ? null : cellsOf(before);
  const next = cellsOf(after);
  if (next === null) return placedRow(after, row);
  if (old === null) return `\u001b[${row};1H${styled(after)}\u001b[K`;

  let out = "";
  let at = 0;
  while (at < next.text.length) {
    at = firstDifference(old, next, at);
    if (at === next.text.length) break;
    const end = endOfRun(old, next, at);
    out += `\u001b[${row};${at + 1}H${styledCells(next, at, end)}`;
    at = end;
  }
  if (old.text.length > next.text.length) out += `\u001b[${row};${next.text.length + 1}H\u001b[K`;
  return out;
}

function isSame(a: PaintedRow, b: PaintedRow): boolean {
  return a.length === b.length && a.every((span, at) => span.text === b[at]?.text && span.sgr === b[at]?.sgr);
}

/** Null for rows with characters of uncertain width. Plain blanks at the end are as good as nothing. */
function cellsOf(row: PaintedRow): Cells | null {
  let text = "";
  const styles: string[] = [];
  for (const span of row) {
    if (!CERTAIN.test(span.text)) return null;
    text += span.text;
    for (let at = 0; at < span.text.length; at += 1) styles.push(span.sgr);
  }
  let length = text.length;
  while (length > 0 && text[length - 1] === " " && !isSeenOnBlank(styles[length - 1] ?? "")) length -= 1;
  return { text: text.slice(0, length), styles };
}

/** Reverse and background colours show on a blank; foreground colours and bold don't. */
function isSeenOnBlank(sgr: string): boolean {
  return /(^|;)(7|4|48|4\d|10\d)(;|$)/.test(sgr);
}

function isEqual(a: Cells, b: Cells, at: number): boolean {
  return a.text[at] === b.text[at] && a.styles[at] === b.styles[at];
}

function firstDifference(old: Cells, next: Cells, from: number): number {
  let at = from;
  while (at < next.text.length && at < old.text.length && isEqual(old, next, at)) at += 1;
  return at;
}

/** Where writing can stop: at a run of equal cells worth jumping over, or the end. */
function endOfRun(old: Cells, next: Cells, from: number): number {
  let end = from;
  for (let at = from; at < next.text.length; at += 1) {
    if (at >= old.text.length || !isEqual(old, next, at)) end = at + 1;
    else if (at - end >= SHORTEST_SKIP) return end;
  }
  return end;
}

/** Plain blanks are erased and jumped over where that takes fewer bytes than writing them. */
const LONG_BLANK = / {12,}/g;

function erasedBlank(blank: string): string {
  return `\u001b[${blank.length}X\u001b[${blank.length}C`;
}

function styledCells({ text, styles }: Cells, from: number, to: number): string {
  let out = "";
  let style = "";
  for (let start = from; start < to;) {
    const sgr = styles[start] ?? "";
    let end = start + 1;
    while (end < to && (styles[end] ?? "") === sgr) end += 1;
    if (sgr !== style) out += sgr === "" ? "\u001b[m" : `\u001b[${style === "" ? "" : "0;"}${sgr}m`;
    const piece = text.slice(start, end);
    out += sgr === "" ? piece.replaceAll(LONG_BLANK, erasedBlank) : piece;
    style = sgr;
    start = end;
  }
  return style === "" ? out : `${out}\u001b[m`;
}

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

/**
 * A row with characters whose width terminals disagree on: what follows them is put at its own column, so that a character
 * drawn wider or narrower than here shifts nothing, and nothing wraps into the next row.
 */
function placedRow(row: PaintedRow, screenRow: number): string {
  let out = `\u001b[?7l\u001b[${screenRow};1H\u001b[2K`;
  let column = 1;
  let isUncertain = false;
  for (const { text, sgr } of row) {
    let piece = "";
    for (const { segment } of graphemes.segment(text)) {
      const isCertain = CERTAIN.test(segment);
      if (isCertain && isUncertain) piece += `\u001b[${column}G`;
      isUncertain = !isCertain;
      piece += segment;
      column += displayWidth(segment);
    }
    out += sgr === "" ? piece : `\u001b[${sgr}m${piece}\u001b[m`;
  }
  return `${out}\u001b[?7h`;
}

function styled(row: PaintedRow): string {
  return row.map(({ text, sgr }) => (sgr === "" ? text : `\u001b[${sgr}m${text}\u001b[m`)).join("");
}
