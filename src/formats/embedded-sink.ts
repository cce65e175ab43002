import type { RecordSink, RejectKind } from "../ingest/contract.ts";

/** Locates everything at the enclosing record: what is in it is escaped or re-assembled and has no bytes of its own. */
export class EmbeddedSink implements RecordSink {
  readonly #sink: RecordSink;
  readonly #offset: number;
  readonly #bytes: number;
  readonly #apiserver: string | undefined;

  constructor(sink: RecordSink, offset: number, bytes: number, apiserver?: string) {
    this.#sink = sink;
    this.#offset = offset;
    this.#bytes = bytes;
    this.#apiserver = apiserver;
  }

  record(buffer: Uint8Array, start: number, end: number, _offset: number, _bytes: number, apiserver?: string): void {
    this.#sink.record(buffer, start, end, this.#offset, this.#bytes, apiserver ?? this.#apiserver);
  }

  reject(kind: RejectKind, _offset: number, _bytes: number, reason: string, sample: string): void {
    this.#sink.reject(kind, this.#offset, this.#bytes, reason, sample);
  }
}
