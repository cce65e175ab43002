import type { RecordSink } from "../ingest/contract.ts";
import { DocumentReader } from "./document-reader.ts";

/** Whether the object begins as the API server writes an EventList: `{"kind":"EventList"`. */
export function isEventListHead(bytes: Uint8Array, start: number, end: number): boolean {
  return (
    bytes[start + 14] === 0x4c && bytes[start + 9] === 0x45 && bytes[start + 2] === 0x6b && end - start >= 20 // L, E, k
  );
}

/** Splits a list, an array or several objects held in memory; `offset` is that of bytes[start]. */
export function splitRecord(
  bytes: Uint8Array,
  start: number,
  end: number,
  offset: number,
  sink: RecordSink,
  apiserver?: string,
): void {
  const reader = new DocumentReader(sink, offset, apiserver);
  reader.push(bytes.subarray(start, end));
  reader.end();
}
