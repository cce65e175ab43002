import { parseDocument } from "yaml";
import { sampleText } from "../shape/sample-text.ts";
import { isObject } from "../shape/audit-event.ts";
import { BARE, contextText } from "./contract.ts";
import { QueuedStretch } from "./queued-stretch.ts";
import type { Unwrapper } from "./unwrapper.ts";

const NEWLINE = 0x0a;
const BRACE = 0x7b;
/** Larger than any event an API server takes; a parser of YAML is slow, and works in memory. */
const MAX_DOCUMENT_BYTES = 8 * 1024 * 1024;
const YAML = { ...BARE, format: "yaml", context: contextText("yaml") };

/** Lines that begin YAML as log entries and events are written in it, or comments before it. */
const HEAD =
  /^(?:---(?:\s|$)|#|(?:- )?(?:insertId|logName|labels|protoPayload|kind|apiVersion|level|auditID|stage|requestURI|annotations|operation|httpRequest|receiveTimestamp|resource)\s*:(?:\s|$))/;

export function beginsYaml(bytes: Buffer, start: number, end: number): boolean {
  return HEAD.test(bytes.toString("latin1", start, Math.min(end, start + 64)));
}

/** Documents between lines of `---`, and entries of a list at the top, each read by itself. */
export class YamlReader extends QueuedStretch {
  private readonly open: Unwrapper;
  /** How far the document at the queue's beginning was looked at: the start of a line. */
  private seen = 0;
  /** Whether the document is a list; null while nobody asked. */
  private isList: boolean | null = null;

  constructor(open: Unwrapper, offset: number) {
    super(offset);
    this.open = open;
  }

  protected next(isLast: boolean): boolean {
    const { queue } = this;
    for (;;) {
      const start = queue.start + this.seen;
      const newline = queue.bytes.subarray(0, queue.end).indexOf(NEWLINE, start);
      if (newline < 0 && !isLast) {
        if (queue.length > MAX_DOCUMENT_BYTES) return this.give(queue.length);
        return false;
      }
      const end = newline < 0 ? queue.end : newline;
      const first = queue.bytes[start];
      if (first === BRACE && this.isBlank(queue.start, start)) {
        queue.take(this.seen);
        this.seen = 0;
        this.isDone = true;
        return false;
      }
      if (this.seen > 0 && this.beginsNext(start, end)) return this.give(this.seen);
      if (!mayBeYaml(queue.bytes, start, end)) {
        if (this.seen > 0) this.give(this.seen);
        this.isDone = true;
        return false;
      }
      this.seen = (newline < 0 ? queue.end : newline + 1) - queue.start;
      if (newline < 0) return this.give(queue.length);
      if (this.seen > MAX_DOCUMENT_BYTES) return this.give(this.seen);
    }
  }

  override end(): void {
    super.end();
    if (!this.isDone && this.queue.length > 0) this.give(this.queue.length);
  }

  /** Whether the line ends the document before it: `---`, or a further entry of the list that the document is. */
  private beginsNext(start: number, end: number): boolean {
    const { queue } = this;
    const head = queue.bytes.toString("latin1", start, Math.min(end, start + 4));
    if (/^---(?:\s|$)/.test(head)) return true;
    if (!head.startsWith("- ")) return false;
    // Lists of members lie at the margin, too.
    if (this.isList === null)
      this.isList = /^(?:\s|#.*\n|---.*\n)*- /.test(queue.bytes.toString("latin1", queue.start, end));
    return this.isList && !this.isBlank(queue.start, start);
  }

  private isBlank(from: number, to: number): boolean {
    return /^(?:\s|#.*\n|---.*\n|\.\.\.\s*\n)*$/.test(this.queue.bytes.toString("latin1", from, to));
  }

  private give(bytes: number): boolean {
    const { queue } = this;
    this.read(bytes);
    queue.take(bytes);
    this.seen = 0;
    this.isList = null;
    return true;
  }

  private read(bytes: number): void {
    const { queue, open } = this;
    const { start, offset } = queue;
    if (this.isBlank(start, start + bytes)) return;
    const reject = (reason: string): void => {
      open.reject("bad", offset, bytes, reason, sampleText(queue.bytes, start, start + bytes), YAML.format);
    };
    if (bytes > MAX_DOCUMENT_BYTES) {
      reject(`a YAML document longer than ${MAX_DOCUMENT_BYTES / 1024 / 1024} MiB`);
      return;
    }
    let value: unknown;
    try {
      const text = queue.bytes.toString("utf8", start, start + bytes).replace(/^\.\.\.\s*$/gm, "");
      const document = parseDocument(text, { uniqueKeys: false, prettyErrors: false, logLevel: "silent" });
      value = document.errors.length === 0 ? (document.toJS({ maxAliasCount: 100 }) as unknown) : undefined;
    } catch {
      value = undefined;
    }
    const values: readonly unknown[] = Array.isArray(value) ? value : [value];
    for (const one of values) {
      if (isObject(one)) open.value(one, offset, bytes, YAML);
      else reject("not YAML of an object");
    }
  }
}

/** Lines at the margin are comments, entries, marks or members; others may be anything. */
function mayBeYaml(bytes: Buffer, start: number, end: number): boolean {
  const head = bytes.toString("latin1", start, Math.min(end, start + 200));
  return /^(?:\s|$|#|- |-$|---|\.\.\.|(?:"[^"]*"|'[^']*'|[A-Za-z_@$][\w./@-]*)\s*:(?:\s|$))/.test(head);
}
