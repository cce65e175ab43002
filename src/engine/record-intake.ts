import { openReader, sniff, SNIFF_BYTES } from "../formats/registry.ts";
import { unwrap } from "../formats/unwrap.ts";
import type { OtherLine, RecordReader, RecordSink, RejectKind } from "../ingest/contract.ts";
import type { EventScanner } from "../ingest/scanner/scanner.ts";
import type { InputTally } from "./input-tally.ts";

const NEWLINE = 10;

/** Numbers a source (one generation of a file as one API server's) in the ring and makes it readable again. */
export type RegisterSource = (apiserver: string) => number;

/** Why a file with this beginning is no audit log, as a clause; null when it may be one. */
export function refusalOf(head: Uint8Array): string | null {
  const found = sniff(head, head.length < SNIFF_BYTES);
  return found.kind === "refused" ? found.reason : found.kind === "empty" ? "is empty" : null;
}

/** What looks at each record: makes events of them, or shows them to somebody. */
export type RecordScanner = Pick<EventScanner, "scan" | "scanLines" | "reason">;

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
  private reader: RecordReader | null = null;
  private head: Buffer = Buffer.alloc(0);
  /** Why nothing of this source is taken; null while it is. */
  refused: string | null = null;
  private embedded = 0;
  private readonly ownSource = (): number => this.sourceNumber(this.options.apiserver);

  constructor(options: IntakeOptions) {
    this.options = options;
  }

  push(chunk: Uint8Array): void {
    if (this.refused !== null) return;
    if (this.reader !== null) {
      this.reader.push(chunk);
      return;
    }
    this.head = Buffer.concat([this.head, chunk]);
    this.open(false);
  }

  /** Everything before this offset has become records or was passed over. */
  get consumedOffset(): number {
    if (this.refused !== null) return Number.POSITIVE_INFINITY;
    return this.reader?.consumedOffset ?? this.options.baseOffset;
  }

  /** Why nothing of this source is taken, or would be if it did not grow any more; null while it may be a log. */
  get doubt(): string | null {
    if (this.refused !== null || this.reader !== null || !this.head.includes(NEWLINE)) return this.refused;
    const found = sniff(this.head.subarray(0, SNIFF_BYTES), true);
    return found.kind === "refused" ? found.reason : null;
  }

  /** Whether another intake could go on at `consumedOffset`, or at the start of any later line. */
  get isSplittable(): boolean {
    return this.refused === null && this.reader !== null && !this.reader.remembers;
  }

  end(): void {
    if (this.refused !== null) return;
    if (this.reader === null && this.head.length > 0) this.open(true);
    this.reader?.end();
  }

  private open(isWhole: boolean): void {
    const { tally, format, baseOffset } = this.options;
    let id = format === "auto" ? tally.format : format;
    if (id === "") {
      const found = sniff(this.head.subarray(0, SNIFF_BYTES), isWhole && this.head.length <= SNIFF_BYTES);
      if (found.kind === "need-more") return;
      if (found.kind === "empty") {
        // Blank lines or padding may precede the first event of a live file.
        if (this.head.length > SNIFF_BYTES) this.refused = "holds nothing but blanks";
        return;
      }
      if (found.kind === "refused") {
        this.refused = found.reason;
        this.head = Buffer.alloc(0);
        return;
      }
      id = found.format;
    }
    tally.format = id;
    this.reader = openReader(id, this, baseOffset);
    const head = this.head;
    this.head = Buffer.alloc(0);
    this.reader.push(head);
  }

  record(buffer: Uint8Array, start: number, end: number, offset: number, bytes: number, apiserver?: string): void {
    const source = this.sourceNumber(apiserver ?? this.options.apiserver);
    const verdict = this.options.scanner.scan(buffer, start, end, source, offset, bytes);
    if (verdict === "ok") return;
    if (this.embedded > 0) {
      this.reject(verdict === "not-event" ? "foreign" : verdict, offset, bytes, this.options.scanner.reason, "");
      return;
    }
    this.embedded += 1;
    try {
      unwrap(buffer, start, end, offset, bytes, this, apiserver);
    } finally {
      this.embedded -= 1;
    }
  }

  lines(buffer: Uint8Array, start: number, end: number, offset: number, other: OtherLine): number {
    return this.options.scanner.scanLines(buffer, start, end, this.ownSource, offset, other);
  }

  reject(kind: RejectKind, offset: number, bytes: number, reason: string, sample: string): void {
    this.options.tally.reject(kind, offset, bytes, reason, sample);
  }

  private sourceNumber(apiserver: string): number {
    let number = this.numbers.get(apiserver);
    if (number === undefined) {
      number = this.options.registerSource(apiserver);
      this.numbers.set(apiserver, number);
    }
    return number;
  }
}
