/** Between bytes and rows: what a format reader hands over, and what a scanner makes of it. */

/**
 * Why a record is not an event. Bad: not JSON or no event inside; truncated: cut short; foreign: something else on purpose;
 * fragment: the rest of a record whose beginning is not in the input, which starts in its middle.
 */
export type RejectKind = "bad" | "truncated" | "foreign" | "fragment";

/** What is around an event and says something about it. Records of one origin share the object as far as possible. */
export interface Origin {
  /** Id of the format it was found in; "" for an event that is a line by itself. */
  readonly format: string;
  /** API server the event came from, where the input tells (node-logs prefix, syslog host, pod, log stream); otherwise "". */
  readonly apiserver: string;
  /** What is needed besides the record's own bytes to read it again: the header of a table. Usually "". */
  readonly context: string;
}

/** JSON objects in memory: buffer[start, end). `offset`/`bytes` locate them in the decompressed input. */
export interface RecordSink {
  /**
   * Whether the object was taken as an audit event; if not, the reader looks for one in it. `offset`+`bytes` must be enough
   * to read exactly this event's bytes again; where the event was embedded as an escaped string or re-assembled, `buffer`
   * holds the event and offset/bytes the enclosing record. Without `origin`: as told of the whole input.
   */
  record(buffer: Uint8Array, start: number, end: number, offset: number, bytes: number, origin?: Origin): boolean;
  /** `format`: id of a format that records of this kind usually carry events in; "" when none is known. */
  reject(kind: RejectKind, offset: number, bytes: number, reason: string, sample: string, format: string): void;
  /**
   * Takes the lines in buffer[start, end), which lies at `offset`, whole: those that are nothing but an event by itself,
   * and in their order gives the others to `other`. Returns where the first line begins that was not dealt with, which
   * may be `start`: the reader goes on there by itself. Ends behind the line for which `other` returns false.
   */
  lines?(buffer: Uint8Array, start: number, end: number, offset: number, other: OtherLine): number;
}

/** A line of the buffer that somebody is busy with, without its newline; false when what follows is not to be read in lines. */
export type OtherLine = (start: number, end: number) => boolean;

/** Turns chunks of one input into records. Chunk borders may fall anywhere; results never depend on them. */
export interface RecordReader {
  /** The chunk is only valid during the call; what must survive is copied. */
  push(chunk: Uint8Array): void;
  /** End of input. While following, call only when the input will not grow any more. */
  end(): void;
  /** Offset up to which input was consumed into records: a half-written tail starts here. */
  readonly consumedOffset: number;
}

export interface RejectSample {
  readonly kind: RejectKind;
  readonly offset: number;
  readonly bytes: number;
  readonly reason: string;
  /** At most 200 characters of the record, control bytes escaped. */
  readonly sample: string;
}

/** Where reading an input goes on: from an offset of the decompressed input, without the first events that come from there. */
export interface ResumePoint {
  readonly from: number;
  readonly skip: number;
  /** What its format was found to be; "" when it has not been. */
  readonly format: string;
}

/** What `info` says about one input. */
export interface InputReport {
  readonly path: string;
  /** Format id of the registry, the most frequent one; "" while nothing was recognised. */
  readonly format: string;
  /** Events by format, duplicates among them, where there is more than one. */
  readonly formats: Readonly<Record<string, number>>;
  /** All packing that was undone, the outermost first: `gzip`, `zip`, `gzip+tar+gzip`; "none". */
  readonly compression: string;
  /** Bytes read from the file (compressed size for .gz). */
  readonly bytes: number;
  /** Size to read, for progress; null when unknown (stdin). */
  readonly totalBytes: number | null;
  /** Events taken (after duplicates were dropped). */
  readonly events: number;
  readonly skipped: {
    readonly foreign: number;
    readonly bad: number;
    readonly truncated: number;
    readonly fragment: number;
    readonly duplicate: number;
  };
  /** First few rejected records. */
  readonly samples: readonly RejectSample[];
  /** Set when the input could not be (fully) read: one clear sentence with path and reason. */
  readonly error: string | null;
  /** Not an audit log at all, or passed over in a directory: why, in one clause. */
  readonly passedOver: string | null;
  readonly state: "waiting" | "reading" | "following" | "done";
  /** What a followed input waits for while there is nothing to read: one clause. */
  readonly waitingFor: string | null;
  /** Since when (ms since the epoch) a followed input has had nothing new, once that is ten seconds. */
  readonly silentSinceMs: number | null;
  /** What is known to be missing although the input was there: a sentence each, the latest ones. */
  readonly lost: readonly string[];
}
