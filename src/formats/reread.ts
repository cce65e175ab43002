import type { RecordSink } from "../ingest/contract.ts";
import { openReader } from "./registry.ts";
import { unwrap } from "./unwrap.ts";

/**
 * The events in the bytes that a record's offset and length point at, read back from an input of this format: the
 * bytes themselves, or what is escaped or split inside them. Usually one; several where lines of other streams lie
 * between the parts of a split line, or an envelope holds a list. Throws KT100 for an unknown format.
 */
export function eventsIn(format: string, span: Uint8Array): Buffer[] {
  const events: Buffer[] = [];
  const keep: RecordSink = {
    record: (buffer, start, end) => void events.push(Buffer.from(buffer.subarray(start, end))),
    reject: () => {},
  };
  const reader = openReader(
    format,
    {
      record: (buffer, start, end, offset, bytes, apiserver) =>
        unwrap(buffer, start, end, offset, bytes, keep, apiserver),
      reject: () => {},
    },
    0,
  );
  reader.push(span);
  reader.end();
  return events;
}
