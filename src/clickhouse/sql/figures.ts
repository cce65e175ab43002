import type { LatencyOf, PercentileId } from "../../queries/contract.ts";
import { MAX_LATENCY_US } from "../../queries/latency-histogram.ts";
import { type GroupSort, type Measured, type MeasureId, MEASURES, type Need } from "../../queries/measures.ts";
import { hasTime, microsOf } from "./columns.ts";

/** Whose latencies count: of what is answered, listening left out, or of all that ended. */
function isTimed(latencyOf: LatencyOf = "answered"): string {
  return latencyOf === "ended" ? "ended AND latency_us >= 0" : "ended AND NOT long AND latency_us >= 0";
}

const RECEIVED = microsOf("received");
const IS_RECEIVED = hasTime("received");

/** The percentiles measures are read from, in the order of the array of them. */
const PERCENTILES: readonly number[] = Object.values(MEASURES).flatMap(
  (measure: { readonly percentile?: number }) => measure.percentile ?? [],
);

type Figures = readonly (readonly [name: string, aggregate: string])[];

/** What is gathered of a group. */
const FIGURES: Readonly<Record<Need, (timed: string) => Figures>> = {
  counts: () => [
    ["requests", "count()"],
    ["client_errors", "countIf(code >= 400 AND code < 500)"],
    ["server_errors", "countIf(code >= 500 AND code < 600)"],
  ],
  moments: () => [
    ["first_seen", `if(countIf(${IS_RECEIVED}) = 0, inf, toFloat64(minIf(${RECEIVED}, ${IS_RECEIVED})))`],
    ["last_seen", `if(countIf(${IS_RECEIVED}) = 0, -inf, toFloat64(maxIf(${RECEIVED}, ${IS_RECEIVED})))`],
  ],
  latencies: (timed) => [
    ["timed", `countIf(${timed})`],
    ["latency_sum", `sumIf(latency_us, ${timed})`],
    ["latency_max", `maxIf(latency_us, ${timed})`],
    ["percentiles", percentilesSql("latency_us", timed)],
  ],
  bytes: () => [["bytes_sum", "sum(bytes)"]],
};

/** Of the nearest rank: where every value has the weight one, the server's weighted quantiles are. */
function percentilesSql(latency: string, timed: string): string {
  return `quantilesExactWeightedIf(${PERCENTILES.join(", ")})(least(${latency}, ${MAX_LATENCY_US}), 1, ${timed})`;
}

/** Names of the figures of figuresSql. */
export function figureNames(needs: ReadonlySet<Need>): readonly string[] {
  return neededOf(needs).flatMap((need) => FIGURES[need]("").map(([name]) => name));
}

/** `name`, `aggregate` of all that is needed; counts always are. */
export function figuresSql(needs: ReadonlySet<Need>, latencyOf?: LatencyOf): readonly string[] {
  return neededOf(needs).flatMap((need) => FIGURES[need](isTimed(latencyOf)).map(([name, sql]) => `${sql} AS ${name}`));
}

function neededOf(needs: ReadonlySet<Need>): readonly Need[] {
  return (Object.keys(FIGURES) as Need[]).filter((need) => need === "counts" || needs.has(need));
}

/** Columns of rows, and figures over these columns: `timed`, and percentiles for percentileAt. */
export function bucketPercentilesSql(latencyOf?: LatencyOf): {
  readonly columns: readonly string[];
  readonly figures: readonly string[];
} {
  return {
    columns: ["latency_us", `toUInt8(${isTimed(latencyOf)}) AS is_timed`],
    figures: ["countIf(is_timed) AS timed", `${percentilesSql("latency_us", "is_timed")} AS percentiles`],
  };
}

/** µs */
export function percentileAt(row: FigureRow, id: PercentileId): number {
  const at = PERCENTILES.indexOf(MEASURES[id].percentile ?? Number.NaN);
  return Number((row["percentiles"] as readonly unknown[])[at] ?? Number.NaN);
}

/** Order of groups: what stands behind ORDER BY, over the names of figures and these of keys. */
export function orderSql(sort: GroupSort, isReversed: boolean, keys: readonly string[]): string {
  if (sort === "key") return keys.map((key) => `${key} ${isReversed ? "DESC" : "ASC"}`).join(", ") || "1";
  return [`${ORDERS[sort]} ${isReversed ? "ASC" : "DESC"}`, ...keys].join(", ");
}

/** µs, over figures whose names begin with `of`. */
export function percentileSql(id: PercentileId, of = ""): string {
  const at = PERCENTILES.indexOf(MEASURES[id].percentile ?? Number.NaN) + 1;
  return `least(toInt64(${of}percentiles[${at}]), ${of}latency_max)`;
}

function percentileOrder(id: PercentileId): string {
  return `if(timed = 0, -1, ${percentileSql(id)})`;
}

/** What a measure sorts by, groups without a value last. */
const ORDERS: Readonly<Record<MeasureId, string>> = {
  requests: "requests",
  share: "requests",
  rate: "requests",
  errors: "client_errors + server_errors",
  "4xx": "client_errors",
  "5xx": "server_errors",
  p50: percentileOrder("p50"),
  p90: percentileOrder("p90"),
  p99: percentileOrder("p99"),
  max: "if(timed = 0, -1, latency_max)",
  sum: "if(timed = 0, -1, latency_sum)",
  firstSeen: "first_seen",
  lastSeen: "last_seen",
  bytes: "bytes_sum",
};

/** A row of figures as JSON has it: whole numbers of 64 bits are texts, the infinite is null. */
export type FigureRow = Readonly<Record<string, unknown>>;

/** Figures of answered rows, by their positions. */
export function measuredOf(
  rows: readonly (FigureRow | undefined)[],
  needs: ReadonlySet<Need>,
  { selected, seconds }: Pick<Measured, "selected" | "seconds">,
): Measured {
  const number = (group: number, name: string): number => Number(rows[group]?.[name] ?? 0);
  const time = (group: number, name: string, none: number): number => {
    const value = rows[group]?.[name];
    return value === null || value === undefined ? none : Number(value);
  };
  return {
    totals: {
      requests: (group) => number(group, "requests"),
      clientErrors: (group) => number(group, "client_errors"),
      serverErrors: (group) => number(group, "server_errors"),
      timed: (group) => number(group, "timed"),
      firstSeen: (group) => time(group, "first_seen", Number.POSITIVE_INFINITY),
      lastSeen: (group) => time(group, "last_seen", Number.NEGATIVE_INFINITY),
      latencySum: (group) => number(group, "latency_sum"),
      latencyMax: (group) => number(group, "latency_max"),
      bytes: (group) => number(group, "bytes_sum"),
    },
    percentiles: needs.has("latencies")
      ? {
          percentile: (group, p) =>
            Number((rows[group]?.["percentiles"] as readonly unknown[] | undefined)?.[PERCENTILES.indexOf(p)]),
        }
      : null,
    needs,
    selected,
    seconds,
  };
}
