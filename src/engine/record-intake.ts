import { SNIFF_BYTES } from "../formats/contract.ts";
import { openReader } from "../formats/reading/open-reader.ts";
import { sniff } from "../formats/sniffing/sniff.ts";
import type { Origin, OtherLine, RecordReader, RecordSink, RejectKind } from "../ingest/contract.ts";
import type { EventScanner } from "../ingest/scanner/scanner.ts";
import type { InputTally } from "./input-tally.ts";

const NEWLINE = 10;

/**
 * Numbers a source (one generation of a file as one API server's) in the ring and makes it readable again. `context`: see
 * Origin.
 */
export type RegisterSource = (apiserver: string, context: string) => number;

/** Why a file with this beginning is no audit log, as a clause; null when it may be one. */
export function refusalOf(head: Uint8Array): string | null {
  const found = sniff(head, head.length < SNIFF_BYTES);
  if (found.kind === "maybe") return found.looks;
  return found.kind === "refused" ? found.reason : found.kind === "empty" ? "is empty" : null;
}

/** What looks at each record: makes events of them, or shows them to somebody. */
export type RecordScanner = Pick<EventScanner, "scan" | "scanLines">;

export interface IntakeOptions {
  readonly tally: InputTally;
  readonly scanner: RecordScanner;
  readonly registerSource: RegisterSource;
  /** "auto" or a format's id. */
  readonly format: string;
  /** Decompressed offset of the first byte that will come. */
  readonly baseOffset: number;
  readonly apiserver: string;
}

/**
 * Bytes of one source → events of a batch: sniffs the format, opens its reader, scans each record, counts what is none.
 * Several intakes of one stream of time share a scanner; take its batch after every chunk.
 */
export class RecordIntake implements RecordSink {
  private readonly options: IntakeOptions;
  private readonly numbers = new Map<string, number>();
  /** The origin whose number was asked for last, and that number. */
  private lastOrigin: Origin | undefined;
  private lastNumber = -1;
  private reader: RecordReader | null = null;
  private head: Buffer = Buffer.alloc(0);
  /** Decompressed offset of the head's first byte: blanks in front of it are let go. */
  private headOffset: number;
  /** What a source without an event so far looks like, as the reason of a refusal. */
  private looks: string | null = null;
  /** Why nothing of this source is taken; null while it is. */
  refused: string | null = null;
  private hasTaken = false;
  private readonly ownSource = (): number => {
    this.hasTaken = true;
    return this.sourceNumber(undefined);
  };

  constructor(options: IntakeOptions) {
    this.options = options;
    this.headOffset = options.baseOffset;
  }

  push(chunk: Uint8Array): void {
    if (this.refused !== null) return;
    if (this.reader !== null) {
      this.reader.push(chunk);
      return;
    }
    const isFirst = this.head.length === 0;
    this.head = isFirst ? Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length) : Buffer.concat([this.head, chunk]);
    this.skipBlanks();
    this.open(false);
    // The chunk is the source's.
    if (isFirst) this.head = Buffer.from(this.head);
  }

  /** Blank lines and padding of any length may precede the first event. */
  private skipBlanks(): void {
    let blanks = 0;
    while (blanks < this.head.length && (this.head[blanks] as number) <= 0x20) blanks += 1;
    // The blanks of a line are kept: what is indented is told by them.
    const line = this.head.subarray(0, blanks).lastIndexOf(0x0a) + 1;
    const nul = this.head.subarray(0, blanks).lastIndexOf(0) + 1;
    const skipped = blanks === this.head.length ? blanks : Math.max(line, nul);
    this.headOffset += skipped;
    this.head = this.head.subarray(skipped);
  }

  /** Everything before this offset has become records or was passed over. */
  get consumedOffset(): number {
    if (this.refused !== null) return Number.POSITIVE_INFINITY;
    return this.reader?.consumedOffset ?? this.headOffset;
  }

  /** Why nothing of this source is taken, or would be if it did not grow any more; null while it may be a log. */
  get doubt(): string | null {
    if (this.refused !== null || this.reader !== null || !this.head.includes(NEWLINE)) return this.refused;
    const found = sniff(this.head.subarray(0, SNIFF_BYTES), true);
    return found.kind === "refused" ? found.reason : null;
  }

  /** The source will not grow any more. `isComplete` false: but not all of it was seen. */
  end(isComplete = true): void {
    if (this.refused !== null) return;
    if (this.reader === null && this.head.length > 0) this.open(true);
    this.reader?.end();
    if (isComplete && this.looks !== null && !this.hasTaken) this.refused = this.looks;
  }

  private open(isWhole: boolean): void {
    const { tally, format } = this.options;
    let id = format === "auto" ? tally.format : format;
    if (id === "") {
      const found = sniff(this.head.subarray(0, SNIFF_BYTES), isWhole && this.head.length <= SNIFF_BYTES);
      if (found.kind === "need-more" || found.kind === "empty") return;
      if (found.kind === "refused") {
        this.refused = found.reason;
        this.head = Buffer.alloc(0);
        return;
      }
      if (found.kind === "maybe") this.looks = found.looks;
      else id = found.format;
    }
    tally.format = id;
    this.reader = openReader(id, this, this.headOffset);
    const head = this.head;
    this.head = Buffer.alloc(0);
    this.reader.push(head);
  }

  record(buffer: Uint8Array, start: number, end: number, offset: number, bytes: number, origin?: Origin): boolean {
    const { scanner, tally } = this.options;
    const source = this.sourceNumber(origin);
    if (!scanner.scan(buffer, start, end, source, offset, bytes)) return false;
    this.hasTaken = true;
    if (origin !== undefined && origin.format !== "") {
      tally.count(origin.format, 1);
      if (tally.format === "") tally.format = origin.format;
    }
    return true;
  }

  lines(buffer: Uint8Array, start: number, end: number, offset: number, other: OtherLine): number {
    return this.options.scanner.scanLines(buffer, start, end, this.ownSource, offset, other);
  }

  reject(kind: RejectKind, offset: number, bytes: number, reason: string, sample: string, _format: string): void {
    this.options.tally.reject(kind, offset, bytes, reason, sample);
  }

  private sourceNumber(origin: Origin | undefined): number {
    if (origin === this.lastOrigin && this.lastNumber >= 0) return this.lastNumber;
    const apiserver = origin === undefined || origin.apiserver === "" ? this.options.apiserver : origin.apiserver;
    const context = origin?.context ?? "";
    const key = `${apiserver}\n${context}`;
    let number = this.numbers.get(key);
    if (number === undefined) {
      number = this.options.registerSource(apiserver, context);
      this.numbers.set(key, number);
    }
    this.lastOrigin = origin;
    this.lastNumber = number;
    return number;
  }
}
