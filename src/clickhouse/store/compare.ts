import type { Dimension } from "../../queries/contract.ts";
import {
  changeOf,
  COMPARED,
  COMPARED_NEEDS,
  type ComparedFigures,
  type ComparedRow,
  type CompareQuery,
  type CompareResult,
  type CompareSort,
  isOfSources,
  LEAST_TIMED,
  lengthOf,
  selectionOfSide,
  SHORTEST_SECONDS,
  SIGNIFICANT,
  significanceOf,
  wholeOf,
} from "../../queries/compare-query.ts";
import { measuresOf } from "../../queries/measures.ts";
import type { Span } from "../../store/store.ts";
import { hasTime, microsOf } from "../sql/columns.ts";
import { type FigureRow, figureNames, figuresSql, measuredOf, percentileSql } from "../sql/figures.ts";
import { SqlParams } from "../sql/params.ts";
import { selectedSql } from "../sql/source.ts";
import type { Asked } from "./asked.ts";
import { keyNames, keysSql } from "./group-details.ts";
import { groupsOf } from "./groups.ts";

interface Side {
  readonly span: Span;
  readonly seconds: number;
}

/** Two selections by the same keys, joined and ordered by the server. */
export async function compared(asked: Asked, query: CompareQuery): Promise<CompareResult> {
  const by = [...new Set(query.by)];
  const { limit = Number.POSITIVE_INFINITY, sort = "change", reverse = false } = query;
  const [a, b] = [await sideOf(asked, query, "a"), await sideOf(asked, query, "b")];
  const params = new SqlParams();
  const keys = keyNames(by);
  const sides = (["a", "b"] as const).map((name) => sideSql(asked, query, name, by, params));
  const figures = ["a", "b"].flatMap((name) =>
    figureNames(COMPARED_NEEDS).map((figure) => `anyIf(${figure}, side = '${name}') AS ${name}_${figure}`),
  );
  const joined = `SELECT ${[...keys, ...figures].join(", ")} FROM (${sides.join(" UNION ALL ")})${keys.length === 0 ? " HAVING count() > 0" : ` GROUP BY ${keys.join(", ")}`}`;
  const most = Number.isFinite(limit) ? ` LIMIT ${Math.max(1, Math.floor(limit))}` : "";
  const rows = await asked.rows(
    `SELECT *, count() OVER () AS all_groups FROM (${joined}) ORDER BY ${orderSql(sort, reverse, a, b, keys, params)}${most}`,
    params,
  );
  const chosen = rows.slice(0, limit);
  const [ofA, ofB] = [figuresOf(chosen, "a", a), figuresOf(chosen, "b", b)];
  const whole = (name: "a" | "b") =>
    groupsOf(asked, { ...selectionOfSide(query, query[name]), by: [], measures: COMPARED });
  return {
    by,
    groups: Number(rows[0]?.["all_groups"] ?? 0),
    sameLength: Math.abs(a.seconds - b.seconds) <= 0.01 * Math.max(a.seconds, b.seconds),
    a: wholeOf(a, await whole("a")),
    b: wholeOf(b, await whole("b")),
    rows: chosen.map((row, at): ComparedRow => {
      const [left, right] = [ofA(at), ofB(at)];
      const z = significanceOf(
        { requests: left.requests, seconds: a.seconds },
        { requests: right.requests, seconds: b.seconds },
      );
      return {
        key: Object.fromEntries(by.map((dimension, i) => [dimension, String(row[`k${i}`])])),
        change: changeOf(left.requests, right.requests, z),
        significance: z,
        rateChange: right.rate - left.rate,
        a: left,
        b: right,
      };
    }),
  };
}

async function sideOf(asked: Asked, query: CompareQuery, name: "a" | "b"): Promise<Side> {
  const side = query[name];
  const { window } = query;
  const everything = { filter: { op: "and", terms: [] } as const, ...(window === undefined ? {} : { window }) };
  const selection = selectionOfSide(everything, side);
  const span = isOfSources(side.filter) ? await receivedSpan(asked, selection) : asked.spanOf(selection);
  return { span, seconds: Math.max(SHORTEST_SECONDS, lengthOf(span)) };
}

/** From the first to the last request of a selection. */
async function receivedSpan(asked: Asked, selection: Parameters<Asked["spanOf"]>[0]): Promise<Span> {
  const params = new SqlParams();
  const us = microsOf("received");
  const selected = selectedSql(asked.source, selection, asked.time, params);
  const [row] = await asked.rows(
    `SELECT min(${us}) AS first, max(${us}) AS last FROM ${selected} AND ${hasTime("received")}`,
    params,
  );
  const time = (value: unknown): number => Number(value) || Number.NaN;
  return { fromUs: time(row?.["first"]), toUs: time(row?.["last"]) };
}

function sideSql(
  asked: Asked,
  query: CompareQuery,
  name: "a" | "b",
  by: readonly Dimension[],
  params: SqlParams,
): string {
  const columns = [`'${name}' AS side`, ...keysSql(by, params), ...figuresSql(COMPARED_NEEDS)].join(", ");
  const selected = selectedSql(asked.source, selectionOfSide(query, query[name]), asked.time, params);
  return `SELECT ${columns} FROM ${selected} GROUP BY ${["side", ...keyNames(by)].join(", ")}`;
}

/** By position in the rows. */
function figuresOf(rows: readonly FigureRow[], name: string, { seconds }: Side): (at: number) => ComparedFigures {
  const own = rows.map((row) =>
    Object.fromEntries(figureNames(COMPARED_NEEDS).map((figure) => [figure, row[`${name}_${figure}`]])),
  );
  const measured = measuredOf(own, COMPARED_NEEDS, { selected: 0, seconds });
  return (at) => measuresOf<keyof ComparedFigures>(COMPARED, measured, at);
}

/** As the ring's comparison of groups: `change` puts first what is new or gone, then what grew or shrank beyond chance. */
function orderSql(
  sort: CompareSort,
  isReversed: boolean,
  a: Side,
  b: Side,
  keys: readonly string[],
  params: SqlParams,
): string {
  const falling = isReversed ? "ASC" : "DESC";
  if (sort === "key") return keys.map((key) => `${key} ${isReversed ? "DESC" : "ASC"}`).join(", ") || "1";
  const [ofA, ofB] = [params.number(a.seconds), params.number(b.seconds)];
  const apart = (left: string, right: string): string => `abs(toFloat64(${right} - ${left}))`;
  const moved = apart(`a_requests / ${ofA}`, `b_requests / ${ofB}`);
  const errors = (name: string, seconds: string): string =>
    `(${name}_client_errors + ${name}_server_errors) / ${seconds}`;
  const deviation = `sqrt(a_requests / pow(${ofA}, 2) + b_requests / pow(${ofB}, 2))`;
  const isCertain = `${moved} / ${deviation} >= ${SIGNIFICANT}`;
  const isAlone = "a_requests = 0 OR b_requests = 0";
  const slower = (id: "p50" | "p99"): string =>
    `if(least(a_timed, b_timed) < ${LEAST_TIMED}, -1, ${apart(percentileSql(id, "a_"), percentileSql(id, "b_"))})`;
  const orders: Readonly<Record<Exclude<CompareSort, "key">, readonly string[]>> = {
    change: [`multiIf((${isCertain}) AND (${isAlone}), 3, ${isCertain}, 2, ${isAlone}, 1, 0)`, moved],
    requests: ["a_requests + b_requests"],
    errors: [apart(errors("a", ofA), errors("b", ofB)), moved],
    p50: [slower("p50"), moved],
    p99: [slower("p99"), moved],
    bytes: [apart("toInt64(a_bytes_sum)", "toInt64(b_bytes_sum)"), moved],
  };
  return [...orders[sort].map((order) => `${order} ${falling}`), ...keys].join(", ");
}
