/** What an input format is: how to recognise it, and how to turn its bytes into records. */
import type { RecordReader, RecordSink } from "../ingest/contract.ts";
import type { JsonObject } from "./audit-event.ts";
import type { Head } from "./head.ts";

/** Larger records are skipped and counted as bad: nothing else bounds what one record may ask of memory. */
export const MAX_RECORD_BYTES = 512 * 1024 * 1024;

/** Bytes of an input's beginning that are always enough to sniff it; a smaller head may answer `need-more`. */
export const SNIFF_BYTES = 1024 * 1024;

export interface Detection {
  /** 0…1: the highest one wins, the registry's order breaks ties. */
  readonly confidence: number;
  /** What was seen, as a clause: "each line is an audit event". */
  readonly why: string;
}

/** A literal input that defines the format: it is detected as this format and no other, and yields `events` events. */
export interface FormatSample {
  readonly name: string;
  readonly text: string;
  readonly events: number;
}

/** What an envelope holds: the event as text or at a path, or something that is no audit event on purpose. */
export type EnvelopeContent =
  | { readonly event: string; readonly apiserver?: string }
  | { readonly path: readonly string[]; readonly event?: undefined; readonly apiserver?: string }
  | { readonly foreign: string };

/** A JSON object that a log pipeline puts around each event. */
export interface Envelope {
  /** Null when `value` is not this envelope. `path` leads to an object, array or string inside `value`. */
  open(value: JsonObject): EnvelopeContent | null;
}

export interface FormatDefinition {
  /** Stable name: `--format` takes it, `info` reports it. */
  readonly id: string;
  readonly title: string;
  /** One sentence: where such input comes from. */
  readonly docs: string;
  readonly samples: readonly FormatSample[];
  /** Null when the head is not of this format. Never throws, whatever the bytes are. */
  detect(head: Head): Detection | null;
  /**
   * A reader for the input's bytes from `baseOffset` (decompressed) on; all offsets it reports are absolute.
   * Objects that turn out to be no event by themselves go to `sink.record` too: `unwrap` says what they are.
   */
  open(sink: RecordSink, baseOffset: number): RecordReader;
}

export type Sniff =
  | { readonly kind: "format"; readonly format: string; readonly why: string; readonly confidence: number }
  /** Not an audit log: one clause to follow the path, "looks like CSV, not a Kubernetes audit log". */
  | { readonly kind: "refused"; readonly reason: string }
  /** Nothing but white space or padding so far. */
  | { readonly kind: "empty" }
  /** The head is too short to tell: come back with more of it (never for SNIFF_BYTES or more). */
  | { readonly kind: "need-more" };
