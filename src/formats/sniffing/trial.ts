import type { RecordSink, RejectKind } from "../../ingest/contract.ts";
import { isPlainEvent } from "../reading/open-reader.ts";
import { InputReader } from "../reading/input-reader.ts";

/** Bytes read at a time until there are so many events of one format with nothing else between them: of ten thousand files each is tried. */
const PIECE_BYTES = 16 * 1024;
const ENOUGH_EVENTS = 8;

/** What reading made of the beginning of an input. */
export interface Trial {
  readonly events: number;
  /** Format ids of what was taken, "" for lines by themselves, most frequent first. */
  readonly formats: readonly string[];
  readonly rejects: Readonly<Record<RejectKind, number>>;
  /** Formats that records which were not taken usually carry events in, most frequent first. */
  readonly carriers: readonly string[];
  /** What the records and lines are that were not taken, most frequent first. */
  readonly others: readonly string[];
  /** Offset up to which records end: the rest is one that goes on. */
  readonly consumed: number;
}

/** Reads a head as an input is read, as far as it takes to tell. The cut at the end of a partial one is no fault of the input. */
export function tryReading(head: Buffer, isWhole: boolean): Trial {
  const formats = new Map<string, number>();
  const carriers = new Map<string, number>();
  const reasons = new Map<string, number>();
  const rejects = { bad: 0, truncated: 0, foreign: 0, fragment: 0 };
  let events = 0;
  const sink: RecordSink = {
    record: (buffer, start, end, _offset, _bytes, origin) => {
      const json = Buffer.from(buffer.buffer, buffer.byteOffset + start, end - start);
      if (!isPlainEvent(json)) return false;
      events += 1;
      count(formats, origin?.format ?? "");
      return true;
    },
    reject: (kind, _offset, _bytes, reason, _sample, format) => {
      rejects[kind] += 1;
      if (/^an? /.test(reason)) count(reasons, reason);
      if (kind === "foreign" && format !== "") count(carriers, format);
    },
  };
  const reader = new InputReader(sink, { baseOffset: 0 });
  const isTold = (): boolean =>
    events >= ENOUGH_EVENTS && formats.size === 1 && Object.values(rejects).every((times) => times === 0);
  let read = 0;
  for (; read < head.length && !isTold(); read += PIECE_BYTES) reader.push(head.subarray(read, read + PIECE_BYTES));
  const consumed = reader.consumedOffset;
  if (isWhole && read >= head.length) reader.end();
  return {
    events,
    formats: byCount(formats),
    rejects,
    carriers: byCount(carriers),
    others: byCount(reasons),
    consumed,
  };
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function byCount(counts: ReadonlyMap<string, number>): string[] {
  return [...counts].sort((a, b) => b[1] - a[1]).map(([key]) => key);
}
