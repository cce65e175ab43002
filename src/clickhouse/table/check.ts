import type { StoreAddress } from "../address.ts";
import { ask, type Client } from "../client.ts";
import { COLUMNS } from "./columns.ts";
import { DEDUPLICATION_SECONDS, named, shippersTable, TABLE_VERSION } from "./definition.ts";
import { tableState } from "./table-state.ts";

/** One thing that was looked at. `bad`: what is asked or shipped would be wrong or fail; `warn`: it works, not as it should. */
export interface Finding {
  readonly what: string;
  readonly verdict: "ok" | "warn" | "bad";
  readonly detail: string;
}

/** The oldest release with all that the table uses. */
const LEAST_VERSION = [24, 8] as const;

/** Looks at the server, the table and what this user may do. Nothing is changed; users who may only read can ask. */
export async function checkTable(client: Client, address: StoreAddress): Promise<Finding[]> {
  const [server] = await ask<{ version: string; readonly: string; user: string }>(
    client,
    "SELECT version() AS version, toString(getSetting('readonly')) AS readonly, currentUser() AS user",
  );
  const version = server?.version ?? "";
  const findings: Finding[] = [
    {
      what: "server",
      verdict: isOldServer(version) ? "warn" : "ok",
      detail: `ClickHouse ${version}${isOldServer(version) ? `, older than ${LEAST_VERSION.join(".")}` : ""}`,
    },
  ];
  const name = `${address.database}.${address.table}`;
  const state = await tableState(client, address);
  if (state.engine === null)
    return [
      ...findings,
      {
        what: "table",
        verdict: "bad",
        detail: `there is no ${name} that ${server?.user ?? ""} may see: ktrail store init makes it`,
      },
    ];
  if (state.version === null)
    return [...findings, { what: "table", verdict: "bad", detail: `${name} is no table of ktrail's` }];
  findings.push({
    what: "table",
    verdict: state.version === TABLE_VERSION ? "ok" : state.version > TABLE_VERSION ? "bad" : "warn",
    detail: `${name}, ${state.engine}, version ${state.version}${state.version === TABLE_VERSION ? "" : state.version > TABLE_VERSION ? `: this ktrail knows ${TABLE_VERSION}` : ": ktrail store init brings it up to date"}`,
  });
  const missing = COLUMNS.filter((column) => !state.columns.has(column.name)).map((column) => column.name);
  const others = COLUMNS.filter(({ name, type }) => {
    const there = state.columns.get(name);
    return there !== undefined && spelled(there) !== spelled(type);
  });
  findings.push({
    what: "columns",
    verdict: missing.length + others.length > 0 ? "bad" : "ok",
    detail:
      missing.length + others.length === 0
        ? `all ${COLUMNS.length}`
        : [
            ...(missing.length > 0 ? [`missing: ${missing.join(", ")}`] : []),
            ...others.map(({ name, type }) => `${name} is ${state.columns.get(name) ?? ""} instead of ${type}`),
          ].join("; "),
  });
  findings.push(await shippersFinding(client, address));
  findings.push(await duplicatesFinding(client, address, state.engine, state.createQuery));
  findings.push(rights(server?.readonly ?? "0", server?.user ?? ""));
  return findings;
}

async function shippersFinding(client: Client, { database, table }: StoreAddress): Promise<Finding> {
  const what = "shippers";
  const name = shippersTable(table);
  const { engine } = await tableState(client, { database, table: name });
  if (engine === null)
    return { what, verdict: "warn", detail: `there is no ${database}.${name} that this user may see: needed to ship` };
  const [told] = await ask<{ shippers: string }>(
    client,
    `SELECT toString(uniqExact(shipper)) AS shippers FROM ${named(database, name)} WHERE claimed > now() - INTERVAL 1 DAY`,
  );
  return { what, verdict: "ok", detail: `${told?.shippers ?? 0} within a day` };
}

async function duplicatesFinding(
  client: Client,
  { database, table }: StoreAddress,
  engine: string,
  createQuery: string,
): Promise<Finding> {
  const what = "batches sent twice";
  let query = createQuery;
  let kind = engine;
  if (engine === "Distributed") {
    const [local] = await ask<{ engine: string; create_table_query: string }>(
      client,
      "SELECT engine, create_table_query FROM system.tables WHERE database = {database:String} AND name = {table:String}",
      { database, table: `${table}_local` },
    );
    if (local === undefined)
      return { what, verdict: "warn", detail: `${table}_local is not on this server: its settings are not known` };
    ({ engine: kind, create_table_query: query } = local);
  }
  const setting = (name: string): number | null => {
    const value = new RegExp(`\\b${name} = (\\d+)`).exec(query)?.[1];
    return value === undefined ? null : Number(value);
  };
  if (/^(?:Replicated|Shared)/.test(kind)) {
    const seconds = setting("replicated_deduplication_window_seconds");
    const isShort = seconds === null || seconds < DEDUPLICATION_SECONDS;
    return {
      what,
      verdict: isShort ? "warn" : "ok",
      detail: isShort
        ? `are known for ${seconds ?? "the server's default of"} s only: a shipper that was away longer asks for each`
        : `are known for ${seconds / 86_400} days`,
    };
  }
  const blocks = setting("non_replicated_deduplication_window") ?? 0;
  return {
    what,
    verdict: blocks === 0 ? "bad" : "ok",
    detail:
      blocks === 0
        ? "would count twice: non_replicated_deduplication_window is 0"
        : `are known among the last ${blocks}`,
  };
}

function rights(readonly: string, user: string): Finding {
  const may =
    readonly === "0"
      ? "may read, and write as far as it is granted"
      : readonly === "2"
        ? "may read, and set what a query may cost"
        : "may read, without settings: queries have the server's limits";
  return { what: "rights", verdict: "ok", detail: `${user} ${may}` };
}

/** Types as the server spells them: without the spaces and codes that are there by default. */
function spelled(type: string): string {
  return type.replaceAll(/\s+/g, "");
}

function isOldServer(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major < LEAST_VERSION[0] || (major === LEAST_VERSION[0] && minor < LEAST_VERSION[1]);
}

/** What a column takes on the disk. */
export interface ColumnSize {
  readonly column: string;
  readonly type: string;
  readonly packedBytes: number;
  readonly plainBytes: number;
  readonly bytesPerEvent: number;
}

export interface TableSizes {
  readonly events: number;
  readonly parts: number;
  /** On disk: columns, marks, indexes, projections. */
  readonly bytes: number;
  readonly from: string;
  readonly to: string;
  readonly clusters: number;
  /** In parts that are large enough for the server to measure their columns. */
  readonly measuredEvents: number;
  readonly columns: readonly ColumnSize[];
}

/** As measured by the server over the parts in use; of a Distributed table on the server that is asked. */
export async function tableSizes(client: Client, address: StoreAddress): Promise<TableSizes> {
  const { database, table } = address;
  const state = await tableState(client, address);
  const params = { database, table: state.engine === "Distributed" ? `${table}_local` : table };
  const number = (value: string | undefined): number => Number(value ?? 0);
  const [parts] = await ask<{ events: string; measured: string; parts: string; bytes: string }>(
    client,
    "SELECT toString(sum(rows)) AS events, toString(sumIf(rows, part_type = 'Wide')) AS measured, toString(count()) AS parts, toString(sum(bytes_on_disk)) AS bytes FROM system.parts WHERE active AND database = {database:String} AND table = {table:String}",
    params,
  );
  const events = number(parts?.events);
  const measuredEvents = number(parts?.measured);
  const [span] = await ask<{ from: string; to: string; clusters: string }>(
    client,
    `SELECT toString(min(received)) AS from, toString(max(received)) AS to, toString(uniqExact(cluster)) AS clusters FROM ${named(database, table)}`,
  );
  const columns = await ask<{ column: string; type: string; packed: string; plain: string }>(
    client,
    `SELECT column, any(type) AS type, toString(sum(column_data_compressed_bytes)) AS packed, toString(sum(column_data_uncompressed_bytes)) AS plain
     FROM system.parts_columns WHERE active AND database = {database:String} AND table = {table:String}
     GROUP BY column ORDER BY sum(column_data_compressed_bytes) DESC, column`,
    params,
  );
  return {
    events,
    measuredEvents,
    parts: number(parts?.parts),
    bytes: number(parts?.bytes),
    from: span?.from ?? "",
    to: span?.to ?? "",
    clusters: number(span?.clusters),
    columns: columns.map(({ column, type, packed, plain }) => ({
      column,
      type,
      packedBytes: number(packed),
      plainBytes: number(plain),
      bytesPerEvent: measuredEvents === 0 ? 0 : number(packed) / measuredEvents,
    })),
  };
}
