import { LATENCY_ANNOTATION } from "../../events/latency-annotations.ts";
import type { Selection } from "../../queries/contract.ts";
import type { LatencyLayer, LatencyLayers } from "../../queries/latency-query.ts";
import { MOST_LAYERS } from "../../queries/latency-layers.ts";
import { SqlParams } from "../sql/params.ts";
import { selectedSql } from "../sql/source.ts";
import { numberSql } from "../sql/text.ts";
import type { Asked } from "./asked.ts";

/** What layers of the API server took, as annotations of answered requests tell it. */
export async function layersOf(asked: Asked, selection: Selection): Promise<LatencyLayers> {
  const params = new SqlParams();
  const prefix = params.text(LATENCY_ANNOTATION);
  const total = params.text(`${LATENCY_ANNOTATION}total`);
  const isLayer = `startsWith(k, ${prefix}) AND k != ${total} AND match(v, '^[0-9].*[a-zµμ]$') AND NOT isNaN(${numberSql("v")})`;
  const parts = `arrayFilter(part -> not(isNaN(part.2)), arrayMap((k, v) -> (substring(k, ${LATENCY_ANNOTATION.length + 1}), if(${isLayer}, ${numberSql("v")}, nan)), mapKeys(annotations), mapValues(annotations)))`;
  const told = `SELECT ${parts} AS parts, latency_us FROM ${selectedSql(asked.source, selection, asked.time, params)} AND notEmpty(parts)`;
  const [[all], rows] = await Promise.all([
    asked.rows(`SELECT count() AS requests, sum(latency_us) AS sum FROM (${told})`, params),
    asked.rows(
      `SELECT part.1 AS name, count() AS requests, sum(part.2) AS sum, max(part.2) AS most,` +
        ` quantilesExactWeighted(0.5, 0.99)(part.2, 1) AS percentiles` +
        ` FROM (SELECT arrayJoin(parts) AS part FROM (${told})) GROUP BY name ORDER BY sum DESC, name LIMIT ${MOST_LAYERS}`,
      params,
    ),
  ]);
  return {
    requests: Number(all?.["requests"] ?? 0),
    sum: Number(all?.["sum"] ?? 0) / 1e3,
    rows: rows.map((row): LatencyLayer => {
      const [p50, p99] = row["percentiles"] as readonly unknown[];
      return {
        name: String(row["name"]),
        requests: Number(row["requests"]),
        p50: Number(p50),
        p99: Number(p99),
        max: Number(row["most"]),
        sum: Number(row["sum"]),
      };
    }),
  };
}
