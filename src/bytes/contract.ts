/**
 * Where bytes come from. Three things to know:
 * - All offsets are positions in the *decompressed* input, from 0.
 * - A chunk is only valid until the next one is pulled: buffers are reused.
 * - A source is a generation of a file, not a name: rotation renames and compresses files under us.
 */
import type { KtrailError } from "../errors.ts";

/** All packing that is undone, the outermost first: `gzip`, `gzip+tar+gzip`; "none" for what can be read anywhere. */
export type Compression = string;

/**
 * What was written to one file between its creation and its rotation or truncation. Found again after a rename (by
 * inode) and after copying or compression (by its first bytes).
 */
export interface FileGeneration {
  /** Path under which it was first seen. */
  readonly path: string;
  readonly device: number;
  readonly inode: number;
  /** First decompressed bytes, at most 1 KiB; longer while a followed file is still short. Never interpreted. */
  head: Uint8Array;
}

export interface InputFile {
  readonly path: string;
  /** Size on disk. */
  readonly bytes: number;
  readonly compression: Compression;
  /** When its first event was written, µs, as far as its beginning tells at a glance; otherwise NaN. */
  readonly firstUs: number;
  /** When it was last written, ms since the epoch. */
  readonly writtenMs: number;
}

/** Files of one API server, oldest first: to be read one after the other as one stream of time. */
export interface FileInput {
  readonly kind: "files";
  /** Name of the API server where the path tells (must-gather's component/node); otherwise "". */
  readonly apiserver: string;
  readonly files: readonly InputFile[];
  /** What to follow: the last plain file, or the awaited path when it does not exist yet; null when it is compressed. */
  readonly live: string | null;
}

/** Standard input (`-`) or a pipe given by name (`<(…)`): read once, cannot be read again. */
export interface StreamInput {
  readonly kind: "stream";
  readonly apiserver: "";
  readonly path: string;
}

export type ResolvedInput = FileInput | StreamInput;

export interface PassedOver {
  readonly path: string;
  /** One clause, no full stop. */
  readonly reason: string;
}

export interface ResolvedInputs {
  readonly inputs: readonly ResolvedInput[];
  readonly passedOver: readonly PassedOver[];
  /** Logs that are counted as one API server's although they were written at the same time, and nothing tells: their paths. */
  readonly untold: readonly string[];
  /** Arguments that cannot be read: the message names path, reason and remedy. The others are still read. */
  readonly failures: readonly { readonly path: string; readonly error: KtrailError }[];
}

/** One input read from start to end. */
export interface ByteSource {
  readonly path: string;
  /** "none" until the first chunk was pulled. */
  readonly compression: Compression;
  /** Size on disk, for progress; null when unknown. */
  readonly totalBytes: number | null;
  /** Bytes taken from the file or pipe so far (compressed). */
  readonly bytesRead: number;
  /** What the raw store needs to read it again; null for streams. Known once the first chunk was pulled (or the end). */
  readonly generation: FileGeneration | null;
  /** Set when the input ended before its end (cut or damaged compression): one sentence. Bytes before it were delivered. */
  readonly fault: string | null;
  /**
   * Pulls the bytes, 64 KiB–1 MiB at a time; may be called once. Ends early, without error, when the signal fires.
   * Throws KtrailError KT200 when the input cannot be opened or read.
   */
  chunks(signal?: AbortSignal): AsyncGenerator<Uint8Array, void, void>;
}

/** Random access to the bytes of an open file. */
export interface ReadAt {
  readonly size: number;
  /** Fills `into` from `offset`; returns how many bytes there were. */
  read(into: Uint8Array, offset: number): Promise<number>;
}

/**
 * Why a generation will not grow any more, as far as we can tell: truncated after it was copied, or emptied without a copy;
 * "deleted" also when it cannot be read any more.
 */
export type GenerationEnd = "rotated" | "truncated" | "emptied" | "deleted";

export type FollowEvent =
  /** A generation is read from `offset` on. Ends a "waiting". */
  | {
      readonly kind: "opened";
      readonly generation: FileGeneration;
      readonly compression: Compression;
      readonly offset: number;
    }
  /** The next bytes of the generation opened last. Lines may be cut anywhere, also between two polls. */
  | { readonly kind: "chunk"; readonly bytes: Uint8Array; readonly offset: number }
  /** Everything written so far was delivered. */
  | { readonly kind: "caughtUp" }
  /** The generation was delivered to its end: the record reader may end(). `movedTo`: the file that holds it now. */
  | { readonly kind: "complete"; readonly end: GenerationEnd; readonly movedTo: string | null }
  /** Bytes that were there and could not be read: one sentence. */
  | { readonly kind: "lost"; readonly sentence: string }
  /** Nothing to read now (missing, unreadable): one clause for the status line. */
  | { readonly kind: "waiting"; readonly reason: string };

/** A file followed as `tail -F` does, for ever. */
export interface FollowSource {
  readonly path: string;
  /** Pulls until the signal fires; may be called once. */
  events(signal: AbortSignal): AsyncGenerator<FollowEvent, void, void>;
}

/**
 * A piece of the past to fill in, line-aligned: [from, to) of a generation. `to` is Infinity for what is only delivered
 * whole (compressed files). Pieces come newest first; each is read forwards with `source`.
 */
export interface PastRange {
  readonly generation: FileGeneration;
  readonly compression: Compression;
  readonly from: number;
  readonly to: number;
  readonly source: ByteSource;
}

export interface RawRequest {
  /** Source number as registered. */
  readonly source: number;
  readonly offset: number;
  readonly bytes: number;
}

/** `bytes` stays valid: it is never overwritten. `missing` is one clause. */
export type RawResult = { readonly bytes: Uint8Array } | { readonly missing: string };

/** Reads events again, byte for byte. */
export interface RawStore {
  /** Sources are numbered by the caller. */
  addFile(source: number, generation: FileGeneration): void;
  /** A source that cannot be read again: what `append` gives is kept in a ring shared by all streams. */
  addStream(source: number): void;
  /** Copies the chunk. Chunks of one source come in order, without holes. */
  append(source: number, chunk: Uint8Array): void;
  read(request: RawRequest): Promise<RawResult>;
  /** Like read, at once; null when it would take decompression or a search: use read. */
  readNow(request: RawRequest): RawResult | null;
  /**
   * Answers all, in any order it was asked, sorted by source and offset: files are passed over once. `index` is the
   * request's position in the list. Ends early when the signal fires.
   */
  readMany(
    requests: readonly RawRequest[],
    signal?: AbortSignal,
  ): AsyncGenerator<{ readonly index: number; readonly result: RawResult }, void, void>;
  /** Bytes held for streams now. */
  readonly streamBytes: number;
  close(): void;
}
