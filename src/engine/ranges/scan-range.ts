import type { EventScanner } from "../../ingest/scanner/scanner.ts";
import { InputTally } from "../input-tally.ts";
import { RecordIntake } from "../record-intake.ts";
import type { Range, RangedFile, RangeSource, ScannedRange } from "./contract.ts";

const NEWLINE = 10;
/** Behind the range only the rest of one line is needed. */
const REST_BYTES = 64 * 1024;

/** Reads up to `bytes` at `offset` of the file into the buffer's beginning; 0 at its end. */
export type ReadFile = (buffer: Buffer, bytes: number, offset: number) => number | Promise<number>;

/**
 * Scans one range in this thread, read `buffer` at a time. Throws what `read` throws; the scanner then holds rows of half a
 * range.
 */
export async function scanRange(
  file: Pick<RangedFile, "format" | "apiserver">,
  range: Range,
  scanner: EventScanner,
  buffer: Buffer,
  read: ReadFile,
): Promise<ScannedRange> {
  const reader = new RangeReader(range, buffer, read);
  const start = await reader.findStart();
  const tally = new InputTally("");
  const sources: RangeSource[] = [];
  const intake = new RecordIntake({
    tally,
    scanner,
    format: file.format,
    baseOffset: start ?? range.from,
    apiserver: file.apiserver,
    registerSource: (apiserver, context) => sources.push({ apiserver, context }) - 1,
  });
  if (start !== null) {
    for (let lines = await reader.lines(); lines !== null; lines = await reader.lines()) intake.push(lines);
  }
  intake.end();
  return {
    batch: scanner.takeBatch(),
    sources,
    rejected: tally.rejected,
    start: start ?? range.from,
    end: start === null ? range.from : reader.offset,
    isAtEnd: reader.isAtEnd,
    remembers: start !== null && reader.offset > start && !intake.isSplittable,
  };
}

/** Cuts the lines of a range out of a file. */
class RangeReader {
  /** Behind the last byte handed out. */
  offset: number;
  isAtEnd = false;
  private readonly range: Range;
  private readonly buffer: Buffer;
  private readonly read: ReadFile;
  /** What was read and not handed out yet: buffer[at, filled). */
  private at = 0;
  private filled = 0;
  private hasEnded = false;

  constructor(range: Range, buffer: Buffer, read: ReadFile) {
    this.range = range;
    this.buffer = buffer;
    this.read = read;
    this.offset = range.from;
  }

  /** Start of the first line; null when there is none. */
  async findStart(): Promise<number | null> {
    if (this.range.isLineStart) return this.offset;
    while (this.offset < this.range.to && (await this.fill())) {
      const newline = this.buffer.subarray(0, this.filled).indexOf(NEWLINE);
      if (newline >= 0) {
        this.at = newline + 1;
        this.offset += this.at;
        return this.offset <= this.range.to ? this.offset : null;
      }
      this.offset += this.filled;
      this.filled = 0;
    }
    return null;
  }

  /** The next bytes, to the end of the range's last line; valid until the next call. */
  async lines(): Promise<Buffer | null> {
    if (this.hasEnded || (this.at === this.filled && !(await this.fill()))) return null;
    const { buffer, at } = this;
    let end = this.filled;
    if (this.offset + (end - at) > this.range.to) {
      const from = Math.max(at, at + this.range.to - this.offset);
      const newline = buffer.subarray(from, end).indexOf(NEWLINE);
      if (newline >= 0) {
        end = from + newline + 1;
        this.hasEnded = true;
      }
    }
    this.offset += end - at;
    this.at = end;
    return buffer.subarray(at, end);
  }

  /** Reads what comes next into the empty buffer; false at the end of the file. */
  private async fill(): Promise<boolean> {
    const { buffer, offset } = this;
    const left = this.range.to - offset;
    const bytes = Math.min(buffer.length, left > 0 ? left : REST_BYTES);
    this.at = 0;
    this.filled = await this.read(buffer, bytes, offset);
    this.isAtEnd = this.filled === 0;
    return this.filled > 0;
  }
}
