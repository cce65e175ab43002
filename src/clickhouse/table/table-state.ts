import type { StoreAddress } from "../address.ts";
import { ask, type Client } from "../client.ts";
import { COLUMNS } from "./columns.ts";
import {
  columnSql,
  INDEXES,
  localTable,
  named,
  onClusterSql,
  shippersStatement,
  tableStatements,
  TABLE_VERSION,
  type TableOptions,
  ttl,
  versionComment,
  versionOf,
} from "./definition.ts";

/** A table of events as the server has it. */
export interface TableState {
  /** Null: it is not there. */
  readonly engine: string | null;
  /** Null: none of ours. */
  readonly version: number | null;
  readonly columns: ReadonlyMap<string, string>;
  /** As it was made, and changed since: with its settings. */
  readonly createQuery: string;
}

type Place = Pick<StoreAddress, "database" | "table">;

/** Reads system tables only, without any setting: users who may only read can ask. */
export async function tableState(client: Client, { database, table }: Place): Promise<TableState> {
  const params = { database, table };
  const [found] = await ask<{ engine: string; comment: string; create_table_query: string }>(
    client,
    "SELECT engine, comment, create_table_query FROM system.tables WHERE database = {database:String} AND name = {table:String}",
    params,
  );
  if (found === undefined) return { engine: null, version: null, columns: new Map(), createQuery: "" };
  const columns = await ask<{ name: string; type: string }>(
    client,
    "SELECT name, type FROM system.columns WHERE database = {database:String} AND table = {table:String}",
    params,
  );
  return {
    engine: found.engine,
    version: versionOf(found.comment),
    columns: new Map(columns.map(({ name, type }) => [name, type])),
    createQuery: found.create_table_query,
  };
}

/** What was done to a table, statement by statement. */
export interface SetUp {
  readonly was: "made" | "brought up to date" | "as it should be";
  readonly version: number;
  readonly statements: readonly string[];
}

/** Why a table cannot be used, as a sentence. */
export class UnusableTable extends Error {}

/**
 * Makes the table, and its database where there is none, or brings one of an earlier version up to date: its columns are added, what is in it stays. `days`: also
 * changes how long events are kept. Throws UnusableTable for a table that is none of ours or newer than this program.
 */
export async function setUpTable(client: Client, place: Place, options: TableOptions): Promise<SetUp> {
  const state = await tableState(client, place);
  const run = async (statements: readonly string[]): Promise<void> => {
    for (const query of statements) await client.command({ query, clickhouse_settings: { wait_end_of_query: 1 } });
  };
  if (state.engine === null) {
    const hasDatabase = await isThere(client, place.database);
    const statements = [
      ...(hasDatabase ? [] : [`CREATE DATABASE IF NOT EXISTS ${named(place.database)}${onClusterSql(options)}`]),
      ...tableStatements(place, options),
    ];
    await run(statements);
    return { was: "made", version: TABLE_VERSION, statements };
  }
  const name = `${place.database}.${place.table}`;
  if (state.version === null) throw new UnusableTable(`${name} is there and no table of ktrail's: it is left as it is`);
  if (state.version > TABLE_VERSION)
    throw new UnusableTable(
      `${name} is of version ${state.version}, made by a newer ktrail: this one knows ${TABLE_VERSION}`,
    );
  const statements = upgrades(place, state, options);
  await run(statements);
  return {
    was: statements.length === 0 ? "as it should be" : "brought up to date",
    version: TABLE_VERSION,
    statements,
  };
}

async function isThere(client: Client, database: string): Promise<boolean> {
  const found = await ask(client, "SELECT name FROM system.databases WHERE name = {database:String}", { database });
  return found.length > 0;
}

function upgrades(place: Place, state: TableState, options: TableOptions): string[] {
  const where = onClusterSql(options);
  const isBehind = state.version !== TABLE_VERSION;
  const local = localTable(place, options);
  const statements = isBehind ? [shippersStatement(place, options)] : [];
  for (const table of new Set([local, place.table])) {
    const change = `ALTER TABLE ${named(place.database, table)}${where}`;
    for (const column of COLUMNS)
      if (!state.columns.has(column.name))
        statements.push(`${change} ADD COLUMN IF NOT EXISTS ${columnSql(column, table === local)}`);
    for (const index of table === local ? INDEXES : []) {
      const [, name = ""] = index.split(" ");
      // What a Distributed table stands for was not looked at.
      if (local === place.table ? state.createQuery.includes(` ${name} `) : !isBehind) continue;
      statements.push(`${change} ADD ${index.replace("INDEX", "INDEX IF NOT EXISTS")}`);
      statements.push(`${change} MATERIALIZE INDEX ${name} SETTINGS mutations_sync = 0`);
    }
    if (table === local && options.days !== null && !state.createQuery.includes(`toIntervalDay(${options.days})`))
      statements.push(`${change} MODIFY TTL ${ttl(options.days)}`);
    if (isBehind) statements.push(`${change} MODIFY COMMENT '${versionComment(TABLE_VERSION)}'`);
  }
  return statements;
}
