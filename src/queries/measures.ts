/**
 * What a group of requests is measured by: a row a measure. Rows of answers, orders of groups, `--sort`, columns and CSV read
 * this table. What is gathered for them, row by row and block by block, is in figures.ts.
 */
import { isoTime } from "../events/time.ts";

/** Measures of a group, each at its path. */
export interface GroupFigures {
  readonly requests: number;
  /** requests ÷ all selected requests, 0…1 */
  readonly share: number;
  /** requests per second over the selected span */
  readonly rate: number;
  readonly errors: { readonly "4xx": number; readonly "5xx": number };
  readonly latencyMs: {
    readonly p50: number;
    readonly p90: number;
    readonly p99: number;
    readonly max: number;
    readonly sum: number;
  } | null;
  readonly firstSeen: string;
  readonly lastSeen: string;
  /** Of the events where they were read, those of the latest stages, bodies included. Null when it was not asked for. */
  readonly bytes: number | null;
}

/** What was gathered, by group. */
export interface GatheredFigures {
  requests(group: number): number;
  clientErrors(group: number): number;
  serverErrors(group: number): number;
  /** Requests with a latency. */
  timed(group: number): number;
  /** µs since the epoch; ±Infinity when no request had a time. */
  firstSeen(group: number): number;
  lastSeen(group: number): number;
  /** µs */
  latencySum(group: number): number;
  latencyMax(group: number): number;
  bytes(group: number): number;
}

/** What percentiles are read from, µs. */
export interface Percentiles {
  percentile(group: number, p: number, count: number): number;
}

/** Of requests their number, times, latencies (a third of the work), lengths (a tenth). */
export type Need = "counts" | "moments" | "latencies" | "bytes";

/** Of `us` and `time` the unit is µs (times since the epoch), of `rate` requests a second. */
export type MeasureUnit = "requests" | "share" | "rate" | "us" | "time" | "bytes";

/** Groups whose figures are gathered, and the whole they are parts of. */
export interface Measured {
  readonly totals: GatheredFigures;
  /** Null: not known. */
  readonly percentiles: Percentiles | null;
  /** What was gathered. */
  readonly needs: ReadonlySet<Need>;
  /** Selected requests. */
  readonly selected: number;
  /** Time examined. */
  readonly seconds: number;
}

export interface Measure {
  readonly title: string;
  readonly unit: MeasureUnit;
  /** Place in the row of an answer; a part of something that is null has no value. Absent: an order only. */
  readonly path?: readonly [string, string?];
  /** What has to be gathered: groups ordered by counts alone are chosen before the rest is looked at. */
  readonly needs: Need;
  /** Read from the latencies themselves, not from what is summed up of them. */
  readonly percentile?: number;
  /** NaN: there is none. */
  read(of: Measured, group: number): number;
}

function percentile(title: string, p: number): Measure {
  return {
    title,
    unit: "us",
    path: ["latencyMs", title],
    needs: "latencies",
    percentile: p,
    read({ totals, percentiles }, group) {
      const timed = totals.timed(group);
      if (timed === 0 || percentiles === null) return Number.NaN;
      // A bucket's middle may lie above the largest.
      return Math.min(percentiles.percentile(group, p, timed), totals.latencyMax(group));
    },
  };
}

/** In the order of a row's JSON. */
const TABLE = {
  requests: {
    title: "requests",
    unit: "requests",
    path: ["requests"],
    needs: "counts",
    read: ({ totals }, group) => totals.requests(group),
  },
  share: {
    title: "share",
    unit: "share",
    path: ["share"],
    needs: "counts",
    read: ({ totals, selected }, group) => (selected === 0 ? 0 : totals.requests(group) / selected),
  },
  rate: {
    title: "rate",
    unit: "rate",
    path: ["rate"],
    needs: "counts",
    read: ({ totals, seconds }, group) => (seconds > 0 ? totals.requests(group) / seconds : 0),
  },
  errors: {
    title: "errors",
    unit: "requests",
    needs: "counts",
    read: ({ totals }, group) => totals.clientErrors(group) + totals.serverErrors(group),
  },
  "4xx": {
    title: "4xx",
    unit: "requests",
    path: ["errors", "4xx"],
    needs: "counts",
    read: ({ totals }, group) => totals.clientErrors(group),
  },
  "5xx": {
    title: "5xx",
    unit: "requests",
    path: ["errors", "5xx"],
    needs: "counts",
    read: ({ totals }, group) => totals.serverErrors(group),
  },
  p50: percentile("p50", 0.5),
  p90: percentile("p90", 0.9),
  p99: percentile("p99", 0.99),
  max: {
    title: "max",
    unit: "us",
    path: ["latencyMs", "max"],
    needs: "latencies",
    read: ({ totals }, group) => (totals.timed(group) === 0 ? Number.NaN : totals.latencyMax(group)),
  },
  sum: {
    title: "∑ time",
    unit: "us",
    path: ["latencyMs", "sum"],
    needs: "latencies",
    read: ({ totals }, group) => (totals.timed(group) === 0 ? Number.NaN : totals.latencySum(group)),
  },
  firstSeen: {
    title: "first seen",
    unit: "time",
    path: ["firstSeen"],
    needs: "moments",
    read: ({ totals }, group) => totals.firstSeen(group),
  },
  lastSeen: {
    title: "last seen",
    unit: "time",
    path: ["lastSeen"],
    needs: "moments",
    read: ({ totals }, group) => totals.lastSeen(group),
  },
  bytes: {
    title: "bytes",
    unit: "bytes",
    path: ["bytes"],
    needs: "bytes",
    read: ({ totals, needs }, group) => (needs.has("bytes") ? totals.bytes(group) : Number.NaN),
  },
} as const satisfies Readonly<Record<string, Measure>>;

export type MeasureId = keyof typeof TABLE;
export const MEASURES: Readonly<Record<MeasureId, Measure>> = TABLE;
export const MEASURE_IDS = Object.keys(TABLE) as readonly MeasureId[];
/** Without what hardly anybody asks for. */
const USUAL: readonly MeasureId[] = MEASURE_IDS.filter((id) => MEASURES[id].needs !== "bytes");

/** What has to be gathered of requests for these measures, and to sort by one. */
export function needsOf(measures: readonly MeasureId[] = USUAL, sort: GroupSort = "key"): ReadonlySet<Need> {
  return new Set([...measures, ...(sort === "key" ? [] : [sort])].map((id) => MEASURES[id].needs));
}
/** What groups can be ordered by: the largest of a measure first, or the names by the alphabet. */
export type GroupSort = MeasureId | "key";
export const GROUP_SORTS: readonly GroupSort[] = [...MEASURE_IDS, "key"];
/** Where the row of an answer has these measures. */
export function pathsOf(ids: readonly MeasureId[]): readonly (readonly string[])[] {
  return ids.flatMap((id) => {
    const { path } = MEASURES[id];
    return path === undefined ? [] : [path.filter((part) => part !== undefined)];
  });
}
/** What a point in time may have besides its requests. */
export const POINT_MEASURES: readonly MeasureId[] = MEASURE_IDS.filter(
  (id) => id !== "requests" && MEASURES[id].unit !== "time" && MEASURES[id].path !== undefined,
);

/** These measures of a group as the row of an answer has them: each at its path, times as text, latencies in ms. */
export function measuresOf<Part extends keyof GroupFigures = keyof GroupFigures>(
  ids: readonly MeasureId[],
  of: Measured,
  group: number,
): Pick<GroupFigures, Part> {
  const row: Record<string, unknown> = {};
  for (const id of ids) {
    const { path, unit, read } = MEASURES[id];
    if (path === undefined) continue;
    const [at, inner] = path;
    const value = inRecord(unit, read(of, group));
    if (inner === undefined || value === null) row[at] = value;
    else if (row[at] !== null) ((row[at] ??= {}) as Record<string, unknown>)[inner] = value;
  }
  return row as unknown as Pick<GroupFigures, Part>;
}

function inRecord(unit: MeasureUnit, value: number): number | string | null {
  if (unit === "time") return isoTime(value) ?? "";
  if (Number.isNaN(value)) return null;
  return unit === "us" ? value / 1e3 : value;
}
