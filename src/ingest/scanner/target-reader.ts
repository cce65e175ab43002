import type { ByteDictionary } from "../../index/byte-dictionary.ts";
import type { BatchBuilder } from "../batch-builder.ts";
import { BlobMemo } from "./blob-memo.ts";
import type { EventCodes } from "./event-codes.ts";
import { Literal } from "./literal.ts";
import type { RecordBytes } from "./record-bytes.ts";

const RESOURCE = new Literal('"resource":"');
/** The keys after resource, in the API server's order, each with the quote that ends the value before it. */
const NAMESPACE = new Literal('","namespace":"');
const NAME = new Literal('","name":"');
const UID = new Literal('","uid":"');
const API_GROUP = new Literal('","apiGroup":"');
const API_VERSION = new Literal('","apiVersion":"');
const RESOURCE_VERSION = new Literal('","resourceVersion":"');
const SUBRESOURCE = new Literal('","subresource":"');

const URI_MEMO_BYTES = 2 * 1024 * 1024;
const FAILED = -1;

/** Target of an event: its URI and the fields of its objectRef. */
export class TargetReader {
  private readonly record: RecordBytes;
  private readonly builder: BatchBuilder;
  private readonly escapedUris = new BlobMemo(URI_MEMO_BYTES);
  private readonly codes: EventCodes;
  /** Where the string read by code() ends. */
  private quote = 0;
  /** TARGET_CELLS of the event at hand. */
  private readonly cells = new Uint32Array(6);

  constructor(record: RecordBytes, builder: BatchBuilder, codes: EventCodes) {
    this.record = record;
    this.builder = builder;
    this.codes = codes;
  }

  clear(): void {
    this.escapedUris.clear();
  }

  /** Id of the target read. */
  intern(): number {
    return this.builder.tables.targetTuples.intern(this.cells);
  }

  /** Reads the string content at `at`, up to its closing quote, as the URI; −1 when it cannot. */
  readUri(at: number): number {
    const { record } = this;
    const quote = record.string(at);
    if (quote < 0) return -1;
    const { uri } = this.builder.tables.strings;
    if (record.isPlain) {
      this.cells[5] = uri.intern(record.view, record.bytes, at, quote, record.hash);
      return quote;
    }
    // Lists and watches carry their parameters with "\u0026": decoded once per distinct URI.
    if (this.escapedUris.isFull) this.escapedUris.clear();
    let code = this.escapedUris.get(record, at, quote);
    if (code < 0) {
      code = this.codes.uri(record.text(at, quote));
      if (code < 0) return -1;
      this.escapedUris.put(code);
    }
    this.cells[5] = code;
    return quote;
  }

  noObjectRef(): void {
    this.cells.fill(0, 0, 5);
  }

  /** Reads the objectRef whose first key is at `at`; position behind its brace, or −1 when it is not the usual one. */
  readObjectRef(at: number): number {
    const { record, cells } = this;
    const { view } = record;
    const { strings } = this.builder.tables;
    if (!RESOURCE.isAt(view, at)) return -1;
    const plural = this.code(this.codes.plurals, at + RESOURCE.length);
    if (plural < 0) return -1;
    let p = this.quote;
    cells[1] = cells[2] = cells[3] = cells[4] = 0;
    if (NAMESPACE.isAt(view, p)) {
      if ((cells[2] = this.code(strings.namespace, p + NAMESPACE.length)) === FAILED) return -1;
      p = this.quote;
    }
    if (NAME.isAt(view, p)) {
      if ((cells[3] = this.code(strings.name, p + NAME.length)) === FAILED) return -1;
      p = this.quote;
    }
    if (UID.isAt(view, p)) {
      if ((cells[4] = this.code(strings.uid, p + UID.length)) === FAILED) return -1;
      p = this.quote;
    }
    let group = 0;
    if (API_GROUP.isAt(view, p)) {
      if ((group = this.code(this.codes.groups, p + API_GROUP.length)) === FAILED) return -1;
      p = this.quote;
    }
    if (API_VERSION.isAt(view, p)) {
      p = record.string(p + API_VERSION.length);
      if (p < 0 || !record.isPlain) return -1;
    }
    if (RESOURCE_VERSION.isAt(view, p)) {
      p = record.string(p + RESOURCE_VERSION.length);
      if (p < 0 || !record.isPlain) return -1;
    }
    if (SUBRESOURCE.isAt(view, p)) {
      if ((cells[1] = this.code(strings.subresource, p + SUBRESOURCE.length)) === FAILED) return -1;
      p = this.quote;
    }
    cells[0] = this.codes.resource(plural, group);
    return record.bytes[p] === 0x22 && record.bytes[p + 1] === 0x7d ? p + 2 : -1;
  }

  /** Code of the plain string content at `at`; sets `quote` to its end. FAILED when it has escapes or no end. */
  private code(dictionary: ByteDictionary, at: number): number {
    const { record } = this;
    this.quote = record.string(at);
    if (this.quote < 0 || !record.isPlain) return FAILED;
    return dictionary.intern(record.view, record.bytes, at, this.quote, record.hash);
  }
}
