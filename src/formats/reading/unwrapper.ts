import type { RecordSink, RejectKind } from "../../ingest/contract.ts";
import { MAX_RECORD_BYTES, type Format, type Opened } from "../contract.ts";
import { formats } from "../registry.ts";
import {
  claimsAuditEvent,
  describeOther,
  isAuditEvent,
  isListOfRecords,
  isNamedEvent,
  isObject,
} from "../shape/audit-event.ts";
import type { JsonObject } from "../shape/audit-event.ts";
import { jsonEnd, skipSpace } from "../shape/json-bytes.ts";
import { sampleText } from "../shape/sample-text.ts";
import { BARE, DOCUMENTS, type Around, type Opener } from "./contract.ts";
import { DocumentReader } from "./document-reader.ts";
import { memberAt, parsedValue } from "./parse-json.ts";
import { Parts } from "./parts.ts";
import { Servers } from "./servers.ts";
import { eventBytes, textLine } from "./text-line.ts";
import { unpacked } from "./unpacked.ts";

/** Wrappers in wrappers: an event in a string in a record in a list is three deep. */
const MAX_LEVELS = 4;
/** What earlier records said that later ones need. */
const MAX_MEMORY = 10_000;

const WRAPPERS: readonly Format[] = formats.filter(({ open }) => open !== undefined);
/** Formats that say how events lie in a file, not what is around each: any wrapper's name says more. */
const STRUCTURES = new Set(["", "jsonl", "eventlist", "list", "array", "documents", "yaml"]);

/** Where a record is, and whether what is in it has bytes of its own. */
interface Place {
  readonly offset: number;
  readonly bytes: number;
  readonly isOwn: boolean;
}

/**
 * Gives records to the sink and opens those it does not take, wrapper by wrapper, until it takes what is inside or nothing
 * is left to open. One for each input: pieces of a record and what earlier records said are remembered.
 */
export class Unwrapper implements Opener {
  private readonly sink: RecordSink;
  private readonly parts: Parts;
  private readonly memory = new Map<string, string>();
  private readonly servers = new Servers();
  /** The last record was a wrapper: the next one likely is, too. */
  private wasWrapped = false;

  constructor(sink: RecordSink) {
    this.sink = sink;
    this.parts = new Parts((start, end, sample) =>
      this.reject("truncated", start, end - start, "the rest of a split line is missing", sample),
    );
  }

  /** Where the first record lies whose rest is still to come. */
  get pendingOffset(): number | undefined {
    return this.parts.pendingOffset;
  }

  end(): void {
    this.parts.end();
  }

  record(
    buffer: Uint8Array,
    start: number,
    end: number,
    offset: number,
    bytes: number,
    around: Around,
    mayGoOn = false,
  ): boolean {
    const place = { offset, bytes, isOwn: bytes === end - start };
    const isTaken = !this.wasWrapped && this.sink.record(buffer, start, end, offset, bytes, originOf(around));
    return isTaken || this.open(toBuffer(buffer), start, end, place, around, 0, mayGoOn);
  }

  /** A row of a table or a document of another notation. */
  value(value: unknown, offset: number, bytes: number, around: Around): void {
    this.opened({ value: value as JsonObject }, null, { offset, bytes, isOwn: false }, around, 0, "");
  }

  /** A line that holds no JSON by itself; false when it is no event either. */
  line(text: string, offset: number, bytes: number, around: Around): boolean {
    const found = textLine(text);
    if (found === null) return false;
    this.opened(found.opened, null, { offset, bytes, isOwn: false }, around, 0, found.format);
    return true;
  }

  reject(kind: RejectKind, offset: number, bytes: number, reason: string, sample: string, format = ""): void {
    this.sink.reject(kind, offset, bytes, reason, sample, format);
  }

  private open(
    buffer: Buffer,
    start: number,
    end: number,
    place: Place,
    around: Around,
    level: number,
    mayGoOn: boolean,
  ): boolean {
    const reject = (kind: RejectKind, reason: string): void =>
      this.reject(kind, place.offset, place.bytes, reason, sampleText(buffer, start, end), around.format);
    const value = parsedValue(buffer, start, end);
    if (level === 0 && this.wasWrapped && (value instanceof SyntaxError || (isObject(value) && isAuditEvent(value)))) {
      this.wasWrapped = false;
      if (this.sink.record(buffer, start, end, place.offset, place.bytes, originOf(around))) return true;
    }
    if (value instanceof SyntaxError) {
      const valueEnd = jsonEnd(buffer, start, end);
      if (valueEnd < 0 && mayGoOn) return false;
      const next = valueEnd < 0 ? end : skipSpace(buffer, valueEnd, end);
      const isConcatenated = next < end && (buffer[next] === 0x7b || buffer[next] === 0x2c);
      if (isConcatenated && level < MAX_LEVELS && !(parsedValue(buffer, start, valueEnd) instanceof SyntaxError)) {
        this.split(buffer, start, end, place, around === BARE ? DOCUMENTS : around, level);
      } else if (valueEnd < 0) reject("truncated", "cut short");
      else reject("bad", "not valid JSON");
      return true;
    }
    if (level === MAX_LEVELS) {
      reject("foreign", `more than ${MAX_LEVELS} wrappers in each other`);
    } else if (Array.isArray(value) || (isObject(value) && !isNamedEvent(value) && isListOfRecords(value))) {
      this.split(buffer, start, end, place, around, level);
    } else if (typeof value === "string") {
      this.opened({ text: value }, buffer, place, around, level, "");
    } else if (!isObject(value) || !this.unwrap(value, buffer, start, end, place, around, level)) {
      const isMeant = isObject(value) && (claimsAuditEvent(value) || isNamedEvent(value));
      reject(isMeant ? "bad" : "foreign", describeOther(value));
    }
    return true;
  }

  /** Takes the event out of a known wrapper; false when the object is none. */
  private unwrap(
    value: JsonObject,
    buffer: Buffer | null,
    start: number,
    end: number,
    place: Place,
    around: Around,
    level: number,
  ): boolean {
    const beside = { facts: around.facts, place: `ktrail-${place.offset}`, memory: this.memory };
    for (const { id, open } of WRAPPERS) {
      const found = open?.(value, beside) ?? null;
      if (found === null) continue;
      if (level === 0) this.wasWrapped = true;
      this.forget();
      const span = buffer === null ? null : buffer.subarray(start, end);
      return this.opened(found, span, place, around, level, id);
    }
    return false;
  }

  /** `wrapper`: the bytes of the object it was found in, where there are any. False when there is nothing at a path. */
  private opened(
    found: Opened,
    wrapper: Buffer | null,
    place: Place,
    around: Around,
    level: number,
    format: string,
  ): boolean {
    if ("foreign" in found) {
      const sample = wrapper === null ? "" : sampleText(wrapper, 0, wrapper.length);
      this.reject("foreign", place.offset, place.bytes, found.foreign, sample, format);
      return true;
    }
    if ("many" in found) {
      // What has no bytes of its own has no members that have.
      for (const one of found.many) this.opened(one, null, { ...place, isOwn: false }, around, level, format);
      return true;
    }
    const inner = this.inside(around, format, found.apiserver);
    if ("text" in found) this.text(found, place, inner, level);
    else if ("value" in found) this.rebuilt(found.value, place, inner, level);
    else if ("packed" in found) this.packed(found.packed, place, inner, level);
    else return wrapper !== null && this.member(found.path, wrapper, place, inner, level);
    return true;
  }

  private member(path: readonly string[], wrapper: Buffer, place: Place, around: Around, level: number): boolean {
    const span = memberAt(wrapper, path);
    if (span === null) return false;
    const { offset, isOwn } = place;
    const at = isOwn ? { offset: offset + span.start, bytes: span.end - span.start, isOwn } : place;
    this.next(wrapper, span.start, span.end, at, around, level);
    return true;
  }

  /** JSON inside a string, or a line that holds some. */
  private text(found: Extract<Opened, { text: string }>, at: Place, around: Around, level: number): void {
    let { text } = found;
    let place: Place = { ...at, isOwn: false };
    if (found.part !== undefined) {
      const whole = this.parts.add(
        `${around.format} ${found.part}`,
        text,
        found.isLast,
        at.offset,
        at.offset + at.bytes,
      );
      if (whole === null) return;
      text = whole.text;
      place = { offset: whole.start, bytes: whole.end - whole.start, isOwn: false };
    }
    text = text.trim();
    // Some write a string of JSON into a string of JSON.
    if (/^(?:[{[]|"[{\\])/.test(text)) {
      const inner = Buffer.from(text);
      if (inner.length <= MAX_RECORD_BYTES) this.next(inner, 0, inner.length, place, around, level);
      return;
    }
    const line = level < MAX_LEVELS ? textLine(text) : null;
    if (line !== null) {
      this.opened(line.opened, null, place, around, level + 1, line.format);
      return;
    }
    const sample = Buffer.from(text.slice(0, 400));
    const reason = text === "" ? "an empty line" : "a log line, not an event";
    this.reject("foreign", place.offset, place.bytes, reason, sampleText(sample, 0, sample.length), around.format);
  }

  private rebuilt(value: JsonObject, place: Place, around: Around, level: number): void {
    const at = { ...place, isOwn: false };
    if (isNamedEvent(value)) {
      const event = eventBytes(value);
      if (event === null) {
        this.reject("bad", at.offset, at.bytes, "nested too deeply", "", around.format);
      } else if (!this.sink.record(event, 0, event.length, at.offset, at.bytes, originOf(around))) {
        if (level >= MAX_LEVELS || !this.unwrap(value, null, 0, 0, at, around, level + 1)) {
          this.reject(
            "bad",
            at.offset,
            at.bytes,
            describeOther(value),
            sampleText(event, 0, event.length),
            around.format,
          );
        }
      }
      return;
    }
    const isOpened = level < MAX_LEVELS && isObject(value) && this.unwrap(value, null, 0, 0, at, around, level + 1);
    if (isOpened) return;
    // Paths lead into bytes: the object is written down for them.
    const written = eventBytes(value);
    if (written !== null && level < MAX_LEVELS) this.open(written, 0, written.length, at, around, level + 1, false);
    else this.reject("foreign", at.offset, at.bytes, describeOther(value), "", around.format);
  }

  private packed(bytes: Uint8Array, place: Place, around: Around, level: number): void {
    const content = unpacked(bytes);
    if (content === null) {
      this.reject(
        "bad",
        place.offset,
        place.bytes,
        "its compressed data is damaged or far too large",
        "",
        around.format,
      );
    } else {
      this.text({ text: content.toString("utf8") }, place, around, level);
    }
  }

  /** One wrapper deeper. */
  private next(buffer: Buffer, start: number, end: number, place: Place, around: Around, level: number): void {
    if (this.sink.record(buffer, start, end, place.offset, place.bytes, originOf(around))) return;
    this.open(buffer, start, end, place, around, level + 1, false);
  }

  private split(buffer: Buffer, start: number, end: number, place: Place, around: Around, level: number): void {
    const opener: Opener = {
      record: (chunk, from, to, offset, bytes, inner) => {
        const at = place.isOwn ? { offset, bytes, isOwn: bytes === to - from } : place;
        this.next(toBuffer(chunk), from, to, at, inner, level);
        return true;
      },
      reject: (kind, offset, bytes, reason, sample) => {
        const at = place.isOwn ? { offset, bytes } : place;
        this.reject(kind, at.offset, at.bytes, reason, sample, around.format);
      },
    };
    const reader = new DocumentReader(opener, place.isOwn ? place.offset : 0, around);
    reader.push(buffer.subarray(start, end));
    reader.end();
  }

  private inside(around: Around, format: string, apiserver: string | undefined): Around {
    const outer = STRUCTURES.has(around.format) && format !== "" ? format : around.format;
    const server = apiserver === undefined ? around.apiserver : this.servers.known(apiserver);
    if (outer === around.format && server === around.apiserver) return around;
    return { format: outer, apiserver: server, context: around.context, facts: around.facts };
  }

  private forget(): void {
    if (this.memory.size === 0) return;
    for (const [key] of this.memory) {
      if (this.memory.size <= MAX_MEMORY) return;
      this.memory.delete(key);
    }
  }
}

/** Undefined for a line by itself: nothing about it need be looked up. */
function originOf(around: Around): Around | undefined {
  return around === BARE ? undefined : around;
}

function toBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}
