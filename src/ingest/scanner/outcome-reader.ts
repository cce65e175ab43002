import type { BatchBuilder } from "../batch-builder.ts";
import { BlobMemo } from "./blob-memo.ts";
import { Literal } from "./literal.ts";
import { verbMarks } from "./parsed-event.ts";
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
  /** Bits of MARK for the verb read last. */
  verbMarks = 0;
  private readonly record: RecordBytes;
  private readonly builder: BatchBuilder;
  private readonly memo = new BlobMemo(MEMO_BYTES);
  /** decision, authReason and annotations codes, three for each annotations object in the memo. */
  private noteCodes: number[] = [0, 0, 0];
  private readonly marksByVerb: number[] = [0, 0];
  /** OUTCOME_CELLS of the event at hand. */
  private readonly cells = new Uint32Array(8);

  constructor(record: RecordBytes, builder: BatchBuilder) {
    this.record = record;
    this.builder = builder;
  }

  /** Forgets codes: they are numbered afresh. */
  clear(): void {
    this.clearNotes();
    this.marksByVerb.length = 2;
  }

  private clearNotes(): void {
    this.memo.clear();
    this.noteCodes = [0, 0, 0];
  }

  /** Id of the outcome read; `notes` from readAnnotations, 0 for none. */
  intern(level: number, stage: number, notes: number): number {
    const { cells, noteCodes } = this;
    cells[1] = level;
    cells[2] = stage;
    cells[5] = noteCodes[notes * 3] as number;
    cells[6] = noteCodes[notes * 3 + 1] as number;
    cells[7] = noteCodes[notes * 3 + 2] as number;
    return this.builder.tables.outcomeTuples.intern(cells);
  }

  /** Reads the string content at `at` as the verb; position of its closing quote, −1 when it cannot. */
  readVerb(at: number): number {
    const { record, marksByVerb } = this;
    const { verb } = this.builder.tables.strings;
    const quote = record.string(at);
    if (quote < 0 || !record.isPlain) return -1;
    const code = verb.intern(record.view, record.bytes, at, quote, record.hash);
    while (marksByVerb.length <= code) marksByVerb.push(verbMarks(verb.text(marksByVerb.length)));
    this.verbMarks = marksByVerb[code] as number;
    this.cells[0] = code;
    return quote;
  }

  noStatus(): void {
    this.cells[3] = 0;
    this.cells[4] = 0;
  }

  /** Reads the responseStatus whose first key is at `at`; position behind its brace, −1 when it is not the usual one. */
  readStatus(at: number): number {
    const { record, cells } = this;
    const { view, bytes } = record;
    cells[4] = 0;
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
      cells[4] = this.builder.tables.strings.reason.intern(view, bytes, from, quote, record.hash);
      p = quote + 1;
    }
    if (DETAILS.isAt(view, p) && (p = record.value(p + DETAILS.length - 1)) < 0) return -1;
    if (CODE.isAt(view, p)) return this.readCode(p + CODE.length);
    cells[3] = 0;
    return bytes[p] === 0x7d ? p + 1 : -1;
  }

  /** Three digits, not starting with 0, and the brace that ends the status. */
  private readCode(at: number): number {
    const { bytes } = this.record;
    const hundreds = (bytes[at] as number) - 0x30;
    const tens = (bytes[at + 1] as number) - 0x30;
    const units = (bytes[at + 2] as number) - 0x30;
    if (hundreds < 1 || hundreds > 9 || tens < 0 || tens > 9 || units < 0 || units > 9) return -1;
    this.cells[3] = hundreds * 100 + tens * 10 + units;
    return bytes[at + 3] === 0x7d ? at + 4 : -1;
  }

  /** Number of the annotations object that is bytes [start, end), for intern(); −1 when it is no JSON object. */
  readAnnotations(start: number, end: number): number {
    const { record, memo } = this;
    if (end <= start || end - start > MAX_NOTES_BYTES) return -1;
    const guessKey = memo.keyBefore(record, start, end);
    const guessed = memo.guess(record, start, guessKey);
    if (guessed >= 0 && memo.end === end) return guessed;
    if (memo.isFull) this.clearNotes();
    record.hashSpan(start, end);
    let notes = memo.get(record, start, end);
    if (notes < 0) {
      notes = this.parseAnnotations(start, end);
      memo.put(notes);
    }
    if (notes >= 0) memo.remember(record, guessKey, end);
    return notes;
  }

  private parseAnnotations(start: number, end: number): number {
    const { decision, authReason, annotations } = this.builder.tables.strings;
    let value: Readonly<Record<string, unknown>>;
    try {
      value = JSON.parse(this.record.text(start, end)) as Readonly<Record<string, unknown>>;
    } catch {
      return -1;
    }
    const allowed = value["authorization.k8s.io/decision"];
    const why = value["authorization.k8s.io/reason"];
    const isEmpty = Object.keys(value).length === 0;
    this.noteCodes.push(
      typeof allowed === "string" ? decision.internText(allowed) : 0,
      typeof why === "string" ? authReason.internText(why) : 0,
      isEmpty ? 0 : annotations.internText(JSON.stringify(value)),
    );
    return this.noteCodes.length / 3 - 1;
  }
}
