import { microsOf } from "../sql/columns.ts";
import { type Window, windowSql } from "../sql/filter.ts";
import { SqlParams } from "../sql/params.ts";
import { clusterSql } from "../sql/source.ts";
import type { Asked } from "./asked.ts";
import { RAW } from "./requests.ts";

const MINUTE_US = 60_000_000;
const MILLISECOND_US = 1_000;

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

/** Events of a window in the order they came, those after `afterSeq`. */
export async function* eventsAfter(
  asked: Asked,
  window: Window,
  afterSeq: number,
): AsyncGenerator<readonly ArrivedEvent[]> {
  const params = new SqlParams();
  const sql =
    `SELECT seq, apiserver, ${RAW} FROM ${eventsSql(asked, window, params)}` +
    `${afterSeq < 0 ? "" : ` AND seq > ${afterSeq}`} ORDER BY seq`;
  for await (const rows of asked.session.batches(sql, params, asked.signal)) {
    yield rows.map((row) => ({
      seq: Number(row["seq"]),
      apiserver: String(row["apiserver"]),
      bytes: Buffer.from(String(row["raw_bytes"]), "base64"),
    }));
  }
}

function eventsSql({ source }: Asked, window: Window, params: SqlParams): string {
  return `${source.table} WHERE (${clusterSql(source, params)}) AND (${windowSql(window, params)})`;
}
