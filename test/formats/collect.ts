import type { RecordSink } from "../../src/ingest/contract.ts";
import { isPlainEvent, openReader } from "../../src/formats/reading/open-reader.ts";

export interface Collected {
  readonly records: {
    text: string;
    offset: number;
    bytes: number;
    format: string;
    apiserver: string;
    context: string;
  }[];
  readonly rejects: { kind: string; offset: number; bytes: number; reason: string; sample: string }[];
}

/** A sink that takes what is an audit event and keeps copies of everything. */
export function collector(): Collected & RecordSink {
  const records: Collected["records"] = [];
  const rejects: Collected["rejects"] = [];
  return {
    records,
    rejects,
    record(buffer, start, end, offset, bytes, origin) {
      const event = Buffer.from(buffer.subarray(start, end));
      if (!isPlainEvent(event)) return false;
      const { format, apiserver, context } = origin ?? { format: "", apiserver: "", context: "" };
      records.push({ text: event.toString(), offset, bytes, format, apiserver, context });
      return true;
    },
    reject(kind, offset, bytes, reason, sample) {
      rejects.push({ kind, offset, bytes, reason, sample });
    },
  };
}

/** Reads `data` in chunks of the given sizes (the last one repeats), as ingest does. `format` "": whatever it is. */
export function readAll(
  format: string,
  data: Uint8Array,
  sizes: readonly number[] = [data.length || 1],
  baseOffset = 0,
): Collected {
  const events = collector();
  const reader = openReader(format, events, baseOffset);
  let at = 0;
  for (let i = 0; at < data.length; i += 1) {
    const size = sizes[Math.min(i, sizes.length - 1)] as number;
    // A fresh copy per chunk, overwritten afterwards: a reader that keeps a reference is found out.
    const chunk = Uint8Array.from(data.subarray(at, at + size));
    reader.push(chunk);
    chunk.fill(0x58);
    at += size;
  }
  reader.end();
  return { records: events.records, rejects: events.rejects };
}

export function countByKind({ rejects }: Collected): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { kind } of rejects) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}
