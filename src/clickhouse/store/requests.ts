import type { RequestFacts } from "../../events/request.ts";
import { STAGES } from "../../events/vocabulary.ts";
import type { StoredEvent, StoredRequest } from "../../store/store.ts";
import { microsOf } from "../sql/columns.ts";
import type { FigureRow } from "../sql/figures.ts";
import { SqlParams } from "../sql/params.ts";
import type { Asked } from "./asked.ts";
import { ID, keptSql } from "../sql/source.ts";
import { FACT_COLUMNS } from "./rows.ts";

/** Ids in one question: they stand in its URL. */
const MOST_IDS = 2_000;

/** The original event, whatever bytes it has. */
export const RAW = "base64Encode(raw) AS raw_bytes";

/** Rows with these ids, as they come; ids that are not kept have none. */
export async function* rowsWith(
  asked: Asked,
  ids: readonly number[],
  columns: readonly string[],
): AsyncGenerator<{ readonly ats: readonly number[]; readonly row: FigureRow }> {
  const ats = new Map<number, number[]>();
  ids.forEach((id, at) => ats.set(id, [...(ats.get(id) ?? []), at]));
  const all = [...ats.keys()].filter((id) => Number.isSafeInteger(id) && id >= 0);
  for (let from = 0; from < all.length; from += MOST_IDS) {
    const params = new SqlParams();
    const some = params.integers(all.slice(from, from + MOST_IDS));
    const sql = `SELECT ${[`${ID} AS id`, ...columns].join(", ")} FROM ${keptSql(asked.source, params)} AND ${ID} IN ${some}`;
    for await (const rows of asked.session.batches(sql, params, asked.signal)) {
      for (const row of rows) yield { ats: ats.get(Number(row["id"])) ?? [], row };
    }
  }
}

/** `of` each id; null for those that are not kept. */
export async function eachOf<T>(
  asked: Asked,
  ids: readonly number[],
  columns: readonly string[],
  of: (row: FigureRow) => T,
): Promise<(T | null)[]> {
  const found: (T | null)[] = ids.map(() => null);
  for await (const { ats, row } of rowsWith(asked, ids, columns)) for (const at of ats) found[at] = of(row);
  return found;
}

export async function requestOf(
  asked: Asked,
  id: number,
  factsOf: (row: FigureRow) => RequestFacts,
): Promise<StoredRequest | null> {
  for await (const { row } of rowsWith(asked, [id], [...FACT_COLUMNS, RAW])) {
    const params = new SqlParams();
    const us = Number(row["received_us"]);
    const [seen] = await asked.rows(
      `SELECT groupUniqArray(toString(stage)) AS stages FROM ${asked.source.table}` +
        ` WHERE audit_id = ${params.text(String(row["audit_id"]))} AND apiserver = ${params.text(String(row["apiserver"]))}` +
        ` AND received = ${params.time(us)}`,
      params,
    );
    const stages = (seen?.["stages"] ?? []) as readonly string[];
    return {
      facts: { ...factsOf(row), auditID: String(row["audit_id"]) },
      event: eventOf(row),
      stagesSeen: STAGES.filter((stage) => stages.includes(stage)),
      source: -1,
    };
  }
  return null;
}

export function eventOf(row: FigureRow): StoredEvent {
  return { bytes: bytesIn(row) };
}

/** What RAW selects. */
export function bytesIn(row: FigureRow): Buffer {
  return Buffer.from(String(row["raw_bytes"]), "base64");
}

/** Ids of requests by auditID and time received. */
export async function located(
  asked: Asked,
  requests: readonly Pick<RequestFacts, "auditID" | "receivedUs">[],
): Promise<(number | null)[]> {
  const found: (number | null)[] = requests.map(() => null);
  const keyOf = (auditID: string, us: number): string => JSON.stringify([auditID, us]);
  const ats = new Map<string, number[]>();
  requests.forEach(({ auditID, receivedUs }, at) => {
    const key = keyOf(auditID, Number.isNaN(receivedUs) ? 0 : receivedUs);
    ats.set(key, [...(ats.get(key) ?? []), at]);
  });
  for (let from = 0; from < requests.length; from += MOST_IDS) {
    const params = new SqlParams();
    const some = params.texts([...new Set(requests.slice(from, from + MOST_IDS).map(({ auditID }) => auditID))]);
    const us = microsOf("received");
    const rows = await asked.rows(
      `SELECT audit_id, ${us} AS received_us, min(${ID}) AS id FROM ${asked.source.table}` +
        ` WHERE audit_id IN ${some} GROUP BY audit_id, received, apiserver ORDER BY id`,
      params,
    );
    for (const row of rows) {
      const key = keyOf(String(row["audit_id"]), Number(row["received_us"]));
      for (const at of ats.get(key) ?? []) found[at] ??= Number(row["id"]);
    }
  }
  return found;
}
