import { MAX_RECORD_BYTES } from "../contract.ts";
import { formats } from "../registry.ts";
import { sampleText } from "../shape/sample-text.ts";
import { BARE, contextText, type Around } from "./contract.ts";
import { QueuedStretch } from "./queued-stretch.ts";
import type { Unwrapper } from "./unwrapper.ts";

const QUOTE = 0x22;
const NEWLINE = 0x0a;
const BRACE = 0x7b;
const MAX_HEADER_BYTES = 64 * 1024;
/** No store has rows of more columns. */
const MAX_COLUMNS = 4096;

const COLUMN_SETS = formats.flatMap(({ columns = [] }) => columns);

export interface CsvHeader {
  readonly names: readonly string[];
  readonly delimiter: string;
}

/** The header that a line is, when its columns are those of a known format. */
export function csvHeader(bytes: Buffer, start: number, end: number): CsvHeader | null {
  if (end - start > MAX_HEADER_BYTES || bytes[start] === BRACE) return null;
  return headerOf(bytes.toString("utf8", start, end));
}

/** As csvHeader, of the line's text. */
export function headerOf(line: string): CsvHeader | null {
  for (const delimiter of [",", ";", "\t"]) {
    const names = cellsOf(line, delimiter)?.map((name) => name.trim());
    if (names === undefined) continue;
    const known = new Set(names.map((name) => name.toLowerCase().replace(/ \[utc\]$/, "")));
    if (COLUMN_SETS.some((set) => set.every((name) => known.has(name)))) return { names, delimiter };
  }
  return null;
}

/** Rows of a table under a header, RFC 4180: quoted cells may hold delimiters and newlines. Each becomes an object. */
export class CsvReader extends QueuedStretch {
  private readonly open: Unwrapper;
  private around: Around;
  private header: CsvHeader | null;
  /** How far the row at the queue's beginning was looked at, and whether a quoted cell is open there. */
  private seen = 0;
  private isQuoted = false;

  /** Begins with the header, unless it is given: then with a row. */
  constructor(open: Unwrapper, offset: number, header = "") {
    super(offset);
    this.open = open;
    this.header = header === "" ? null : headerOf(header);
    this.around = { ...BARE, context: contextText("csv", header) };
  }

  protected next(isLast: boolean): boolean {
    const { queue } = this;
    const end = this.rowEnd();
    if (end < 0 && !isLast) {
      if (queue.length <= MAX_RECORD_BYTES) return false;
      this.reject("bad", queue.length, `longer than ${MAX_RECORD_BYTES / 1024 / 1024} MiB`);
      return true;
    }
    const bytes = end < 0 ? queue.length : end - queue.start;
    if (end < 0 && this.isQuoted) {
      this.reject("truncated", bytes, "the last row is cut short");
      return false;
    }
    if (queue.bytes[queue.start] === BRACE) {
      this.isDone = true;
      return false;
    }
    this.row(queue.bytes.toString("utf8", queue.start, queue.start + bytes).replace(/\r$/, ""), bytes);
    this.take(end < 0 ? bytes : bytes + 1);
    return true;
  }

  private row(text: string, bytes: number): void {
    if (/^[\s\0]*$/.test(text)) return;
    const { header } = this;
    if (header === null) {
      this.begin(text);
      return;
    }
    const cells = cellsOf(text, header.delimiter);
    if (cells === null || cells.length !== header.names.length) {
      const { queue } = this;
      const sample = sampleText(queue.bytes, queue.start, queue.start + bytes);
      // Tables are put behind each other, header and all.
      if (headerOf(text) === null)
        this.open.reject("bad", queue.offset, bytes, "a row that does not fit its header", sample);
      else this.begin(text);
      return;
    }
    if (cells.every((cell, index) => cell.trim() === header.names[index])) return;
    const row: Record<string, string> = Object.create(null) as Record<string, string>;
    for (const [index, name] of header.names.entries()) row[name] = cells[index] as string;
    this.open.value(row, this.queue.offset, bytes, this.around);
  }

  private begin(text: string): void {
    this.header = headerOf(text);
    this.around = { ...BARE, context: contextText("csv", text) };
  }

  /** Index of the newline behind the row at the queue's beginning; −1 when it is not there yet. */
  private rowEnd(): number {
    const { bytes, start, end } = this.queue;
    for (let i = start + this.seen; i < end; i += 1) {
      const c = bytes[i];
      if (c === QUOTE) this.isQuoted = !this.isQuoted;
      else if (c === NEWLINE && !this.isQuoted) return i;
    }
    this.seen = end - start;
    return -1;
  }

  private reject(kind: "bad" | "truncated", bytes: number, reason: string): void {
    const { queue } = this;
    const sample = sampleText(queue.bytes, queue.start, Math.min(queue.end, queue.start + 400));
    this.open.reject(kind, queue.offset, bytes, reason, sample);
    this.take(bytes);
  }

  private take(bytes: number): void {
    this.queue.take(bytes);
    this.seen = 0;
    this.isQuoted = false;
  }
}

/** Null for a row that can't be split: a quote in the middle of a cell, an open one, far too many cells. */
function cellsOf(row: string, delimiter: string): string[] | null {
  const cells: string[] = [];
  for (let at = 0; ;) {
    if (cells.length >= MAX_COLUMNS) return null;
    if (row[at] === '"') {
      let close = at + 1;
      for (;;) {
        close = row.indexOf('"', close);
        if (close < 0) return null;
        if (row[close + 1] !== '"') break;
        close += 2;
      }
      cells.push(row.slice(at + 1, close).replaceAll('""', '"'));
      at = close + 1;
      if (at < row.length && row[at] !== delimiter) return null;
    } else {
      const end = row.indexOf(delimiter, at);
      cells.push(end < 0 ? row.slice(at) : row.slice(at, end));
      at = end < 0 ? row.length : end;
    }
    if (at >= row.length) return cells;
    at += 1;
  }
}
