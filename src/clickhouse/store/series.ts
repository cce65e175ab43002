import { isoTime } from "../../events/time.ts";
import type { SeriesQuery, SeriesResult } from "../../queries/contract.ts";
import { type GroupFigures, measuresOf, needsOf } from "../../queries/measures.ts";
import { gridOf, OTHER } from "../../queries/series-query.ts";
import { hasTime, microsOf } from "../sql/columns.ts";
import { dimensionSql, isSpread } from "../sql/dimensions.ts";
import { type FigureRow, figuresSql, measuredOf } from "../sql/figures.ts";
import { SqlParams } from "../sql/params.ts";
import { selectedSql } from "../sql/source.ts";
import type { Asked } from "./asked.ts";

/** Requests over time, over the whole time examined, empty points too. */
export async function seriesOf(asked: Asked, query: SeriesQuery): Promise<SeriesResult> {
  const by = query.by ?? null;
  const { empty, stepUs, first, length } = gridOf(query, asked.spanOf(query));
  if (length === 0) return empty;
  const counts = await countsOf(asked, query, stepUs);
  const totals = by !== null && isSpread([by]) ? await countsOf(asked, { ...query, by: undefined }, stepUs) : counts;
  const requests = new Float64Array(length);
  for (const { point, count } of totals) {
    const at = point - first;
    if (at >= 0 && at < length) requests[at] = (requests[at] as number) + count;
  }
  const figures = await figuresOf(asked, query, { first, length, stepUs });
  const ranks = rankOf(counts);
  const values: Map<string, number>[] = Array.from({ length }, () => new Map());
  for (const { point, value, count } of counts) values[point - first]?.set(value, count);
  return {
    ...empty,
    points: Array.from(requests, (count, point) => ({
      t: isoTime((first + point) * stepUs) ?? "",
      requests: count,
      by:
        by === null
          ? {}
          : Object.fromEntries(
              [...(values[point] as Map<string, number>)].sort(([a], [b]) => (ranks.get(a) ?? 0) - (ranks.get(b) ?? 0)),
            ),
      ...figures(point),
    })),
  };
}

/** Further figures of each point as a whole. */
async function figuresOf(
  asked: Asked,
  { measures = [], ...selection }: SeriesQuery,
  { first, length, stepUs }: { readonly first: number; readonly length: number; readonly stepUs: number },
): Promise<(point: number) => Partial<GroupFigures>> {
  if (measures.length === 0) return () => ({});
  const needs = needsOf(measures);
  const params = new SqlParams();
  const columns = [`${pointSql(stepUs, params)} AS point`, ...figuresSql(needs)];
  const selected = selectedSql(asked.source, selection, asked.time, params);
  const rows = await asked.rows(
    `SELECT ${columns.join(", ")} FROM ${selected} AND ${hasTime("received")} GROUP BY point`,
    params,
  );
  const points: (FigureRow | undefined)[] = Array.from({ length });
  for (const row of rows) {
    const at = Number(row["point"]) - first;
    if (at >= 0 && at < length) points[at] = row;
  }
  const total = points.reduce((sum, row) => sum + Number(row?.["requests"] ?? 0), 0);
  const measured = measuredOf(points, needs, { selected: total, seconds: stepUs / 1e6 });
  return (point) => measuresOf(measures, measured, point);
}

/** Steps since the epoch. */
function pointSql(stepUs: number, params: SqlParams): string {
  return `toInt64(floor(${microsOf("received")} / ${params.number(stepUs)}))`;
}

interface PointCount {
  readonly point: number;
  readonly value: string;
  readonly count: number;
  /** Position among the values that are told apart; what is beyond them is one. */
  readonly rank: number;
}

async function countsOf(
  asked: Asked,
  { by, topValues, ...selection }: Omit<SeriesQuery, "by"> & { readonly by?: SeriesQuery["by"] | undefined },
  stepUs: number,
): Promise<readonly PointCount[]> {
  const params = new SqlParams();
  const value = by === undefined ? "''" : `toString(${dimensionSql(by, params)})`;
  const selected = selectedSql(asked.source, selection, asked.time, params);
  const counted =
    `SELECT ${pointSql(stepUs, params)} AS point, ${value} AS value, count() AS requests` +
    ` FROM ${selected} AND ${hasTime("received")} GROUP BY point, value`;
  const totals = `SELECT *, sum(requests) OVER (PARTITION BY value) AS total FROM (${counted})`;
  const ranked = `SELECT *, dense_rank() OVER (ORDER BY total DESC, value ASC) - 1 AS rank FROM (${totals})`;
  const most = topValues === undefined ? null : Math.floor(topValues);
  const name = most === null ? "value" : `if(rank < ${most}, value, '${OTHER}')`;
  const rows = await asked.rows(
    `SELECT point, ${name} AS name, ${most === null ? "min(rank)" : `min(least(rank, ${most}))`} AS at,` +
      ` sum(requests) AS count FROM (${ranked}) GROUP BY point, name`,
    params,
  );
  return rows.map((row) => ({
    point: Number(row["point"]),
    value: String(row["name"]),
    count: Number(row["count"]),
    rank: Number(row["at"]),
  }));
}

/** The value with most requests first. */
function rankOf(counts: readonly PointCount[]): ReadonlyMap<string, number> {
  const ranks = new Map<string, number>();
  for (const { value, rank } of counts) ranks.set(value, Math.min(rank, ranks.get(value) ?? rank));
  return ranks;
}
