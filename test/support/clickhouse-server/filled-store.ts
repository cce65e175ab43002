import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { storeAddress } from "../../../src/clickhouse/address.ts";
import { openClient } from "../../../src/clickhouse/client.ts";
import { StoreEngine } from "../../../src/engine/store-engine.ts";
import { startClickHouse } from "./clickhouse-server.ts";
import { fillTable } from "./fill-table.ts";

export interface FilledStore {
  readonly engine: StoreEngine;
  /** Ends the server, too. */
  close(): Promise<void>;
}

/** A server of its own with a table of logs' events, and an engine over it. */
export async function filledStore(logs: readonly string[]): Promise<FilledStore> {
  const server = await startClickHouse();
  const address = `clickhouse://127.0.0.1:${server.port}/default.audit`;
  const client = openClient(storeAddress(address), { password: "" });
  const files = logs.map((path) => {
    const bytes = readFileSync(path);
    return { path, bytes: path.endsWith(".gz") ? gunzipSync(bytes) : bytes };
  });
  await fillTable(client, { database: "default", table: "audit" }, files);
  await client.close();
  const engine = new StoreEngine({
    capacity: Number.POSITIVE_INFINITY,
    timeZone: "utc",
    inputs: [],
    store: { address, password: "" },
    follow: false,
    dictionaryBytes: Number.POSITIVE_INFINITY,
    rawBytes: 0,
    tailMs: 0,
    format: "auto",
  });
  await engine.loaded();
  return {
    engine,
    async close() {
      await engine.close();
      await server.stop();
    },
  };
}
