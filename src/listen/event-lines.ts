import { openReader } from "../formats/reading/open-reader.ts";
import { parsedValue } from "../formats/reading/parse-json.ts";
import { isAuditEvent, isObject, type JsonObject } from "../formats/shape/audit-event.ts";

/** An event of a batch: its line, with the newline, and what tells it from all others. */
export interface EventLine {
  readonly line: Buffer;
  /** auditID, stage and stageTimestamp. */
  readonly key: string;
}

/** Why a body is not taken, as one clause. */
export class BadBody extends Error {}

const NEWLINE = 10;
const RETURN = 13;
const SPACE = 32;

/**
 * The events of a webhook body, each as a line of a log. The bytes are those that were sent: only kind and apiVersion, which
 * the list has for all, are put in front. Throws BadBody when any of it is something else.
 */
export function eventLines(body: Buffer): EventLine[] {
  const { apiVersion, items } = eventList(body);
  if (items.length === 0) return [];
  const lines: EventLine[] = [];
  const take = (item: Buffer): void => {
    const value = items[lines.length];
    if (isObject(value) && isAuditEvent(value))
      lines.push({ line: lineOf(item, value, apiVersion), key: keyOf(value) });
    else throw new BadBody(`item ${lines.length} is no audit event`);
  };
  const reader = openReader(
    "eventlist",
    {
      record: (buffer, start, end) => {
        take(Buffer.from(buffer.buffer, buffer.byteOffset + start, end - start));
        return true;
      },
      reject: (_kind, _offset, _bytes, reason) => {
        throw new BadBody(reason);
      },
    },
    0,
  );
  reader.push(body);
  reader.end();
  if (lines.length !== items.length) throw new BadBody("it holds more than one list");
  return lines;
}

/** Throws BadBody unless this is one EventList and nothing else. */
function eventList(body: Buffer): { readonly apiVersion: string; readonly items: readonly unknown[] } {
  const list = parsedValue(body, 0, body.length);
  if (list instanceof SyntaxError) throw new BadBody("it is not JSON");
  if (!isObject(list) || list["kind"] !== "EventList") throw new BadBody("it is no EventList");
  const { apiVersion, items } = list;
  if (typeof apiVersion !== "string" || !/^audit\.k8s\.io\/v1(?:alpha1|beta1)?$/.test(apiVersion)) {
    throw new BadBody("its apiVersion is not audit.k8s.io/v1");
  }
  // Go writes an empty list as null.
  if (items !== null && !Array.isArray(items)) throw new BadBody("it has no items");
  return { apiVersion, items: items ?? [] };
}

function lineOf(item: Buffer, value: JsonObject, apiVersion: string): Buffer {
  const head = value["kind"] === undefined ? `{"kind":"Event","apiVersion":"${apiVersion}",` : "{";
  const line = Buffer.concat([Buffer.from(head), item.subarray(1), Buffer.of(NEWLINE)]);
  // Between tokens: inside strings JSON has none.
  for (let at = line.indexOf(NEWLINE); at < line.length - 1; at = line.indexOf(NEWLINE, at + 1)) line[at] = SPACE;
  for (let at = line.indexOf(RETURN); at >= 0; at = line.indexOf(RETURN, at + 1)) line[at] = SPACE;
  return line;
}

/** The keys of lines that were made of such bodies. */
export function* keysOf(lines: Buffer): Generator<string, void, void> {
  for (let start = 0; start < lines.length;) {
    const newline = lines.indexOf(NEWLINE, start);
    const end = newline < 0 ? lines.length : newline;
    const value = parsedValue(lines, start, end);
    if (isObject(value)) yield keyOf(value);
    start = end + 1;
  }
}

function keyOf({ auditID, stage, stageTimestamp }: JsonObject): string {
  return `${String(auditID)}\n${String(stage)}\n${String(stageTimestamp)}`;
}
