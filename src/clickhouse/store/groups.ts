import { isoTime } from "../../events/time.ts";
import type { GroupQuery, GroupResult, GroupRow } from "../../queries/contract.ts";
import { MEASURE_IDS, measuresOf, needsOf } from "../../queries/measures.ts";
import { isSpread } from "../sql/dimensions.ts";
import { figuresSql, measuredOf, orderSql } from "../sql/figures.ts";
import { SqlParams } from "../sql/params.ts";
import { selectedSql } from "../sql/source.ts";
import type { Asked } from "./asked.ts";
import { detailsOf, keyNames, keyOf, keysSql } from "./group-details.ts";

/** Groups of the selected requests: figures, order and limit are the server's work. */
export async function groupsOf(asked: Asked, query: GroupQuery): Promise<GroupResult> {
  const { limit = Number.POSITIVE_INFINITY, sort = "requests", reverse = false } = query;
  const by = [...new Set(query.by)];
  const needs = needsOf(query.measures, query.sort);
  const params = new SqlParams();
  const keys = keyNames(by);
  const selected = selectedSql(asked.source, query, asked.time, params);
  const columns = [...keysSql(by, params), ...figuresSql(needs, query.latencyOf)].join(", ");
  const groups = `SELECT ${columns} FROM ${selected}${keys.length === 0 ? "" : ` GROUP BY ${keys.join(", ")}`}`;
  const most = Number.isFinite(limit) ? ` LIMIT ${Math.max(1, Math.floor(limit))}` : "";
  const rows = await asked.rows(
    `SELECT *, count() OVER () AS all_groups, sum(requests) OVER () AS all_requests FROM (${groups} HAVING count() > 0)` +
      ` ORDER BY ${orderSql(sort, reverse, keys)}${most}`,
    params,
  );
  const chosen = rows.slice(0, limit);
  const requests = isSpread(by) ? await countOf(asked, query) : Number(rows[0]?.["all_requests"] ?? 0);
  const span = asked.spanOf(query);
  const seconds = Number.isNaN(span.fromUs) ? 0 : (span.toUs - span.fromUs) / 1e6;
  const figures = measuredOf(chosen, needs, { selected: requests, seconds });
  const details = await detailsOf({ asked, query, by, rows: chosen });
  return {
    requests,
    groups: Number(rows[0]?.["all_groups"] ?? 0),
    by,
    span: { from: isoTime(span.fromUs), to: isoTime(span.toUs), seconds },
    rows: chosen.map((row, at): GroupRow => ({
      key: Object.fromEntries(by.map((dimension, i) => [dimension, String(row[`k${i}`])])),
      ...measuresOf(MEASURE_IDS, figures, at),
      ...details(keyOf(row, by)),
    })),
  };
}

export async function countOf(asked: Asked, query: Pick<GroupQuery, "filter" | "window">): Promise<number> {
  const params = new SqlParams();
  const [row] = await asked.rows(
    `SELECT count() AS requests FROM ${selectedSql(asked.source, query, asked.time, params)}`,
    params,
  );
  return Number(row?.["requests"] ?? 0);
}
