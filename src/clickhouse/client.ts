import * as zlib from "node:zlib";
import { type ClickHouseClient, ClickHouseLogLevel, type ClickHouseSettings, createClient } from "@clickhouse/client";
import type { StoreAddress } from "./address.ts";

export type Client = ClickHouseClient;
export type Settings = ClickHouseSettings;

export interface ClientOptions {
  readonly password: string;
  /** For users that may not set anything (`readonly = 1`), answers cannot be packed: that is a setting. */
  readonly isBare?: boolean;
  /** Longest time without an answer, ms; a query that has limits of its own ends before. */
  readonly requestMs?: number;
}

const REQUEST_MS = 120_000;
/** How bytes are packed for the server: Node before 22.15 has no zstd, though bundles name it. */
export const CODEC = typeof zlib.zstdCompressSync === "function" ? "zstd" : "gzip";

/** The one place where a client of a store is made; what it asks names its database, which may not be there yet. It says nothing by itself: errors are thrown. Close it. */
export function openClient(
  address: StoreAddress,
  { password, isBare = false, requestMs = REQUEST_MS }: ClientOptions,
): Client {
  const { url, user, tls } = address;
  return createClient({
    url,
    username: user,
    password,
    application: "ktrail",
    request_timeout: requestMs,
    log: { level: ClickHouseLogLevel.OFF },
    ...(isBare ? {} : { compression: { response: { codec: CODEC } } }),
    ...(tls === null
      ? {}
      : tls.cert === undefined || tls.key === undefined
        ? { tls: { ca_cert: tls.ca } }
        : { tls: { ca_cert: tls.ca, cert: tls.cert, key: tls.key } }),
  });
}

/** Rows of a small question, as objects. `params`: values for `{name:Type}` in the query. */
export async function ask<Row>(
  client: Client,
  query: string,
  params: Readonly<Record<string, unknown>> = {},
  settings: Settings = {},
): Promise<Row[]> {
  const answer = await client.query({
    query,
    format: "JSONEachRow",
    query_params: params,
    clickhouse_settings: settings,
  });
  return answer.json<Row>();
}
