import { BURST, LEAST_BEATS, REGULAR, toldCadence } from "../../queries/cadence.ts";
import type { Dimension, GroupCadence, GroupQuery, GroupRow, PercentileId } from "../../queries/contract.ts";
import { hasTime, microsOf } from "../sql/columns.ts";
import { dimensionSql } from "../sql/dimensions.ts";
import { bucketPercentilesSql, type FigureRow, percentileAt } from "../sql/figures.ts";
import { SqlParams } from "../sql/params.ts";
import { selectedSql } from "../sql/source.ts";
import type { Asked } from "./asked.ts";

/** What is told of the groups that are answered alone; by the JSON of their keys. */
export type Details = (key: string) => Partial<GroupRow>;

/** Groups to look at once more. */
interface Answered {
  readonly asked: Asked;
  readonly query: GroupQuery;
  readonly by: readonly Dimension[];
  readonly rows: readonly FigureRow[];
}

export async function detailsOf(answered: Answered): Promise<Details> {
  const { query, rows } = answered;
  if (rows.length === 0) return () => ({});
  const all = await Promise.all([
    (query.sparkBuckets ?? 0) > 0 ? sparks(answered) : null,
    (query.distinct ?? []).length > 0 ? distinct(answered) : null,
    query.cadence === undefined ? null : cadences(answered, query.cadence.each),
  ]);
  return (key) => Object.assign({}, ...all.map((details) => details?.(key) ?? {})) as Partial<GroupRow>;
}

/** Keys of a group by the names k0, k1 … */
export function keysSql(by: readonly Dimension[], params: SqlParams): string[] {
  return by.map((dimension, at) => `toString(${dimensionSql(dimension, params)}) AS k${at}`);
}

export function keyNames(by: readonly Dimension[]): string[] {
  return by.map((_, at) => `k${at}`);
}

export function keyOf(row: FigureRow, by: readonly Dimension[]): string {
  return JSON.stringify(keyNames(by).map((name) => row[name]));
}

/** Rows of the answered groups with their keys and these columns: what stands behind FROM. */
function rowsOf({ asked, query, by, rows }: Answered, columns: readonly string[], params: SqlParams): string {
  const names = keyNames(by);
  const inner = `SELECT ${[...keysSql(by, params), ...columns].join(", ")} FROM ${selectedSql(asked.source, query, asked.time, params)}`;
  const values = names.map((name) => params.texts(rows.map((row) => String(row[name]))));
  if (names.length === 0) return `(${inner})`;
  if (names.length === 1) return `(${inner}) WHERE k0 IN ${values[0]}`;
  return `(${inner}) WHERE (${names.join(", ")}) IN (SELECT arrayJoin(arrayZip(${values.join(", ")})))`;
}

function groupedBy(names: readonly string[]): string {
  return names.length === 0 ? "" : ` GROUP BY ${names.join(", ")}`;
}

/** Requests and percentiles by bucket of the span. */
async function sparks(answered: Answered): Promise<Details> {
  const { asked, query, by } = answered;
  const buckets = Math.floor(query.sparkBuckets ?? 0);
  const percentiles = query.sparkPercentiles ?? [];
  const span = asked.spanOf(query);
  if (Number.isNaN(span.fromUs)) return () => ({});
  const params = new SqlParams();
  const us = microsOf("received");
  const scale = params.number(buckets / Math.max(1, span.toUs - span.fromUs));
  const from = params.integer(span.fromUs);
  const bucket = `if(${us} >= ${from}, least(${buckets - 1}, toInt64(floor((${us} - ${from}) * ${scale}))), -1) AS bucket`;
  const told = bucketPercentilesSql(query.latencyOf);
  const columns = percentiles.length === 0 ? [] : told.columns;
  const names = [...keyNames(by), "bucket"];
  const rows = await asked.rows(
    `SELECT ${[...names, "count() AS requests", ...(percentiles.length === 0 ? [] : told.figures)].join(", ")}` +
      ` FROM ${rowsOf(answered, [bucket, ...columns], params)} GROUP BY ${names.join(", ")}`,
    params,
  );
  const counts = new Map<string, number[]>();
  const latencies = new Map<string, Partial<Record<PercentileId, number[]>>>();
  for (const row of rows) {
    const at = Number(row["bucket"]);
    const key = keyOf(row, by);
    if (at < 0) continue;
    cellsOf(counts, key, buckets)[at] = Number(row["requests"]);
    if (Number(row["timed"] ?? 0) === 0) continue;
    let own = latencies.get(key);
    if (own === undefined) latencies.set(key, (own = {}));
    for (const id of percentiles) {
      (own[id] ??= zeros(buckets))[at] = percentileAt(row, id) / 1e3;
    }
  }
  return (key) => ({
    spark: counts.get(key) ?? zeros(buckets),
    ...(percentiles.length === 0
      ? {}
      : {
          sparkLatencyMs: Object.fromEntries(percentiles.map((id) => [id, latencies.get(key)?.[id] ?? zeros(buckets)])),
        }),
  });
}

function cellsOf(all: Map<string, number[]>, key: string, length: number): number[] {
  const known = all.get(key) ?? zeros(length);
  all.set(key, known);
  return known;
}

function zeros(length: number): number[] {
  return Array.from({ length }, () => 0);
}

/** How many values of other dimensions each group has. */
async function distinct(answered: Answered): Promise<Details> {
  const { asked, query, by } = answered;
  const dimensions = query.distinct ?? [];
  const params = new SqlParams();
  const values = dimensions.map((dimension, at) => `toString(${dimensionSql(dimension, params)}) AS d${at}`);
  const counts = dimensions.map((_, at) => `uniqExactIf(d${at}, d${at} != '') AS n${at}`);
  const names = keyNames(by);
  const rows = await asked.rows(
    `SELECT ${[...names, ...counts].join(", ")} FROM ${rowsOf(answered, values, params)}${groupedBy(names)}`,
    params,
  );
  const told = new Map(
    rows.map((row) => [
      keyOf(row, by),
      Object.fromEntries(dimensions.map((dimension, at) => [dimension, Number(row[`n${at}`])])),
    ]),
  );
  return (key) => ({ distinct: told.get(key) ?? {} });
}

/** Calls, beats, and the medians of the distances between beats of `times`, ascending: as cadenceOf. */
function cadenceSql(times: string, names: readonly string[]): string {
  const kept = names.map((name) => `${name}, `).join("");
  const least = `(times[-1] - times[1]) / (calls - 1) * ${BURST}`;
  const beats = `if(calls < 2, times, arrayFilter((us, gap, at) -> at = 1 OR gap > ${least}, times, arrayDifference(times), arrayEnumerate(times)))`;
  const median = (list: string): string =>
    `if(length(${list}) % 2 = 1, toFloat64(${list}[intDiv(length(${list}), 2) + 1]), (${list}[intDiv(length(${list}), 2)] + ${list}[intDiv(length(${list}), 2) + 1]) / 2)`;
  const called = `SELECT ${kept}times, length(times) AS calls FROM (${times})`;
  const beaten = `SELECT ${kept}calls, ${beats} AS beats FROM (${called})`;
  const apart = `SELECT ${kept}calls, length(beats) AS beat_count, arraySort(arrayPopFront(arrayDifference(beats))) AS distances FROM (${beaten})`;
  const period = `SELECT ${kept}calls, beat_count, distances, if(empty(distances), 0, ${median("distances")}) AS period FROM (${apart})`;
  const off = `SELECT ${kept}calls, beat_count, period, arraySort(arrayMap(gap -> abs(gap - period), distances)) AS off FROM (${period})`;
  return `SELECT ${kept}calls, beat_count, period, if(empty(off), 0, ${median("off")}) AS jitter FROM (${off})`;
}

/** How regularly requests of each group come, and those for each value of a dimension. */
async function cadences(answered: Answered, each: Dimension | undefined): Promise<Details> {
  const { asked, by } = answered;
  const names = keyNames(by);
  const us = `if(${hasTime("received")}, ${microsOf("received")}, 0) AS us`;
  const params = new SqlParams();
  const times = `SELECT ${[...names, "arraySort(groupArrayIf(us, us != 0)) AS times"].join(", ")} FROM ${rowsOf(answered, [us], params)}${groupedBy(names)}`;
  const wholes = await asked.rows(cadenceSql(times, names), params);
  const told = new Map<string, GroupCadence>();
  for (const row of wholes) {
    const whole = toldCadence({
      calls: Number(row["calls"]),
      beats: Number(row["beat_count"]),
      periodUs: Number(row["period"]),
      jitterUs: Number(row["jitter"]),
    });
    told.set(keyOf(row, by), { whole, each: null });
  }
  if (each !== undefined) await addEach(answered, each, told);
  return (key) => ({ cadence: told.get(key) ?? { whole: null, each: null } });
}

async function addEach(answered: Answered, each: Dimension, told: Map<string, GroupCadence>): Promise<void> {
  const { asked, by } = answered;
  const names = keyNames(by);
  const params = new SqlParams();
  const us = `if(${hasTime("received")}, ${microsOf("received")}, 0) AS us`;
  const value = `toString(${dimensionSql(each, params)}) AS value`;
  const inner = rowsOf(answered, [us, value], params);
  const apart = [...names, "value"];
  const times = `SELECT ${[...apart, "arraySort(groupArray(us)) AS times"].join(", ")} FROM (SELECT * FROM ${inner}) WHERE value != '' AND us != 0 GROUP BY ${apart.join(", ")}`;
  const isTold = `beat_count >= ${LEAST_BEATS} AND period > 0`;
  const isRegular = `${isTold} AND jitter / period <= ${REGULAR}`;
  const periods = `arraySort(groupArrayIf(period, ${isRegular}))`;
  const rows = await asked.rows(
    `SELECT ${[...names, "count() AS parts", `countIf(${isTold}) AS told`, `${periods} AS periods`, "length(periods) AS regular"].join(", ")},` +
      ` (periods[intDiv(regular + 1, 2)] / 1000 + periods[intDiv(regular, 2) + 1] / 1000) / 2 AS middle` +
      ` FROM (${cadenceSql(times, apart)})${groupedBy(names)}`,
    params,
  );
  for (const row of rows) {
    const [parts, regular, all] = [Number(row["parts"]), Number(row["regular"]), Number(row["told"])];
    const own = told.get(keyOf(row, by));
    if (own === undefined || parts < 2 || regular === 0 || regular * 2 < all) continue;
    told.set(keyOf(row, by), { ...own, each: { periodMs: Number(row["middle"]), regular, told: all } });
  }
}
