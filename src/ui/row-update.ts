import { displayWidth } from "../models/display-width.ts";
import type { PaintedRow } from "./paint.ts";
import { isSeenOnBlank, styleChange } from "./sgr.ts";

/**
 * Characters that every terminal shows one column wide: ASCII, Latin-1, and the marks, arrows, boxes, blocks and Braille
 * dots of our own drawing. Rows with others are rewritten whole: terminals disagree on how wide those are.
 */
const CERTAIN =
  /^[\x20-\x7e\u00a1-\u00ac\u00ae-\u00ff\u2010-\u2026\u2039\u203a\u2190-\u2193\u2264\u2265\u2500-\u259f\u25b2\u25b8\u25bc\u25be\u2800-\u28ff]*$/;
/** Equal cells of fewer bytes than a cursor movement (`CSI 12C`) are cheaper to write again. */
const SHORTEST_SKIP = 5;
/** Plain blanks of this number are erased and jumped over (`CSI 12X CSI 12C`): that takes fewer bytes than writing them. */
const SHORTEST_ERASE = 11;
/** The style of a blank that looks the same in all styles without background. */
const ANY = null;

interface Cells {
  readonly text: string;
  /** SGR parameters per character. */
  readonly styles: readonly (string | typeof ANY)[];
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
  const pen = new Pen(row);
  if (old === null) {
    pen.moveTo(0);
    // First: behind a character in the last column it would erase that one.
    pen.eraseToEnd();
    pen.write(next, 0, next.text.length);
    return pen.finished();
  }
  for (let at = firstDifference(old, next, 0); at < next.text.length; at = firstDifference(old, next, at)) {
    const end = endOfRun(old, next, at);
    pen.moveTo(at);
    pen.write(next, at, end);
    at = end;
  }
  if (old.text.length > next.text.length) {
    pen.moveTo(next.text.length);
    pen.eraseToEnd();
  }
  return pen.finished();
}

/** Collects what is written on one row, and knows where the cursor stands and which style is on. */
class Pen {
  private readonly row: number;
  private out = "";
  private style = "";
  /** 0-based; null before the first movement. */
  private column: number | null = null;

  constructor(row: number) {
    this.row = row;
  }

  moveTo(column: number): void {
    if (this.column === column) return;
    if (this.column !== null) this.out += forward(column - this.column);
    else this.out += column === 0 ? `\u001b[${this.row}H` : `\u001b[${this.row};${column + 1}H`;
    this.column = column;
  }

  write({ text, styles }: Cells, from: number, to: number): void {
    for (let start = from; start < to;) {
      const style = styles[start] ?? ANY;
      let end = start + 1;
      while (end < to && (styles[end] ?? ANY) === style) end += 1;
      if (style === ANY) this.blanks(end - start);
      else {
        this.changeStyle(style);
        this.out += text.slice(start, end);
      }
      start = end;
    }
    this.column = to;
  }

  eraseToEnd(): void {
    if (isSeenOnBlank(this.style)) this.changeStyle("");
    this.out += "\u001b[K";
  }

  finished(): string {
    this.changeStyle("");
    return this.out;
  }

  private blanks(count: number): void {
    if (isSeenOnBlank(this.style)) this.changeStyle("");
    this.out += count < SHORTEST_ERASE ? " ".repeat(count) : `\u001b[${count}X${forward(count)}`;
  }

  private changeStyle(style: string): void {
    this.out += styleChange(this.style, style);
    this.style = style;
  }
}

function forward(columns: number): string {
  return columns === 1 ? "\u001b[C" : `\u001b[${columns}C`;
}

function isSame(a: PaintedRow, b: PaintedRow): boolean {
  return a.length === b.length && a.every((span, at) => span.text === b[at]?.text && span.sgr === b[at]?.sgr);
}

/** Null for rows with characters of uncertain width. Plain blanks at the end are as good as nothing. */
function cellsOf(row: PaintedRow): Cells | null {
  let text = "";
  const styles: (string | typeof ANY)[] = [];
  for (const span of row) {
    if (!CERTAIN.test(span.text)) return null;
    const onBlank = isSeenOnBlank(span.sgr) ? span.sgr : ANY;
    for (const character of span.text) styles.push(character === " " ? onBlank : span.sgr);
    text += span.text;
  }
  let length = text.length;
  while (length > 0 && text[length - 1] === " " && styles[length - 1] === ANY) length -= 1;
  return { text: text.slice(0, length), styles };
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
  let skipped = 0;
  for (let at = from; at < next.text.length; at += 1) {
    if (at >= old.text.length || !isEqual(old, next, at)) {
      end = at + 1;
      skipped = 0;
      continue;
    }
    skipped += bytesOf(next, at);
    if (skipped >= SHORTEST_SKIP) return end;
  }
  return end;
}

/** What writing a cell takes, with what a style of its own costs. */
function bytesOf({ text, styles }: Cells, at: number): number {
  const code = text.charCodeAt(at);
  const isStyled = styles[at] !== ANY && styles[at] !== styles[at - 1];
  return (code < 0x80 ? 1 : code < 0x800 ? 2 : 3) + (isStyled ? 4 : 0);
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
