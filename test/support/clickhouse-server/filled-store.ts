import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { type StoreAddress, storeAddress } from "../../../src/clickhouse/address.ts";
import { type Client, openClient } from "../../../src/clickhouse/client.ts";
import { SHARD_KEY, tableStatements } from "../../../src/clickhouse/table/definition.ts";
import { StoreEngine } from "../../../src/engine/store-engine.ts";
import { type ClickHouseServer, startClickHouse } from "./clickhouse-server.ts";
import { fillTable } from "./fill-table.ts";

export interface FilledStore {
  readonly engine: StoreEngine;
  readonly client: Client;
  /** Ends the server, too. */
  close(): Promise<void>;
}

/** A server of its own with a table of logs' events, and an engine over it. */
export async function filledStore(logs: readonly string[]): Promise<FilledStore> {
  const server = await startClickHouse();
  const client = openClient(addressOf(server), { password: "" });
  await fillTable(client, { database: "default", table: "audit" }, logs.map(fileOf));
  return engineOver(server, client);
}

const CLUSTER = "fleet";

/**
 * The same over a distributed table of two shards: each shows the rows of a table that the sharding key gives it, so that every
 * question is asked and put together as on two servers.
 */
export async function shardedStore(logs: readonly string[]): Promise<FilledStore> {
  const server = await startClickHouse({ clusters: { [CLUSTER]: 2 } });
  const client = openClient(addressOf(server), { password: "" });
  await fillTable(client, { database: "default", table: "stored" }, logs.map(fileOf));
  const shard = `SELECT * FROM stored WHERE ${SHARD_KEY} % 2 + 1 = shardNum()`;
  await client.command({ query: `CREATE VIEW audit_local AS ${shard}` });
  await client.command({
    query: distributedStatement(CLUSTER).replace(" AS `default`.`audit_local`", " AS `default`.`stored`"),
  });
  return engineOver(server, client);
}

/** As store init --on-cluster makes it, on this server only: chDB runs nothing ON CLUSTER. */
export function distributedStatement(onCluster: string): string {
  const place = { database: "default", table: "audit" };
  const all = tableStatements(place, { replacing: false, days: null, onCluster, isCloud: false });
  const statement = all.find((each) => each.includes("ENGINE = Distributed"));
  return (statement ?? "").replace(` ON CLUSTER \`${onCluster}\``, "");
}

function fileOf(path: string): { readonly path: string; readonly bytes: Buffer } {
  const bytes = readFileSync(path);
  return { path, bytes: path.endsWith(".gz") ? gunzipSync(bytes) : bytes };
}

function addressOf({ port }: ClickHouseServer): StoreAddress {
  return storeAddress(`clickhouse://127.0.0.1:${port}/default.audit`);
}

async function engineOver(server: ClickHouseServer, client: Client): Promise<FilledStore> {
  const engine = new StoreEngine({
    capacity: Number.POSITIVE_INFINITY,
    timeZone: "utc",
    inputs: [],
    store: { address: `clickhouse://127.0.0.1:${server.port}/default.audit`, password: "" },
    follow: false,
    dictionaryBytes: Number.POSITIVE_INFINITY,
    rawBytes: 0,
    tailMs: 0,
    format: "auto",
  });
  await engine.loaded();
  return {
    engine,
    client,
    async close() {
      await client.close();
      await engine.close();
      await server.stop();
    },
  };
}
