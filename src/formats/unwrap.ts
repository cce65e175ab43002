import { parseJson } from "../events/json.ts";
import type { RecordSink, RejectKind } from "../ingest/contract.ts";
import {
  claimsAuditEvent,
  describeOther,
  isAuditEvent,
  isListOfRecords,
  isObject,
  type JsonObject,
} from "./audit-event.ts";
import { splitRecord } from "./split-record.ts";
import { EmbeddedSink } from "./embedded-sink.ts";
import { envelopes } from "./envelopes.ts";
import { jsonEnd, objectMembers, skipSpace } from "./json-bytes.ts";
import { sampleText } from "./sample-text.ts";

/** Envelopes in envelopes: an event in a string in a record in a list is three deep. */
const MAX_LEVELS = 4;
/** Larger records are judged by their members: parsing one would take ten times its size in memory. */
const MAX_PARSE_BYTES = 64 * 1024 * 1024;

/**
 * The slow path for a record the scanner found to be no event: parses buffer[start, end) and hands the events inside
 * to `sink.record`, everything else to `sink.reject`. Takes what a reader passed to `RecordSink.record`. What reaches
 * `sink.record` from here is known to be an audit event: a sink that still can not read it must not come back.
 */
export function unwrap(
  buffer: Uint8Array,
  start: number,
  end: number,
  offset: number,
  bytes: number,
  sink: RecordSink,
  apiserver?: string,
): void {
  // Where the record has no bytes of its own, neither has anything in it.
  const isEmbedded = bytes !== end - start;
  new Unwrapper(isEmbedded ? new EmbeddedSink(sink, offset, bytes, apiserver) : sink, 0).record(
    buffer,
    start,
    end,
    offset,
    bytes,
    apiserver,
  );
}

/** One level of envelopes: records that are events go on to the sink, the others are opened one level deeper. */
class Unwrapper implements RecordSink {
  readonly #sink: RecordSink;
  readonly #level: number;

  constructor(sink: RecordSink, level: number) {
    this.#sink = sink;
    this.#level = level;
  }

  reject(kind: RejectKind, offset: number, bytes: number, reason: string, sample: string): void {
    this.#sink.reject(kind, offset, bytes, reason, sample);
  }

  record(chunk: Uint8Array, start: number, end: number, offset: number, bytes: number, apiserver?: string): void {
    const buffer = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
    const reject = (kind: RejectKind, reason: string): void =>
      this.#sink.reject(kind, offset, bytes, reason, sampleText(buffer, start, end));

    const value = end - start > MAX_PARSE_BYTES ? parseMembers(buffer, start, end) : parse(buffer, start, end);
    if (value instanceof SyntaxError) {
      const valueEnd = jsonEnd(buffer, start, end);
      const next = valueEnd < 0 ? end : skipSpace(buffer, valueEnd, end);
      const isConcatenated =
        next < end &&
        (buffer[next] === 0x7b || buffer[next] === 0x2c) &&
        !(parse(buffer, start, valueEnd) instanceof SyntaxError);
      if (isConcatenated && this.#level < MAX_LEVELS) this.#split(buffer, start, end, offset, apiserver);
      else if (isCutShort(value, buffer.toString("utf8", start, end).length)) reject("truncated", "cut short");
      else reject("bad", "not valid JSON");
      return;
    }
    if (isObject(value) && isAuditEvent(value)) {
      this.#sink.record(buffer, start, end, offset, bytes, apiserver);
    } else if (this.#level === MAX_LEVELS) {
      reject("foreign", `more than ${MAX_LEVELS} envelopes in each other`);
    } else if (Array.isArray(value) || (isObject(value) && isListOfRecords(value))) {
      this.#split(buffer, start, end, offset, apiserver);
    } else if (typeof value === "string") {
      this.#text(value, offset, bytes, apiserver);
    } else if (!isObject(value) || !this.#open(value, buffer, start, end, offset, bytes, apiserver)) {
      reject(isObject(value) && claimsAuditEvent(value) ? "bad" : "foreign", describeOther(value));
    }
  }

  #split(buffer: Buffer, start: number, end: number, offset: number, apiserver?: string): void {
    splitRecord(buffer, start, end, offset, new Unwrapper(this.#sink, this.#level + 1), apiserver);
  }

  /** Takes the event out of a known envelope; false when `value` is none. */
  #open(
    value: JsonObject,
    buffer: Buffer,
    start: number,
    end: number,
    offset: number,
    bytes: number,
    apiserver?: string,
  ): boolean {
    for (const envelope of envelopes) {
      const found = envelope.open(value);
      if (found === null) continue;
      if ("foreign" in found) {
        this.#sink.reject("foreign", offset, bytes, found.foreign, sampleText(buffer, start, end));
        return true;
      }
      const host = found.apiserver ?? apiserver;
      if (typeof found.event === "string") {
        this.#text(found.event, offset, bytes, host);
        return true;
      }
      const span = memberAt(buffer, start, end, found.path);
      if (span === null) return false;
      new Unwrapper(this.#sink, this.#level + 1).record(
        buffer,
        span.start,
        span.end,
        offset + (span.start - start),
        span.end - span.start,
        host,
      );
      return true;
    }
    return false;
  }

  /** JSON inside a string. */
  #text(text: string, offset: number, bytes: number, apiserver?: string): void {
    const inner = Buffer.from(text.trim());
    const sink = new EmbeddedSink(this.#sink, offset, bytes, apiserver);
    if (inner[0] !== 0x7b && inner[0] !== 0x5b) {
      sink.reject("foreign", offset, bytes, "a log line, not an event", sampleText(inner, 0, inner.length));
      return;
    }
    new Unwrapper(sink, this.#level + 1).record(inner, 0, inner.length, offset, bytes, apiserver);
  }
}

function parse(buffer: Buffer, start: number, end: number): unknown {
  try {
    return parseJson(buffer.toString("utf8", start, end));
  } catch (error) {
    return error instanceof SyntaxError ? error : new SyntaxError(String(error));
  }
}

/** The scalar members of an object, and empty stand-ins for the others. */
function parseMembers(buffer: Buffer, start: number, end: number): unknown {
  const value: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const { key, start: from, end: to } of objectMembers(buffer, start, end)) {
    const first = buffer[from];
    value[key] = first === 0x7b ? {} : first === 0x5b ? [] : parse(buffer, from, Math.min(to, from + 1024));
  }
  return value;
}

/** Whether parsing failed at the very end: V8 names the position, or says that the input or a string ended. */
export function isCutShort(error: SyntaxError, length: number): boolean {
  const position = /at position (\d+)/.exec(error.message)?.[1];
  if (position !== undefined) return Number(position) >= length || error.message.startsWith("Unterminated string");
  return error.message.startsWith("Unexpected end of JSON input");
}

function memberAt(
  buffer: Buffer,
  start: number,
  end: number,
  path: readonly string[],
): { readonly start: number; readonly end: number } | null {
  let span = { start, end };
  for (const key of path) {
    const member = objectMembers(buffer, span.start, span.end).findLast((candidate) => candidate.key === key);
    if (member === undefined) return null;
    span = member;
  }
  return span;
}
