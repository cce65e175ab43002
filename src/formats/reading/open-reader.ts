import { KtrailError } from "../../errors.ts";
import type { RecordReader, RecordSink } from "../../ingest/contract.ts";
import { formats } from "../registry.ts";
import { isAuditEvent, isMerged, isObject } from "../shape/audit-event.ts";
import { BARE } from "./contract.ts";
import { InputReader } from "./input-reader.ts";
import { parsedValue } from "./parse-json.ts";
import { Unwrapper } from "./unwrapper.ts";

const QUOTE = 0x22;
const BRACE = 0x7b;
const BRACKET = 0x5b;

/**
 * A reader for an input from absolute (decompressed) offset `baseOffset` on. Any input is read by what is in it; a format's
 * id says how it begins, "" that nobody knows. Unknown id: KT100.
 */
export function openReader(formatId: string, sink: RecordSink, baseOffset: number): RecordReader {
  const format = formats.find(({ id }) => id === formatId);
  if (format === undefined && formatId !== "") {
    const known = formats.map(({ id }) => id).join(", ");
    throw new KtrailError("KT100", `unknown format "${formatId}"; known: auto, ${known}`);
  }
  return new InputReader(sink, { baseOffset, framing: format?.framing });
}

/**
 * The events in the bytes that a record's offset and length point at, read again: the bytes themselves, or what is
 * escaped, split or told otherwise inside them. Usually one; several where lines of other streams lie between the parts of
 * a split line, or a wrapper holds a list. `context` is that of the record's Origin.
 */
export function eventsIn(span: Uint8Array, offset: number, context: string): Buffer[] {
  const events = new Map<string, Buffer>();
  const sink: RecordSink = {
    record: (buffer, start, end) => {
      const event = Buffer.from(buffer.subarray(start, end));
      const isTaken = isPlainEvent(event);
      if (isTaken) events.set(event.toString("latin1"), event);
      return isTaken;
    },
    reject: () => {},
  };
  const reader = new InputReader(sink, { baseOffset: offset, context });
  reader.push(span);
  // Its line went on to an end: it is not the last of a file that is still written.
  reader.push(Buffer.from("\n"));
  reader.end();
  if (events.size === 0 || (span[0] !== BRACE && span[0] !== BRACKET)) {
    // What lies in a string of a list or behind a container runtime's prefix is a text: a line of a file is read otherwise.
    const opener = new Unwrapper(sink);
    if (span[0] === QUOTE) opener.record(span, 0, span.length, offset, span.length, BARE);
    else opener.line(Buffer.from(span).toString("utf8"), offset, span.length, BARE);
  }
  return [...events.values()];
}

/** Whether the JSON is an audit event as an API server writes it, wrapped in nothing. */
export function isPlainEvent(json: Buffer): boolean {
  const value = parsedValue(json, 0, json.length);
  return isObject(value) && isAuditEvent(value) && !isMerged(value);
}
