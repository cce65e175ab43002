import { MAX_RECORD_BYTES } from "../contract.ts";
import { sampleText } from "../shape/sample-text.ts";
import { BARE, contextText } from "./contract.ts";
import { QueuedStretch } from "./queued-stretch.ts";
import type { Unwrapper } from "./unwrapper.ts";

const NEWLINE = 0x0a;
const EQUALS = 0x3d;
const SIZE_BYTES = 8;
/** systemd's own limit is 64. */
const MAX_NAME_BYTES = 80;
const JOURNAL = { ...BARE, format: "journal", context: contextText("journal") };

/** Entries of `journalctl -o export` begin with one of these fields. */
export function beginsEntry(bytes: Buffer, start: number, end: number): boolean {
  return /^__(?:CURSOR|REALTIME_TIMESTAMP)=/.test(bytes.toString("latin1", start, Math.min(end, start + 24)));
}

function isName(text: string): boolean {
  return /^[A-Z_][A-Z0-9_]*$/.test(text);
}

/** systemd's Journal Export Format: a field a line, those with newlines or control bytes behind their size; a blank line ends an entry. */
export class JournalReader extends QueuedStretch {
  private readonly open: Unwrapper;
  private fields: Record<string, string> = {};
  /** Bytes of the entry that were read: its fields are known. */
  private read = 0;

  constructor(open: Unwrapper, offset: number) {
    super(offset);
    this.open = open;
  }

  protected next(isLast: boolean): boolean {
    const { queue } = this;
    const start = queue.start + this.read;
    const newline = queue.bytes.subarray(0, queue.end).indexOf(NEWLINE, start);
    if (newline < 0) {
      if (queue.length > MAX_RECORD_BYTES) return this.give("bad", queue.length, "an entry without end");
      if (!isLast) return false;
      // Without a blank line behind it the last entry may lack fields, but not its message.
      if (start < queue.end) return this.give("truncated", queue.length, "the last entry is cut short");
      return this.give(null, queue.length, "");
    }
    if (newline === start) {
      this.read += 1;
      return this.read === 1 ? this.skip() : this.give(null, this.read, "");
    }
    const line = queue.bytes.subarray(start, newline);
    const equals = line.indexOf(EQUALS);
    if (equals > 0 && isName(line.toString("latin1", 0, Math.min(equals, MAX_NAME_BYTES)))) {
      this.keep(line.toString("latin1", 0, equals), line.toString("utf8", equals + 1));
      this.read += line.length + 1;
      return true;
    }
    if (!isName(line.toString("latin1", 0, Math.min(line.length, MAX_NAME_BYTES)))) {
      if (this.read > 0) return this.give("bad", this.read, "not an entry of a journal");
      this.isDone = true;
      return false;
    }
    return this.sized(line.toString("latin1"), newline + 1, isLast);
  }

  private sized(name: string, at: number, isLast: boolean): boolean {
    const { queue } = this;
    const start = at + SIZE_BYTES;
    const size = start <= queue.end ? Number(queue.bytes.readBigUInt64LE(at)) : 0;
    const end = start + size;
    if (size > MAX_RECORD_BYTES) return this.give("bad", start - queue.start, "a field of impossible size");
    if (end >= queue.end) return isLast ? this.give("truncated", queue.length, "the last entry is cut short") : false;
    this.keep(name, queue.bytes.toString("utf8", start, end));
    this.read = end + 1 - queue.start;
    return true;
  }

  private keep(name: string, value: string): void {
    if (/^(?:MESSAGE|_HOSTNAME|_PID|CONTAINER_\w+|__CURSOR)$/.test(name)) this.fields[name] = value;
  }

  private skip(): boolean {
    this.queue.take(1);
    this.read = 0;
    return true;
  }

  /** Ends the entry, which takes `bytes`: opens it, or counts it as what it is. */
  private give(fault: "bad" | "truncated" | null, bytes: number, reason: string): boolean {
    const { queue, open, fields } = this;
    if (fault !== null) {
      const sample = sampleText(queue.bytes, queue.start, queue.start + Math.min(bytes, 400));
      open.reject(fault, queue.offset, bytes, reason, sample, JOURNAL.format);
    } else if (fields["MESSAGE"] === undefined) {
      open.reject("foreign", queue.offset, bytes, "a journal entry without a message", "", JOURNAL.format);
    } else {
      open.value({ __CURSOR: "", ...fields }, queue.offset, bytes, JOURNAL);
    }
    queue.take(bytes);
    this.fields = {};
    this.read = 0;
    return true;
  }
}
