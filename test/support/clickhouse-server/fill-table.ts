import { Readable } from "node:stream";
import type { StoreAddress } from "../../../src/clickhouse/address.ts";
import type { Client } from "../../../src/clickhouse/client.ts";
import { FILLED, rowText } from "../../../src/clickhouse/table/columns.ts";
import { tableStatements } from "../../../src/clickhouse/table/definition.ts";
import { cutOriginal } from "../../../src/clickhouse/table/original.ts";
import { shippedEvent } from "../../../src/clickhouse/table/shipped-event.ts";
import { eventFacts } from "../../../src/events/event-facts.ts";
import { objectOf } from "../../../src/events/json-values.ts";
import { parseJson } from "../../../src/events/json.ts";
import { wholeObject } from "../../../src/formats/shape/json-bytes.ts";
import { momentOf } from "../../../src/ingest/scanner/parsed-event.ts";

const PLAIN = { replacing: false, days: null, onCluster: null, isCloud: false };
const BATCH = 5_000;

/** A table with the events of logs of one event a line, in their order, as one shipper would write it. */
export async function fillTable(
  client: Client,
  address: Pick<StoreAddress, "database" | "table">,
  logs: readonly { readonly path: string; readonly bytes: Buffer }[],
): Promise<void> {
  for (const query of tableStatements(address, PLAIN)) await client.command({ query });
  const firsts = new Map<string, number>();
  const ended = new Set<string>();
  let seq = 0;
  let rows: string[] = [];
  const send = async (): Promise<void> => {
    const values = Readable.from(rows.map((row) => JSON.parse(row) as unknown));
    await client.insert({
      table: address.table,
      values,
      format: "JSONCompactEachRow",
      columns: FILLED.map(({ name }) => name) as [string, ...string[]],
      clickhouse_settings: { async_insert: 0 },
    });
    rows = [];
  };
  for (const { path, bytes } of logs) {
    for (const { start, end } of linesOf(bytes)) {
      const line = bytes.subarray(start, end);
      const event = objectOf(parseJson(line.toString("utf8")));
      const { auditID, uri } = eventFacts(event);
      const { receivedUs, stageUs } = momentOf(event);
      const members = wholeObject(line, 0, line.length) ?? [];
      const original = cutOriginal(line, 0, line.length, members, { auditID, uri, receivedUs, stageUs });
      const key = `${auditID} ${receivedUs}`;
      const own = seq++;
      const firstSeq = firsts.get(key) ?? own;
      firsts.set(key, firstSeq);
      const place = {
        cluster: "",
        apiserver: "",
        input: path,
        offset: start,
        bytes: line.length,
        seq: own,
        shippedS: 0,
      };
      const shipped = shippedEvent(event, original, place, (hasEnded) => {
        const isFinal = hasEnded && !ended.has(key);
        if (isFinal) ended.add(key);
        return { isFinal, firstSeq };
      });
      rows.push(rowText(shipped));
      if (rows.length === BATCH) await send();
    }
  }
  if (rows.length > 0) await send();
}

function* linesOf(bytes: Buffer): Generator<{ readonly start: number; readonly end: number }> {
  for (let start = 0; start < bytes.length;) {
    const newline = bytes.indexOf(0x0a, start);
    const end = newline < 0 ? bytes.length : newline;
    if (end > start) yield { start, end };
    start = end + 1;
  }
}
