import type { RecordSink } from "../../src/ingest/contract.ts";
import { openReader } from "../../src/formats/registry.ts";
import { unwrap } from "../../src/formats/unwrap.ts";

export interface Collected {
  readonly records: { text: string; offset: number; bytes: number; apiserver: string | undefined }[];
  readonly rejects: { kind: string; offset: number; bytes: number; reason: string; sample: string }[];
}

/** A sink that keeps copies of everything. */
export function collector(): Collected & RecordSink {
  const records: Collected["records"] = [];
  const rejects: Collected["rejects"] = [];
  return {
    records,
    rejects,
    record(buffer, start, end, offset, bytes, apiserver) {
      records.push({ text: Buffer.from(buffer.subarray(start, end)).toString(), offset, bytes, apiserver });
    },
    reject(kind, offset, bytes, reason, sample) {
      rejects.push({ kind, offset, bytes, reason, sample });
    },
  };
}

/** Reads `data` in chunks of the given sizes (the last one repeats) and unwraps every record, as ingest does on a miss. */
export function readAll(format: string, data: Uint8Array, sizes: readonly number[] = [data.length || 1]): Collected {
  const events = collector();
  const reader = openReader(
    format,
    {
      record: (buffer, start, end, offset, bytes, apiserver) =>
        unwrap(buffer, start, end, offset, bytes, events, apiserver),
      reject: (kind, offset, bytes, reason, sample) => events.reject(kind, offset, bytes, reason, sample),
    },
    0,
  );
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
