import type { Dimension, GroupRow, Progress, Selection } from "./contract.ts";
import type { GroupSort } from "./measures.ts";
import { parseQuery } from "./parse-filter.ts";

/** Where time goes: percentiles of groups over time, the slowest requests, layers, and what ran long on purpose. */
export interface LatencyQuery extends Selection {
  readonly by: readonly Dimension[];
  /** Default: sum, the load bill. */
  readonly sort?: GroupSort;
  readonly reverse?: boolean;
  /** Groups answered. */
  readonly limit: number;
  /** Points over the time examined. */
  readonly buckets: number;
  /** Slowest requests answered. */
  readonly slowest: number;
}

/** Percentiles over time, a number a bucket, ms; 0 where no request was answered. */
export interface LatencyPoints {
  readonly requests: readonly number[];
  readonly p50: readonly number[];
  readonly p99: readonly number[];
}

export interface LatencyRow extends Pick<GroupRow, "key" | "requests" | "errors"> {
  readonly latencyMs: NonNullable<GroupRow["latencyMs"]>;
  readonly points: LatencyPoints;
}

/** A layer of the API server, over the requests whose annotations tell (those above 500 ms). Milliseconds. */
export interface LatencyLayer {
  /** `etcd`, `authentication`, `mutating-webhook` …: the annotation's key. */
  readonly name: string;
  readonly requests: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
  readonly sum: number;
}

export interface LatencyLayers {
  /** Requests whose annotations tell their layers. */
  readonly requests: number;
  /** What these took in all, ms. */
  readonly sum: number;
  readonly rows: readonly LatencyLayer[];
}

export interface LongRunningRow {
  readonly key: { readonly verb: string; readonly resource: string };
  readonly requests: number;
  /** Not ended in this log. */
  readonly open: number;
  /** How long those that ended had listened, ms; null when none ended. */
  readonly listenedMs: { readonly p50: number; readonly max: number; readonly sum: number } | null;
}

export interface LatencyReport {
  /** Absent when the answer is whole. A partial one has groups without points, and no latencies of all, layers or long-running ones yet. */
  readonly partial?: Progress;
  readonly by: readonly Dimension[];
  readonly groups: number;
  /** Of all answered requests, long-running ones apart; null when there is none. */
  readonly total: Pick<GroupRow, "requests" | "latencyMs"> | null;
  readonly span: { readonly from: string | null; readonly to: string | null; readonly seconds: number };
  readonly rows: readonly LatencyRow[];
  readonly layers: LatencyLayers;
  readonly longRunning: { readonly requests: number; readonly open: number; readonly rows: readonly LongRunningRow[] };
}

/** Terms that select what has a latency, and what runs long. */
export const TIMED_TERM = "long:false latency:>=0";
export const LONG_TERM = "long:true";
/** What has not ended; a failed authentication ends at ResponseStarted, without a user. */
export const OPEN_TERM = 'stage:RequestReceived,ResponseStarted -(stage:ResponseStarted user:"")';

export function withTerms({ filter, window }: Selection, terms: string): Selection {
  const narrowed = { op: "and" as const, terms: [filter, parseQuery(terms)] };
  return window === undefined ? { filter: narrowed } : { filter: narrowed, window };
}
