import { microsOf } from "../sql/columns.ts";
import { type Window, windowSql } from "../sql/filter.ts";
import { SqlParams } from "../sql/params.ts";
import type { Selection } from "../../queries/contract.ts";
import type { FigureRow } from "../sql/figures.ts";
import { clusterSql, ID, selectedSql } from "../sql/source.ts";
import type { Asked } from "./asked.ts";
import { bytesIn, RAW } from "./requests.ts";
import { FACT_COLUMNS } from "./rows.ts";

const MINUTE_US = 60_000_000;
const MILLISECOND_US = 1_000;
/** Events in one question. */
const PART = 20_000;

/** An original event, of whatever stage. */
export interface ArrivedEvent {
  /** Grows with arrival. */
  readonly seq: number;
  readonly apiserver: string;
  readonly bytes: Buffer;
}

/** Since when (µs) the newest events of a window are about so many bytes; -∞ when all of them are no more. */
export async function newestSince(asked: Asked, window: Window, mostBytes: number): Promise<number> {
  const params = new SqlParams();
  const [all] = await asked.rows(`SELECT sum(bytes) AS bytes FROM ${eventsSql(asked, window, params)}`, params);
  if (Number(all?.["bytes"] ?? 0) <= mostBytes) return Number.NEGATIVE_INFINITY;
  const minutes = await fitting(asked, window, MINUTE_US, mostBytes);
  const part = { fromUs: Math.max(window.fromUs, minutes.sinceUs - MINUTE_US), toUs: minutes.sinceUs };
  return (await fitting(asked, part, MILLISECOND_US, mostBytes - minutes.bytes)).sinceUs;
}

/** The newest whole steps of time whose events fit. */
async function fitting(
  asked: Asked,
  window: Window,
  stepUs: number,
  mostBytes: number,
): Promise<{ readonly sinceUs: number; readonly bytes: number }> {
  const params = new SqlParams();
  const steps =
    `SELECT intDiv(${microsOf("received")}, ${stepUs}) AS step, sum(bytes) AS own` +
    ` FROM ${eventsSql(asked, window, params)} GROUP BY step`;
  const [row] = await asked.rows(
    `SELECT minIf(step, total <= ${mostBytes}) AS first, maxIf(total, total <= ${mostBytes}) AS bytes,` +
      ` countIf(total <= ${mostBytes}) AS steps, max(step) AS last` +
      ` FROM (SELECT step, sum(own) OVER (ORDER BY step DESC) AS total FROM (${steps}))`,
    params,
  );
  const isAny = Number(row?.["steps"] ?? 0) > 0;
  const first = isAny ? Number(row?.["first"]) : Number(row?.["last"] ?? 0) + 1;
  return { sinceUs: first * stepUs, bytes: isAny ? Number(row?.["bytes"]) : 0 };
}

/** How many events were received in a window. */
export async function eventsIn(asked: Asked, window: Window): Promise<number> {
  const params = new SqlParams();
  const [row] = await asked.rows(`SELECT count() AS events FROM ${eventsSql(asked, window, params)}`, params);
  return Number(row?.["events"] ?? 0);
}

/** Events of a window in the order they came, those after `afterSeq`. A part at a time: the server sorts whole originals. */
export async function* eventsAfter(
  asked: Asked,
  window: Window,
  afterSeq: number,
): AsyncGenerator<readonly ArrivedEvent[]> {
  for (let after = afterSeq; ;) {
    const params = new SqlParams();
    const next = `SELECT seq FROM ${eventsSql(asked, window, params)}${beyond(after, params)} ORDER BY seq LIMIT ${PART}`;
    const [part] = await asked.rows(`SELECT count() AS events, max(seq) AS last FROM (${next})`, params);
    if (Number(part?.["events"] ?? 0) === 0) return;
    const until = Number(part?.["last"]);
    yield* partOf(asked, window, after, until);
    after = until;
  }
}

function beyond(afterSeq: number, params: SqlParams): string {
  return afterSeq < 0 ? "" : ` AND seq > ${params.integer(afterSeq)}`;
}

async function* partOf(
  asked: Asked,
  window: Window,
  afterSeq: number,
  untilSeq: number,
): AsyncGenerator<readonly ArrivedEvent[]> {
  const params = new SqlParams();
  const sql =
    `SELECT seq, apiserver, ${RAW} FROM ${eventsSql(asked, window, params)}${beyond(afterSeq, params)}` +
    ` AND seq <= ${params.integer(untilSeq)} ORDER BY seq`;
  for await (const rows of asked.session.batches(sql, params, asked.signal)) {
    yield rows.map((row) => ({
      seq: Number(row["seq"]),
      apiserver: String(row["apiserver"]),
      bytes: bytesIn(row),
    }));
  }
}

function eventsSql({ source }: Asked, window: Window, params: SqlParams): string {
  return `${source.table} WHERE (${clusterSql(source, params)}) AND (${windowSql(window, params)})`;
}

/** Rows that arrived after one and until another; answered: of a later stage than RequestReceived. */
export interface ArrivedPart {
  readonly afterSeq: number;
  readonly untilSeq: number;
  readonly isAnswered: boolean;
}

/** The latest rows of selected requests in a part of the table, as they arrived. */
export function arrivedRows(
  asked: Asked,
  selection: Selection,
  { afterSeq, untilSeq, isAnswered }: ArrivedPart,
  withOriginals: boolean,
): AsyncGenerator<readonly FigureRow[]> {
  const params = new SqlParams();
  const columns = [`${ID} AS id`, "seq", ...FACT_COLUMNS, ...(withOriginals ? [RAW] : [])];
  const sql =
    `SELECT ${columns.join(", ")} FROM ${selectedSql(asked.source, selection, asked.time, params)}${beyond(afterSeq, params)}` +
    ` AND seq <= ${params.integer(untilSeq)} AND toString(stage) ${isAnswered ? "!=" : "="} 'RequestReceived' ORDER BY seq`;
  return asked.session.batches(sql, params, asked.signal);
}
