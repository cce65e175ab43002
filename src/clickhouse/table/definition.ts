import type { StoreAddress } from "../address.ts";
import { type Column, COLUMNS } from "./columns.ts";

/** Of the table as this program writes it: told in the table's comment. */
export const TABLE_VERSION = 2;

/** What may be chosen when a table is made. */
export interface TableOptions {
  /** ReplacingMergeTree: for several shippers that read the same. */
  readonly replacing: boolean;
  /** Days after they were shipped that events are kept; null: for ever. */
  readonly days: number | null;
  /** Name of the server's cluster for a replicated table behind a Distributed one; null for a single server. */
  readonly onCluster: string | null;
  /** ClickHouse Cloud: the service chooses the engine's arguments. */
  readonly isCloud: boolean;
}

/** A week: how long a shipper may be away and still send a batch again without asking. */
export const DEDUPLICATION_SECONDS = 604_800;
const DEDUPLICATION_BLOCKS = 10_000;

/** Bodies of one object beside each other compress to two thirds, and its life is one stretch of each hour. */
const ORDER = ["cluster", "toStartOfHour(received)", "resource", "namespace", "name", "received"];
/** Behind them, what tells an event from all others: several shippers of the same agree on it. */
const IDENTITY = ["apiserver", "audit_id", "stage", "stage_time"];
/** An object's events are on one shard, whatever came to it: what is created by generateName is named by its bodies. */
export const SHARD_KEY = "cityHash64(cluster, if(resource = 'namespaces', object_name, namespace), object_name)";

export const INDEXES = [
  "INDEX i_seq seq TYPE minmax GRANULARITY 1",
  "INDEX i_first_seq first_seq TYPE minmax GRANULARITY 1",
  "INDEX i_code code TYPE minmax GRANULARITY 1",
  "INDEX i_name name TYPE bloom_filter(0.01) GRANULARITY 2",
  "INDEX i_uid uid TYPE bloom_filter(0.01) GRANULARITY 2",
  "INDEX i_object_uid object_uid TYPE bloom_filter(0.01) GRANULARITY 2",
  "INDEX i_object_name object_name TYPE bloom_filter(0.01) GRANULARITY 2",
  "INDEX i_owner_uids owner_uids TYPE bloom_filter(0.01) GRANULARITY 2",
  "INDEX i_audit_id audit_id TYPE bloom_filter(0.001) GRANULARITY 2",
  "INDEX i_user user TYPE set(256) GRANULARITY 4",
  "INDEX i_annotations mapKeys(annotations) TYPE bloom_filter(0.01) GRANULARITY 4",
];

/** A name in SQL, whatever is in it. */
export function named(...parts: readonly string[]): string {
  return parts.map((part) => `\`${part.replaceAll("\\", "\\\\").replaceAll("`", "\\`")}\``).join(".");
}

/** The table that keeps events, on each server; behind a Distributed one it has a name of its own. */
export function localTable({ table }: Pick<StoreAddress, "table">, { onCluster }: TableOptions): string {
  return onCluster === null ? table : `${table}_local`;
}

/** Beside it: which shipper has which numbers, for a day. */
export function shippersTable(table: string): string {
  return `${table}_shippers`;
}

/** Makes the table of shippers; of a cluster, every server has all of it. */
export function shippersStatement(
  { database, table }: Pick<StoreAddress, "database" | "table">,
  options: Pick<TableOptions, "onCluster" | "isCloud">,
): string {
  const name = shippersTable(table);
  return `CREATE TABLE IF NOT EXISTS ${named(database, name)}${onClusterSql(options)} (
  lane UInt16,
  shipper String,
  claimed DateTime DEFAULT now()
) ENGINE = ${engine({ ...options, replacing: false }, `all/${database}/${name}`, "{shard}_{replica}")}
ORDER BY lane
TTL claimed + INTERVAL 2 DAY
COMMENT 'ktrail shippers'`;
}

/** Statements that make the table, each harmless where it is there already. */
export function tableStatements(address: Pick<StoreAddress, "database" | "table">, options: TableOptions): string[] {
  const { database, table } = address;
  const { onCluster } = options;
  const where = onClusterSql(options);
  const local = localTable(address, options);
  const statements = [
    shippersStatement(address, options),
    `CREATE TABLE IF NOT EXISTS ${named(database, local)}${where} (
  ${[...COLUMNS.map((column) => columnSql(column)), ...INDEXES, ...projections(options)].join(",\n  ")}
) ENGINE = ${engine(options, `{shard}/${database}/${local}`, "{replica}")}
PARTITION BY toYYYYMMDD(received)
ORDER BY (${[...ORDER, ...(options.replacing ? IDENTITY : [])].join(", ")})
${options.days === null ? "" : `TTL ${ttl(options.days)}\n`}SETTINGS ${settings(options).join(", ")}
COMMENT '${versionComment(TABLE_VERSION)}'`,
  ];
  if (onCluster !== null)
    statements.push(
      `CREATE TABLE IF NOT EXISTS ${named(database, table)}${where} AS ${named(database, local)}
ENGINE = Distributed(${named(onCluster)}, ${named(database)}, ${named(local)}, ${SHARD_KEY})
COMMENT '${versionComment(TABLE_VERSION)}'`,
    );
  return statements;
}

/** `isStored` false: of a Distributed table, which has no codecs. */
export function columnSql({ name, type, codec, alias }: Column, isStored = true): string {
  if (alias !== undefined) return `${named(name)} ${type} ALIAS ${alias}`;
  return `${named(name)} ${type}${codec === undefined || !isStored ? "" : ` CODEC(${codec})`}`;
}

export function ttl(days: number): string {
  return `shipped + INTERVAL ${days} DAY`;
}

export function versionComment(version: number): string {
  return `ktrail audit events, version ${version}`;
}

/** Null for a table that is none of ours. */
export function versionOf(comment: string): number | null {
  const version = /^ktrail audit events, version (\d{1,6})$/.exec(comment)?.[1];
  return version === undefined ? null : Number(version);
}

export function onClusterSql({ onCluster }: Pick<TableOptions, "onCluster">): string {
  return onCluster === null ? "" : ` ON CLUSTER ${named(onCluster)}`;
}

/** `path`: of the table in Keeper; with `replica`, macros of the server. */
function engine({ replacing, onCluster, isCloud }: Omit<TableOptions, "days">, path: string, replica: string): string {
  const family = replacing ? "ReplacingMergeTree" : "MergeTree";
  if (onCluster === null || isCloud) return family;
  return `Replicated${family}('/clickhouse/tables/${path.replaceAll("'", "\\'")}', '${replica}')`;
}

/** 10 bytes an event instead of a second copy of it; parts that replace rows cannot have one. */
function projections({ replacing }: TableOptions): string[] {
  return replacing ? [] : ["PROJECTION by_user (SELECT _part_offset ORDER BY user, received)"];
}

function settings({ onCluster, isCloud }: TableOptions): string[] {
  const kept = "ttl_only_drop_parts = 1";
  if (isCloud || onCluster !== null)
    return [
      `replicated_deduplication_window = ${DEDUPLICATION_BLOCKS}`,
      `replicated_deduplication_window_seconds = ${DEDUPLICATION_SECONDS}`,
      kept,
    ];
  return [`non_replicated_deduplication_window = ${DEDUPLICATION_BLOCKS}`, kept];
}
