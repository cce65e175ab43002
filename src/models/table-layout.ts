import { displayWidth, fitText, wrapText } from "./display-width.ts";
import { fitLine } from "./line.ts";
import type { Cell, Column, Line, Span, TableModel, TableRow } from "./view.ts";

/** A table model cut to a width: which columns stay, how wide each is, and the lines. */

const GAP = 2;
const CURSOR_MARK = "▸ ";
const NO_MARK = "  ";
/** Numbers stay near the names they belong to: wider screens stretch a table no further. */
const MOST_STRETCHED = 120;
/** A name cut shorter tells nothing. */
const SHORTEST_NAME = 6;
const MARKED = "◆ ";
const MARKED_CURSOR = "▸◆";

export interface TableOptions {
  /** Number.POSITIVE_INFINITY: every column at its natural width (writers). */
  readonly width: number;
  readonly cursorId?: string | null;
  /** Leave the two columns for the cursor mark away. */
  readonly plain?: boolean;
  /** Without the line of column titles. */
  readonly headless?: boolean;
  /** Draws the cursor's row bold and accented: for tables beside others, where a whole line must not be highlighted. */
  readonly emphasis?: boolean;
  /** At most this many rows of the model. */
  readonly rows?: number;
}

export interface TableLines {
  readonly lines: readonly Line[];
  /** Index into `lines`. */
  readonly cursorLine: number | null;
  readonly columns: readonly { readonly column: Column; readonly left: number; readonly width: number }[];
}

interface Sized {
  readonly column: Column;
  readonly index: number;
  readonly natural: number;
  readonly least: number;
  width: number;
}

function naturalWidth(column: Column, index: number, rows: readonly TableRow[], sorted: boolean): number {
  if (column.width !== undefined) return column.width;
  let width = displayWidth(column.title) + (sorted ? 1 : 0);
  for (const row of rows) width = Math.max(width, displayWidth(row.cells[index]?.text ?? ""));
  return Math.max(column.minWidth ?? 1, Math.min(width, column.maxWidth ?? Number.POSITIVE_INFINITY));
}

/** Numbers are never cut: their natural width is their least one. */
function leastWidth(column: Column, natural: number): number {
  if (column.align === "right") return natural;
  return Math.min(natural, column.minWidth ?? 8);
}

function total(columns: readonly Sized[], of: (column: Sized) => number): number {
  return columns.reduce((sum, column) => sum + of(column), 0) + GAP * Math.max(0, columns.length - 1);
}

/** Which columns are shown and how wide. Columns with the highest `drop` go first; then the widest are narrowed. */
function sizeColumns(model: TableModel, rows: readonly TableRow[], width: number): Sized[] {
  let sized: Sized[] = model.columns.map((column, index) => {
    const natural = naturalWidth(column, index, rows, model.sort?.column === column.id);
    return { column, index, natural, least: leastWidth(column, natural), width: natural };
  });
  while (total(sized, (column) => column.least) > width) {
    const worst = Math.max(...sized.map((column) => column.column.drop ?? 0));
    if (worst === 0) break;
    const at = sized.findLastIndex((column) => (column.column.drop ?? 0) === worst);
    sized = sized.filter((_, index) => index !== at);
  }
  const excess = narrow(sized, total(sized, (column) => column.width) - width, (column) => column.least);
  // Rather names cut shorter than they like than numbers cut off at the edge.
  const isCut = (column: Sized): boolean => column.least < column.natural && column.column.align !== "right";
  narrow(sized, excess, (column) => (isCut(column) ? Math.min(column.least, SHORTEST_NAME) : column.width));
  const widest = model.stretch === "whole" ? width : Math.min(width, MOST_STRETCHED);
  const spare = Number.isFinite(width) ? widest - total(sized, (column) => column.width) : 0;
  const shares = sized.reduce((sum, column) => sum + (column.column.grow ?? 0), 0);
  if (spare > 0 && shares > 0) {
    let left = spare;
    const growing = sized.filter((column) => (column.column.grow ?? 0) > 0);
    for (const [at, column] of growing.entries()) {
      const extra = at === growing.length - 1 ? left : Math.floor((spare * (column.column.grow ?? 0)) / shares);
      column.width += extra;
      left -= extra;
    }
  }
  return sized;
}

/** Takes `excess` columns off the widest, none below its `least`; returns what could not be taken. */
function narrow(sized: readonly Sized[], excess: number, least: (column: Sized) => number): number {
  let left = excess;
  while (left > 0) {
    const candidates = sized.filter((column) => column.width > least(column));
    const widest = Math.max(0, ...candidates.map((column) => column.width));
    if (widest === 0) break;
    for (const column of candidates) {
      if (left > 0 && column.width === widest) {
        column.width -= 1;
        left -= 1;
      }
    }
  }
  return left;
}

function cellSpans(cell: Cell | undefined, { column, width }: Sized): Line {
  const align = column.align ?? "left";
  const keep = column.keep ?? "tail";
  if (cell?.spans !== undefined) return fitLine(cell.spans, width, align, keep);
  const text = fitText(cell?.text ?? "", width, align, keep);
  return [cell?.tone === undefined ? { text } : { text, tone: cell.tone }];
}

/** One line a row, but for columns that wrap. */
function rowLines(row: TableRow, sized: readonly Sized[]): readonly (readonly Line[])[] {
  const pieces = sized.map(({ column, index, width }) => {
    const cell = row.cells[index];
    if (column.wrap !== true || cell === undefined || !Number.isFinite(width)) return [cell];
    return wrapText(cell.text, width).map((text): Cell => ({ ...cell, text }));
  });
  const most = Math.max(1, ...pieces.map(({ length }) => length));
  return Array.from({ length: most }, (_, line) => sized.map((column, at) => cellSpans(pieces[at]?.[line], column)));
}

function titleSpan(model: TableModel, { column, width }: Sized): Span {
  const isSorted = model.sort?.column === column.id;
  const arrow = isSorted ? (model.sort?.reverse === true ? "▲" : "▼") : "";
  return {
    text: fitText(column.title + arrow, width, column.align ?? "left", "head"),
    tone: isSorted ? "accent" : "muted",
  };
}

/** Drops what would only be blank at the end of a line. */
function joined(parts: readonly Line[], lead: string): Line {
  const spans: Span[] = lead === "" ? [] : [{ text: lead }];
  for (const [at, part] of parts.entries()) {
    if (at > 0) spans.push({ text: " ".repeat(GAP) });
    spans.push(...part);
  }
  while (spans.length > 0) {
    const last = spans.at(-1) as Span;
    const text = last.text.trimEnd();
    if (text === last.text) break;
    spans.pop();
    if (text !== "") spans.push({ ...last, text });
  }
  return spans;
}

function leadOf(isCursor: boolean, isMarked: boolean): string {
  if (isMarked) return isCursor ? MARKED_CURSOR : MARKED;
  return isCursor ? CURSOR_MARK : NO_MARK;
}

function placed(sized: readonly Sized[], lead: number): TableLines["columns"] {
  let left = lead;
  return sized.map(({ column, width }) => {
    const place = { column, left, width };
    left += width + GAP;
    return place;
  });
}

export function layoutTable(model: TableModel, options: TableOptions): TableLines {
  const rows = options.rows === undefined ? model.rows : model.rows.slice(0, options.rows);
  const lead = options.plain === true ? "" : NO_MARK;
  const sized = sizeColumns(model, rows, options.width - lead.length);
  const lines: Line[] = [];
  if (options.headless !== true)
    lines.push(
      joined(
        sized.map((column) => [titleSpan(model, column)]),
        lead,
      ),
    );
  let cursorLine: number | null = null;
  for (const row of rows) {
    const isCursor = options.cursorId !== undefined && options.cursorId !== null && row.id === options.cursorId;
    if (isCursor) cursorLine = lines.length;
    const isEmphasised = isCursor && options.emphasis === true;
    rowLines(row, sized).forEach((cells, at) => {
      const lead = at > 0 ? NO_MARK : leadOf(isCursor, row.marked === true);
      const drawn = joined(cells, options.plain === true ? "" : lead);
      lines.push(isEmphasised ? drawn.map((part) => ({ ...part, tone: "accent", bold: true })) : drawn);
    });
  }
  if (rows.length === 0 && model.empty !== undefined) lines.push([{ text: lead + model.empty, tone: "muted" }]);
  return { lines, cursorLine, columns: placed(sized, lead.length) };
}
