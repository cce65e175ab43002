/** A query is a plain value: the ring executes it today, another store may tomorrow. */

import { FIELDS, type PlainDimension } from "../events/fields.ts";
import type { Cadence } from "./cadence.ts";
import type { GroupFigures, GroupSort, MeasureId } from "./measures.ts";

/** Dimensions are fields that groups are made by. */
export const DIMENSIONS: readonly PlainDimension[] = FIELDS.flatMap(({ dimension }) =>
  dimension === undefined ? [] : [dimension.id as PlainDimension],
);
/** `annotation:KEY` is a dimension for any annotation key. */
export type { PlainDimension };
export type Dimension = PlainDimension | `annotation:${string}`;

/** One test of a field's value. `contains` is case-insensitive (bare words). Numbers: code as is, latency in ms. */
export type ValueTest =
  /** As the field understands the word: short names of resources, any case for closed vocabularies, times as written. */
  | { readonly kind: "exact"; readonly text: string }
  /** `"…"`: the value as it stands. */
  | { readonly kind: "literal"; readonly text: string }
  | { readonly kind: "glob"; readonly text: string }
  | { readonly kind: "regex"; readonly source: string; readonly ignoreCase?: boolean }
  | { readonly kind: "compare"; readonly operator: ">" | ">=" | "<" | "<=" | "="; readonly value: number }
  /** Both bounds belong to it; at least one is there. */
  | { readonly kind: "range"; readonly from?: number; readonly to?: number }
  | { readonly kind: "class"; readonly digit: number }
  | { readonly kind: "cidr"; readonly text: string }
  | { readonly kind: "contains"; readonly text: string };

export type Filter =
  | { readonly op: "and" | "or"; readonly terms: readonly Filter[] }
  | { readonly op: "not"; readonly term: Filter }
  | Match;

/** Any of `tests` holds for `field` (an id of FIELDS, or `any` for bare words). */
export interface Match {
  readonly op: "match";
  readonly field: string;
  /** Of keyed fields (annotation:, body:). */
  readonly key?: string;
  /** The key is a glob: the value of any key it matches. */
  readonly keyGlob?: true;
  readonly tests: readonly ValueTest[];
}

export const MATCH_ALL: Filter = { op: "and", terms: [] };

/** Half-open, µs since the epoch, over receivedUs. */
export interface TimeWindow {
  readonly fromUs?: number;
  readonly toUs?: number;
}

export interface Selection {
  readonly filter: Filter;
  readonly window?: TimeWindow;
}

/** JSON shapes of `docs/interface.md` (top, series). What the query did not ask for is absent. */
export interface GroupRow extends GroupFigures {
  readonly key: Readonly<Record<string, string>>;
  /** Requests per bucket. */
  readonly spark?: readonly number[];
  /** By bucket, exact; 0 where no request has a latency. */
  readonly sparkLatencyMs?: Readonly<Partial<Record<PercentileId, readonly number[]>>>;
  readonly distinct?: Readonly<Partial<Record<Dimension, number>>>;
  readonly cadence?: GroupCadence;
}

export type LatencyOf = "answered" | "ended";
export type PercentileId = "p50" | "p90" | "p99";

export interface GroupCadence {
  /** Of all requests of the group; null when there are too few. */
  readonly whole: Cadence | null;
  /** Median period of the values that are called for regularly; null where there are not several, or most come at random. */
  readonly each: { readonly periodMs: number; readonly regular: number; readonly told: number } | null;
}

export interface GroupQuery extends Selection {
  readonly by: readonly Dimension[];
  readonly sort?: GroupSort;
  readonly reverse?: boolean;
  readonly limit?: number;
  /** Buckets of a per-row sparkline over the selected span; 0 or absent: none. */
  readonly sparkBuckets?: number;
  /** Percentiles by the same buckets. */
  readonly sparkPercentiles?: readonly PercentileId[];
  /** How many values of other dimensions each group has; "" is none. */
  readonly distinct?: readonly Dimension[];
  /** How regularly requests of a group come; `each`: those for each value of a dimension, too. */
  readonly cadence?: { readonly each?: Dimension };
  /** Whose latencies count: those of requests that are answered, or of all that ended, how long watches and the like listened. */
  readonly latencyOf?: LatencyOf;
  /**
   * Figures that are needed; default: all but `bytes`. The others are there where they cost nothing: without any of the
   * latencies latencyMs is null in every row, and so is `bytes`. What is sorted by is needed.
   */
  readonly measures?: readonly MeasureId[];
}

/** Of how many rows an answer knows: it is on its way, and its figures will grow. */
export interface Progress {
  readonly of: number;
  readonly done: number;
}

export interface GroupResult {
  /** Absent when the answer is whole. Latencies may be missing from a partial one. */
  readonly partial?: Progress;
  readonly requests: number;
  readonly groups: number;
  readonly by: readonly Dimension[];
  readonly span: { readonly from: string | null; readonly to: string | null; readonly seconds: number };
  readonly rows: readonly GroupRow[];
}

export interface SeriesQuery extends Selection {
  readonly by?: Dimension;
  /** Bucket width; or at most how many buckets the span is cut into, by a round step. */
  readonly stepMs?: number;
  readonly buckets?: number;
  /** Keep the largest N values of `by`, fold the rest into "other". */
  readonly topValues?: number;
  /** Further figures of each point as a whole; `rate`: of the step, `share`: of all points. Not in a partial answer. */
  readonly measures?: readonly MeasureId[];
}

/** `by`: requests by value. Other figures stand where a group's row has them. */
export interface SeriesPoint extends Partial<Omit<GroupFigures, "requests">> {
  readonly t: string;
  readonly requests: number;
  readonly by: Readonly<Record<string, number>>;
}

export interface SeriesResult {
  readonly partial?: Progress;
  /** As Go-style duration: "1m", "500ms". */
  readonly step: string;
  readonly stepMs: number;
  readonly by: Dimension | null;
  readonly points: readonly SeriesPoint[];
}

/** Columns of a list of requests that it can be sorted by: `received` is requestReceivedTimestamp. */
export const COLUMN_ORDERS = [
  "received",
  "latency",
  "code",
  "verb",
  "resource",
  "object",
  "user",
  "ip",
  "useragent",
] as const;
/** What rows can be sorted by. */
export const ROW_ORDERS = [...COLUMN_ORDERS, "bytes"] as const;
export type RowOrder = (typeof ROW_ORDERS)[number];
/** One wants the greatest of these first. */
export const GREATEST_FIRST: readonly RowOrder[] = ["latency", "code", "bytes"];

export interface RowsQuery extends Selection {
  /**
   * Default: `arrival`, as the log has them. By anything else: the least first, those without a value last; equal ones by
   * time received, then arrival.
   */
  readonly order?: RowOrder | "arrival";
  /** The greatest first; those without a value still last. Not with `arrival`. */
  readonly reverse?: boolean;
  /**
   * Page: up to `before` rows ahead of and `after` rows from the anchor on. `oldest` and `newest` are the first and the last
   * row of the order. Default anchor: the newest row.
   */
  readonly anchor?: { readonly seq: number } | "newest" | "oldest";
  /** Instead of an anchor: the row at this position among all matching rows; scrolling past what is on screen. */
  readonly position?: number;
  readonly before?: number;
  readonly after?: number;
}

export interface RowsResult<Row> {
  /** Matching rows in all. */
  readonly total: number;
  /** Position of the first returned row among all matching rows. */
  readonly first: number;
  /** Position the page was built around: where the anchor stands, or would if it matched. */
  readonly at: number;
  readonly rows: readonly Row[];
}
