import type { BatchBuilder } from "../batch-builder.ts";
import { BlobMemo } from "./blob-memo.ts";
import type { EventCodes } from "./event-codes.ts";
import { Literal } from "./literal.ts";
import type { RecordBytes } from "./record-bytes.ts";

/** What nearly every answer is; then three digits and a brace. */
const PLAIN_STATUS = new Literal('"metadata":{},"code":');
/** The keys of a Status in the API server's order. */
const METADATA = new Literal('"metadata":');
const STATUS = new Literal(',"status":"');
const MESSAGE = new Literal(',"message":"');
const REASON = new Literal(',"reason":"');
const DETAILS = new Literal(',"details":{');
const CODE = new Literal(',"code":');

const MEMO_BYTES = 4 * 1024 * 1024;
const MAX_NOTES_BYTES = 64 * 1024;

/** Outcome of an event: verb, status and annotations. */
export class OutcomeReader {
  private readonly record: RecordBytes;
  private readonly builder: BatchBuilder;
  private readonly codes: EventCodes;
  private readonly memo = new BlobMemo(MEMO_BYTES);
  private verb = 0;
  private code = 0;
  private reason = 0;

  constructor(record: RecordBytes, builder: BatchBuilder, codes: EventCodes) {
    this.record = record;
    this.builder = builder;
    this.codes = codes;
  }

  /** Forgets codes: they are numbered afresh. */
  clear(): void {
    this.memo.clear();
  }

  /** Id of the outcome read; `kind` is stage | level << 2, `notes` from readAnnotations, 0 for none. */
  intern(kind: number, notes: number): number {
    return this.codes.outcome(this.verb, kind, this.code, this.reason, notes);
  }

  /** Bits of MARK for the verb read. */
  get verbMarks(): number {
    return this.codes.verbMarks(this.verb);
  }

  /** Reads the string content at `at` as the verb; position of its closing quote, −1 when it cannot. */
  readVerb(at: number): number {
    const { record } = this;
    const quote = record.string(at);
    if (quote < 0 || !record.isPlain) return -1;
    this.verb = this.builder.tables.strings.verb.intern(record.view, record.bytes, at, quote, record.hash);
    return quote;
  }

  noStatus(): void {
    this.code = 0;
    this.reason = 0;
  }

  /** Reads the responseStatus whose first key is at `at`; position behind its brace, −1 when it is not the usual one. */
  readStatus(at: number): number {
    const { record } = this;
    const { view, bytes } = record;
    this.reason = 0;
    if (PLAIN_STATUS.isAt(view, at)) return this.readCode(at + PLAIN_STATUS.length);
    if (!METADATA.isAt(view, at)) return -1;
    let p = record.value(at + METADATA.length);
    if (p < 0) return -1;
    if (STATUS.isAt(view, p) && (p = record.skipString(p + STATUS.length)) < 0) return -1;
    if (MESSAGE.isAt(view, p) && (p = record.skipString(p + MESSAGE.length)) < 0) return -1;
    if (REASON.isAt(view, p)) {
      const from = p + REASON.length;
      const quote = record.string(from);
      if (quote < 0 || !record.isPlain) return -1;
      this.reason = this.builder.tables.strings.reason.intern(view, bytes, from, quote, record.hash);
      p = quote + 1;
    }
    if (DETAILS.isAt(view, p) && (p = record.value(p + DETAILS.length - 1)) < 0) return -1;
    if (CODE.isAt(view, p)) return this.readCode(p + CODE.length);
    this.code = 0;
    return bytes[p] === 0x7d ? p + 1 : -1;
  }

  /** Three digits, not starting with 0, and the brace that ends the status. */
  private readCode(at: number): number {
    const { bytes } = this.record;
    const hundreds = (bytes[at] as number) - 0x30;
    const tens = (bytes[at + 1] as number) - 0x30;
    const units = (bytes[at + 2] as number) - 0x30;
    if (hundreds < 1 || hundreds > 9 || tens < 0 || tens > 9 || units < 0 || units > 9) return -1;
    this.code = hundreds * 100 + tens * 10 + units;
    return bytes[at + 3] === 0x7d ? at + 4 : -1;
  }

  /** Number of the annotations object that is bytes [start, end), for intern(); −1 when it is no JSON object. */
  readAnnotations(start: number, end: number): number {
    const { record, memo } = this;
    if (end <= start || end - start > MAX_NOTES_BYTES) return -1;
    const guessKey = memo.keyBefore(record, start, end);
    const guessed = memo.guess(record, start, guessKey);
    if (guessed >= 0 && memo.end === end) return guessed;
    if (memo.isFull) {
      memo.clear();
      this.codes.clearNotes();
    }
    record.hashSpan(start, end);
    let notes = memo.get(record, start, end);
    if (notes < 0) {
      notes = this.codes.notes(record.text(start, end));
      memo.put(notes);
    }
    if (notes >= 0) memo.remember(record, guessKey, end);
    return notes;
  }
}
