import { STAGES } from "../../events/vocabulary.ts";
import type { Selection } from "../../queries/contract.ts";
import type { TimeReference } from "../../queries/time-value.ts";
import { filterSql, splitTimes, type Window, windowSql } from "./filter.ts";
import { allOf, TRUE } from "./logic.ts";
import type { SqlParams } from "./params.ts";

/** Where requests are. */
export interface RequestSource {
  /** What follows FROM: the table, quoted. */
  readonly table: string;
  /** seq of the last stages of requests that have not ended; null: too many to name. */
  readonly open: readonly number[] | null;
  /** Only this cluster's; null: of all. */
  readonly cluster: string | null;
}

/** Id of a request: where its first event came. */
export const ID = "first_seq";

/** What follows FROM for all requests, up to another condition. */
export function keptSql(source: RequestSource, params: SqlParams): string {
  const conditions = requestsSql(source, { fromUs: Number.NEGATIVE_INFINITY, toUs: Number.POSITIVE_INFINITY }, params);
  return `${source.table} WHERE (${allOf(conditions)})`;
}

/** What follows FROM for the requests of a selection, up to another condition: a row each, of its latest stage. */
export function selectedSql(
  source: RequestSource,
  { filter, window }: Selection,
  time: TimeReference,
  params: SqlParams,
): string {
  const split = splitTimes(filter, window, time);
  const conditions = [windowSql(split.window, params), filterSql(split.filter, time, params)];
  return `${source.table} WHERE (${allOf([...requestsSql(source, split.window, params), ...conditions])})`;
}

/** Rows that are requests, not earlier stages of one. */
function requestsSql(source: RequestSource, window: Window, params: SqlParams): readonly string[] {
  const { open } = source;
  const ofCluster = clusterSql(source, params);
  if (open === null) return [ofCluster, `final OR seq GLOBAL IN (${openSql(source, window, params)})`];
  const lists: string[] = [];
  for (let at = 0; at < open.length; at += MOST_LISTED)
    lists.push(`seq IN ${params.integers(open.slice(at, at + MOST_LISTED))}`);
  return [ofCluster, ["final", ...lists].join(" OR ")];
}

/** A server reads no parameter beyond 256 KiB. */
const MOST_LISTED = 12_000;

export function clusterSql({ cluster }: Pick<RequestSource, "cluster">, params: SqlParams): string {
  return cluster === null ? TRUE : `cluster = ${params.text(cluster)}`;
}

const STAGE_RANK = `indexOf([${STAGES.map((stage) => `'${stage}'`).join(", ")}], toString(stage))`;

/**
 * seq of the last stage of each request of which no row is its end. The end was received when its earlier stages were. `only`: of
 * those with these auditIDs.
 */
// GLOBAL: stages of one request may be on several shards, and a table on shards cannot be asked in a shard's own condition.
export function openSql(source: RequestSource, window: Window, params: SqlParams, only?: readonly string[]): string {
  const { table } = source;
  const named = only === undefined ? TRUE : `audit_id IN ${params.texts(only)}`;
  const inWindow = allOf([clusterSql(source, params), windowSql(window, params), named]);
  const unended = `SELECT received FROM ${table} WHERE NOT final AND (${inWindow})`;
  const ended = `SELECT apiserver, audit_id, received FROM ${table} WHERE final AND (${inWindow}) AND received GLOBAL IN (${unended})`;
  return (
    `SELECT argMax(seq, (${STAGE_RANK}, stage_time, seq)) AS seq FROM ${table} WHERE NOT final AND (${inWindow})` +
    ` AND (apiserver, audit_id, received) GLOBAL NOT IN (${ended}) GROUP BY apiserver, audit_id, received`
  );
}
