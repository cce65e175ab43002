import type { RecordReader, RecordSink } from "../../ingest/contract.ts";
import type { Framing } from "../contract.ts";
import { CsvReader, csvHeader } from "./csv-reader.ts";
import { DocumentReader } from "./document-reader.ts";
import { BARE, contextOf } from "./contract.ts";
import type { Stretch } from "./framing.ts";
import { beginsEntry, JournalReader } from "./journal-reader.ts";
import { LineReader } from "./line-reader.ts";
import { beginsFrame, OctetReader } from "./octet-reader.ts";
import { Unwrapper } from "./unwrapper.ts";
import { beginsYaml, YamlReader } from "./yaml-reader.ts";

export interface ReaderOptions {
  /** Decompressed offset of the first byte that will come. */
  readonly baseOffset: number;
  /** How the input begins, when that is known; otherwise it is told from each line. */
  readonly framing?: Framing | undefined;
  /** What the records were told with when they were read first (Origin.context). */
  readonly context?: string;
}

/**
 * Reads an input of any kind, also of several one after the other: line by line, until a line begins something that is
 * read in another way: a list or a pretty-printed document, a table, YAML, a journal, counted syslog frames.
 */
export class InputReader implements RecordReader {
  private readonly open: Unwrapper;
  private readonly lines: LineReader;
  private other: Stretch | null = null;
  /** Absolute offset of the next byte to be read. */
  private offset: number;
  /** Where a line turned out not to begin what it seemed to. */
  private refusedAt = -1;
  /** What the line that is handed over begins. */
  private begins: Framing = "documents";

  constructor(sink: RecordSink, { baseOffset, framing = "lines", context = "" }: ReaderOptions) {
    this.open = new Unwrapper(sink);
    this.offset = baseOffset;
    this.lines = new LineReader(sink, this.open, baseOffset, (bytes, start, end, offset) =>
      this.beginsOther(bytes, start, end, offset),
    );
    const known = contextOf(context);
    if (known.framing === "csv") this.other = new CsvReader(this.open, baseOffset, known.header);
    else if ((known.framing ?? framing) !== "lines") this.other = this.stretch(known.framing ?? framing, baseOffset);
  }

  get consumedOffset(): number {
    const own = this.other?.consumedOffset ?? this.lines.consumedOffset;
    return Math.min(own, this.open.pendingOffset ?? own);
  }

  push(chunk: Uint8Array): void {
    this.feed(Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length));
  }

  end(): void {
    for (;;) {
      if (this.other !== null) {
        this.other.end();
        this.takeBack(this.other);
      } else {
        this.lines.end();
        if (!this.lines.isHandingOver) break;
        this.handOver();
      }
    }
    this.open.end();
  }

  private feed(bytes: Buffer): void {
    let position = 0;
    while (position < bytes.length) {
      const piece = position === 0 ? bytes : bytes.subarray(position);
      const read = this.other === null ? this.lines.push(piece) : this.other.push(piece);
      position += read;
      this.offset += read;
      if (this.lines.isHandingOver) this.handOver();
      else if (this.other?.isDone === true) this.takeBack(this.other);
    }
  }

  private handOver(): void {
    const { carried, offset } = this.lines.takeHandover();
    this.other = this.stretch(this.begins, offset);
    this.begins = "documents";
    if (carried === null) return;
    this.offset = offset;
    this.feed(carried);
  }

  /** What the stretch read and has no use for is read in lines: the first of them begins nothing like it. */
  private takeBack({ rest, consumedOffset }: Stretch): void {
    this.other = null;
    this.refusedAt = this.offset = consumedOffset;
    this.lines.resume(consumedOffset);
    if (rest.length > 0) this.feed(rest);
  }

  private beginsOther(bytes: Buffer, start: number, end: number, offset: number): boolean {
    if (offset === this.refusedAt) return false;
    const framing = this.framingOf(bytes, start, end);
    if (framing === null) return false;
    this.begins = framing;
    return true;
  }

  private framingOf(bytes: Buffer, start: number, end: number): Framing | null {
    if (beginsFrame(bytes, start, end)) return "octets";
    if (beginsEntry(bytes, start, end)) return "journal";
    if (beginsYaml(bytes, start, end)) return "yaml";
    return csvHeader(bytes, start, end) === null ? null : "csv";
  }

  private stretch(framing: Framing, offset: number): Stretch {
    switch (framing) {
      case "csv":
        return new CsvReader(this.open, offset);
      case "yaml":
        return new YamlReader(this.open, offset);
      case "journal":
        return new JournalReader(this.open, offset);
      case "octets":
        return new OctetReader(offset, (bytes, start, end, at) => this.lines.message(bytes, start, end, at));
      default:
        return new DocumentReader(this.open, offset, BARE, true);
    }
  }
}
