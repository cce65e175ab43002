import { parseJson } from "../events/json.ts";
import { isAuditEvent, isMerged } from "../formats/shape/audit-event.ts";
import { type Member, wholeObject } from "../formats/shape/json-bytes.ts";
import type { AuditIdHasher } from "../index/audit-id.ts";
import type { InputTally } from "./input-tally.ts";
import type { RecordScanner } from "./record-intake.ts";

/** One event as it was written: a JSON object at bytes[start, end), valid until the call returns. */
export interface Original {
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
  /** Of the object, in order. */
  readonly members: readonly Member[];
}

/** Where the record lies that the event is, or is in. */
export interface RecordPlace {
  /** Where the input tells; else "". */
  readonly apiserver: string;
  /** In the decompressed input. */
  readonly offset: number;
  readonly bytes: number;
}

export interface OriginalScannerOptions {
  readonly tally: InputTally;
  /** Hashes what tells an event from all others. */
  readonly ids: AuditIdHasher;
  /** Whether an event of this hash is the first of its kind. */
  readonly isNew: (low: number, high: number) => boolean;
  readonly see: (original: Original, place: RecordPlace) => void;
  /** So many events at the beginning have been seen before. */
  readonly skip?: number;
}

/** Shows the events among the records. */
export class OriginalScanner implements RecordScanner {
  /** Events, duplicates and those skipped among them. */
  counted = 0;
  private readonly options: OriginalScannerOptions;
  /** By the number a record comes with. */
  private readonly apiservers: string[] = [];

  constructor(options: OriginalScannerOptions) {
    this.options = options;
  }

  /** The number under which an API server's records come. */
  apiserver(name: string): number {
    return this.apiservers.push(name) - 1;
  }

  scan(buffer: Uint8Array, start: number, end: number, source: number, offset: number, length: number): boolean {
    const { tally, see, skip = 0 } = this.options;
    const bytes = Buffer.from(buffer.buffer, buffer.byteOffset, buffer.byteLength);
    let from = start;
    let to = end;
    while (from < to && isSpace(bytes[from] as number)) from += 1;
    while (to > from && isSpace(bytes[to - 1] as number)) to -= 1;
    const members = wholeObject(bytes, from, to);
    if (members === null || !isEvent(bytes, members)) return false;
    this.counted += 1;
    if (this.counted <= skip) return true;
    const apiserver = this.apiservers[source] ?? "";
    if (this.isDuplicate(bytes, members, apiserver)) tally.duplicate += 1;
    else {
      tally.events += 1;
      see({ bytes, start: from, end: to, members }, { apiserver, offset, bytes: length });
    }
    return true;
  }

  scanLines(_: Uint8Array, start: number): number {
    return start;
  }

  /** API servers that pass a request on write it under the same auditID. */
  private isDuplicate(bytes: Buffer, members: readonly Member[], apiserver: string): boolean {
    const { ids, isNew } = this.options;
    const parts = IDENTITY.map((key) => members.find((member) => member.key === key));
    if (parts.some((part) => part === undefined)) return false;
    const values = parts.map((part) => bytes.toString("latin1", part?.start, part?.end));
    ids.hashText([apiserver, ...values].join());
    return !isNew(ids.low, ids.high);
  }
}

/** Two events of an API server with the same of these are one that was written twice. */
const IDENTITY: readonly string[] = ["auditID", "stage", "stageTimestamp", "requestReceivedTimestamp"];

/** Bodies are stepped over: what an event is, it says beside them. */
const BODIES: readonly string[] = ["requestObject", "responseObject"];

function isEvent(bytes: Buffer, members: readonly Member[]): boolean {
  const head: Record<string, unknown> = {};
  for (const { key, start, end } of members) {
    if (BODIES.includes(key)) continue;
    try {
      head[key] = parseJson(bytes.toString("utf8", start, end));
    } catch {
      return false;
    }
  }
  return isAuditEvent(head) && !isMerged(head);
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
