import type { RecordReader, RecordSink, RejectKind } from "../ingest/contract.ts";
import { DocumentReader } from "./document-reader.ts";
import { LineReader } from "./line-reader.ts";
import { outline, type Outline } from "./outline.ts";
import { unwrap } from "./unwrap.ts";

/** What one way of reading made of the head. */
export interface Trial {
  readonly events: number;
  /** Events that begin a line, behind a prefix in their line, inside a list or array, and inside an envelope's string. */
  readonly atLineStart: number;
  readonly prefixed: number;
  readonly listed: number;
  readonly enveloped: number;
  /** Events followed by another object on the same line. */
  readonly runOn: number;
  readonly rejects: Readonly<Record<RejectKind, number>>;
  /** What the JSON records and log lines are that were not taken, most frequent first. */
  readonly others: readonly string[];
}

/** The beginning of an input, and what the readers make of it: computed when first asked for, then kept. */
export class Head {
  /** Without the byte order mark. */
  readonly bytes: Buffer;
  readonly isWhole: boolean;
  /** First byte that is neither white space nor padding; -1 when there is none. */
  readonly firstByte: number;
  #lines: Trial | undefined;
  #documents: Trial | undefined;
  #outline: Outline | undefined;
  #text: string | undefined;

  constructor(head: Uint8Array, isWhole: boolean) {
    const bytes = Buffer.from(head.buffer, head.byteOffset, head.length);
    const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
    this.bytes = hasMark ? bytes.subarray(3) : bytes;
    this.isWhole = isWhole;
    this.firstByte = this.bytes.find((byte) => byte > 0x20) ?? -1;
  }

  /** The head read line by line. */
  get lines(): Trial {
    return (this.#lines ??= this.#try((sink) => new LineReader(sink, 0)));
  }

  /** The head read as JSON documents, whatever its lines. */
  get documents(): Trial {
    return (this.#documents ??= this.#try((sink) => new DocumentReader(sink, 0)));
  }

  /** The structure of a head in which no record ends. */
  get outline(): Outline {
    return (this.#outline ??= outline(this.text));
  }

  /** Whether the first line ends in this head. */
  get hasWholeLine(): boolean {
    const start = this.bytes.findIndex((byte) => byte > 0x20);
    return start >= 0 && this.bytes.indexOf(0x0a, start) >= 0;
  }

  /** Whether JSON seems to begin the input: everything else is text. */
  get isJson(): boolean {
    return this.firstByte === 0x7b || this.firstByte === 0x5b;
  }

  get text(): string {
    return (this.#text ??= this.bytes.toString("utf8").replaceAll("\0", " "));
  }

  #try(open: (sink: RecordSink) => RecordReader): Trial {
    const probe = new ProbeSink(this.bytes);
    const reader = open(probe);
    reader.push(this.bytes);
    // The cut at the end of a partial head is no fault of the input.
    if (this.isWhole) reader.end();
    return probe.trial();
  }
}

/** Counts what a reader finds, and where. */
class ProbeSink implements RecordSink {
  readonly #head: Buffer;
  readonly #counts = { atLineStart: 0, prefixed: 0, listed: 0, enveloped: 0, runOn: 0 };
  readonly #rejects = { bad: 0, truncated: 0, foreign: 0 };
  readonly #reasons = new Map<string, number>();
  readonly #events: RecordSink = {
    record: (_buffer, start, end, offset, bytes) => this.#event(offset, bytes, end - start === bytes),
    reject: (kind, _offset, _bytes, reason) => this.#reject(kind, reason),
  };

  constructor(head: Buffer) {
    this.#head = head;
  }

  record(buffer: Uint8Array, start: number, end: number, offset: number, bytes: number): void {
    unwrap(buffer, start, end, offset, bytes, this.#events);
  }

  reject(kind: RejectKind, _offset: number, _bytes: number, reason: string): void {
    this.#reject(kind, reason);
  }

  trial(): Trial {
    const counts = this.#counts;
    const reasons = [...this.#reasons].sort((a, b) => b[1] - a[1]);
    return {
      ...counts,
      events: counts.atLineStart + counts.prefixed + counts.listed + counts.enveloped,
      rejects: this.#rejects,
      others: reasons.map(([reason]) => reason),
    };
  }

  #event(offset: number, bytes: number, hasOwnBytes: boolean): void {
    let lineStart = offset === 0 ? 0 : this.#head.lastIndexOf(0x0a, offset - 1) + 1;
    while (lineStart < offset && (this.#head[lineStart] as number) <= 0x20) lineStart += 1;
    const first = this.#head[lineStart];
    const isJsonLine = first === 0x7b || first === 0x5b;
    if (lineStart === offset) this.#counts[hasOwnBytes ? "atLineStart" : "enveloped"] += 1;
    else this.#counts[isJsonLine ? "listed" : "prefixed"] += 1;
    let next = offset + bytes;
    while (this.#head[next] === 0x20 || this.#head[next] === 0x09) next += 1;
    if (hasOwnBytes && this.#head[next] === 0x7b) this.#counts.runOn += 1;
  }

  #reject(kind: RejectKind, reason: string): void {
    this.#rejects[kind] += 1;
    if (/^an? /.test(reason)) this.#reasons.set(reason, (this.#reasons.get(reason) ?? 0) + 1);
  }
}
