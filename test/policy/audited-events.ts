import { wholeObject } from "../../src/formats/shape/json-bytes.ts";
import { type AuditedEvent, AuditedEventReader } from "../../src/policy/audited-event.ts";
import { readLog } from "../support/log-files.ts";

/** Every event of a log of one JSON object a line. */
export function* auditedEvents(path: string): Generator<AuditedEvent> {
  const bytes = Buffer.from(readLog(path));
  const reader = new AuditedEventReader();
  for (let start = 0; start < bytes.length;) {
    const newline = bytes.indexOf(10, start);
    const end = newline < 0 ? bytes.length : newline;
    const members = end > start ? wholeObject(bytes, start, end) : null;
    if (members !== null) yield reader.read(bytes, start, end, members);
    start = end + 1;
  }
}
