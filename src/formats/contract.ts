/** What an input format is: how to recognise it, and how to get at the events in it. */
import type { JsonObject } from "./shape/audit-event.ts";

/** Larger records are skipped and counted as bad: nothing else bounds what one record may ask of memory. */
export const MAX_RECORD_BYTES = 64 * 1024 * 1024;

/** Bytes of an input's beginning that are always enough to sniff it; a smaller head may answer `need-more`. */
export const SNIFF_BYTES = 1024 * 1024;

/** A literal input that defines the format: it is detected as this format and no other, and yields `events` events. */
export interface FormatSample {
  readonly name: string;
  readonly text: string | Buffer;
  readonly events: number;
  /** API servers that the events are told to come from; none when left out. */
  readonly apiservers?: readonly string[];
}

/** What was found in a wrapper. `apiserver`: where the wrapper says which one wrote the event. */
export type Opened =
  /**
   * JSON, or a line that may hold some. With `part` it may be a piece of a longer one: pieces with the same `part` belong
   * together; `isLast` when the wrapper says so.
   */
  | {
      readonly text: string;
      readonly apiserver?: string | undefined;
      readonly part?: string;
      readonly isLast?: boolean | undefined;
    }
  /** A member of the wrapper: its bytes are the event's own. */
  | { readonly path: readonly string[]; readonly apiserver?: string | undefined }
  /** An object that is not written as such in the wrapper. */
  | { readonly value: JsonObject; readonly apiserver?: string | undefined }
  /** Bytes that are unpacked first, when they are compressed. */
  | { readonly packed: Uint8Array; readonly apiserver?: string | undefined }
  | { readonly many: Iterable<Opened> }
  /** No event, on purpose: what it is, as a noun phrase with its article. */
  | { readonly foreign: string };

/** Strings beside a list that its elements are told with: `{"logStream":"…","logEvents":[…]}`. */
export type Facts = Readonly<Record<string, string>>;

/** What is known beside a record. */
export interface Beside {
  readonly facts: Facts;
  /** Where the record is in its input: tells it from all others there. */
  readonly place: string;
  /** What earlier records of the input said that later ones need; bounded, the oldest is forgotten first. */
  readonly memory: Map<string, string>;
}

/** What stands in front of an event in its line. */
export interface LinePrefix {
  /** Matches the whole prefix; its group, if there is one, is the API server's host. */
  readonly pattern: RegExp;
}

export interface Format {
  /** Stable name: `--format` takes it, `info` reports it. */
  readonly id: string;
  readonly title: string;
  /** One sentence: where such input comes from. */
  readonly docs: string;
  /** Made when asked for: only tests do. */
  readonly samples: () => readonly FormatSample[];
  /** What of an event does not get through this wrapper, as paths: "responseStatus.code". */
  readonly loses?: readonly string[];
  /** What is worked out from something else, and from what: "responseStatus.code from the gRPC status". */
  readonly infers?: readonly string[];
  /** How a file begins to be read when this format was asked for by name; lines by default. */
  readonly framing?: Framing;
  /** Columns by which the header of a table of such rows is recognised, in lower case: all of one entry. */
  readonly columns?: readonly (readonly string[])[];
  /** Null when the object is not of this format. Never throws, whatever the object is. */
  open?(value: JsonObject, beside: Beside): Opened | null;
  readonly prefixes?: readonly LinePrefix[];
  /** An event made of a line that holds no JSON; null when it is none. */
  line?(text: string): Opened | null;
  /** What all such lines have in their first 256 bytes. */
  readonly lineMark?: string;
}

/** What a stretch of an input is cut into. */
export type Framing = "lines" | "documents" | "csv" | "yaml" | "journal" | "octets";

export type Sniff =
  | { readonly kind: "format"; readonly format: string }
  /** No event yet, but there may be some further on. `looks`: as the reason of a refusal; null in the middle of a record. */
  | { readonly kind: "maybe"; readonly looks: string | null }
  /** Not an audit log: one clause to follow the path, "looks like CSV, not a Kubernetes audit log". */
  | { readonly kind: "refused"; readonly reason: string }
  /** Nothing but white space or padding so far. */
  | { readonly kind: "empty" }
  /** The head is too short to tell: come back with more of it (never for SNIFF_BYTES or more). */
  | { readonly kind: "need-more" };
