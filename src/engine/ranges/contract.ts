/** What crosses the border between the engine's thread and those that scan ranges of a file for it: plain values. */
import type { EventBatch } from "../../index/event-batch.ts";
import type { RemoteSeat } from "../../index/ring-options.ts";
import type { Rejected } from "../input-tally.ts";

/**
 * Bytes [from, to) of an open file, for the lines that begin behind `from` and not behind `to`; with `isLineStart` also
 * the one that begins at `from`. So every line belongs to exactly one of the ranges that cover a file.
 */
export interface Range {
  readonly from: number;
  /** Infinity: to the end of the file. */
  readonly to: number;
  readonly isLineStart: boolean;
}

/** A file as all its ranges are read. */
export interface RangedFile {
  /** A descriptor of this process. */
  readonly fd: number;
  readonly format: string;
  readonly apiserver: string;
}

/** What a source is registered by; see RegisterSource. */
export interface RangeSource {
  readonly apiserver: string;
  readonly context: string;
}

export interface ScannedRange {
  /** Its `source` column holds positions in `sources`. */
  readonly batch: EventBatch;
  readonly sources: readonly RangeSource[];
  readonly rejected: Rejected;
  /** Where the first line of the range begins and the last one ends; equal when no line belongs to it. */
  readonly start: number;
  readonly end: number;
  /** Nothing follows. */
  readonly isAtEnd: boolean;
  /** What comes before the range may have a bearing on how it is to be read (see RecordReader): the result is void. */
  readonly remembers: boolean;
}

export interface RangeJob {
  readonly id: number;
  readonly lane: number;
  readonly seat: RemoteSeat;
  readonly file: RangedFile;
  readonly range: Range;
  /** Over shared memory; not 0: the result is not wanted any more. */
  readonly cancelled: Int32Array;
}

export type ToScanThread =
  | { readonly type: "scan"; readonly job: RangeJob }
  /** No more ranges of this lane will come. */
  | { readonly type: "close"; readonly lane: number };

export type FromScanThread =
  | { readonly type: "ready" }
  | { readonly type: "scanned"; readonly id: number; readonly result: ScannedRange }
  | { readonly type: "failed"; readonly id: number; readonly message: string };
