import { actorClassOf } from "../../events/actor-class.ts";
import { isObject, textsOf } from "../../events/json-values.ts";
import { ACTOR_CLASSES, isLongRunning, LEVELS, STAGES, stageRank } from "../../events/vocabulary.ts";
import { whoOf } from "../../events/who.ts";
import { heldTime, RAW_SQL } from "./original.ts";
import type { ShippedEvent } from "./shipped-event.ts";

/** As JSON has it: a UInt64 below 2^53 is a number. */
export type Cell = string | number | readonly string[] | Readonly<Record<string, string | readonly string[]>>;

/** A column of the table: what creates it, fills it, checks it and documents it reads this. */
export interface Column {
  readonly name: string;
  readonly type: string;
  readonly codec?: string;
  /** What it holds, as a clause. Absent values are empty, 0 or the epoch; nothing is Nullable. */
  readonly about: string;
  /** Absent: the server computes it, see `alias`. */
  readonly value?: (event: ShippedEvent) => Cell;
  /** SQL over other columns, worked out when it is read. */
  readonly alias?: string;
}

const FEW = "LowCardinality(String)";
const MANY = { type: "String", codec: "ZSTD(1)" } as const;
const TIME = "DateTime64(6, 'UTC')";
/** `2026-11-21 00:10:00.123456` */
function timeCell(us: number): string {
  const held = heldTime(us);
  const ms = Math.floor(held / 1_000);
  const text = new Date(ms).toISOString();
  return `${text.slice(0, 10)} ${text.slice(11, 23)}${String(held - ms * 1_000).padStart(3, "0")}`;
}

function textValues(values: Readonly<Record<string, unknown>>): Record<string, string> {
  const texts: [string, string][] = [];
  for (const [key, value] of Object.entries(values))
    if (typeof value === "string") texts.push([key.toWellFormed(), value.toWellFormed()]);
  return Object.fromEntries(texts);
}

function listValues(values: Readonly<Record<string, unknown>>): Record<string, readonly string[]> {
  return Object.fromEntries(
    Object.entries(values).map(([key, list]) => [key.toWellFormed(), textsOf(list).map((text) => text.toWellFormed())]),
  );
}

function latencyUs({ hasEnded, receivedUs, stageUs }: ShippedEvent): number {
  return hasEnded && stageUs >= receivedUs ? stageUs - receivedUs : -1;
}

const enumOf = (words: readonly string[]): string =>
  `Enum8('' = 0, ${words.map((word, at) => `'${word}' = ${at + 1}`).join(", ")})`;
const ESCAPED = (column: string): string => `replaceAll(replaceAll(${column}, '%', '%25'), '/', '%2F')`;

/** In the table's order. */
const TABLE = [
  {
    name: "cluster",
    type: FEW,
    about: "which cluster, as the store's URL says",
    value: ({ place }) => place.cluster,
  },
  {
    name: "apiserver",
    type: FEW,
    about: "API server, where the input tells",
    value: ({ place }) => place.apiserver,
  },
  { name: "input", type: FEW, about: "file or stream it was read from", value: ({ place }) => place.input },
  {
    name: "offset",
    type: "UInt64",
    codec: "ZSTD(1)",
    about: "where in the decompressed input",
    value: ({ place }) => place.offset,
  },
  {
    name: "bytes",
    type: "UInt32",
    codec: "T64, ZSTD(1)",
    about: "length of the event in its input",
    value: ({ place }) => place.bytes,
  },
  {
    name: "seq",
    type: "UInt64",
    codec: "ZSTD(1)",
    about: "order of arrival: a number that no other row has; below 2^53",
    value: ({ place }) => place.seq,
  },
  {
    name: "first_seq",
    type: "UInt64",
    codec: "ZSTD(1)",
    about: "seq of the first event of its request that is known",
    value: ({ firstSeq }) => firstSeq,
  },
  {
    name: "received",
    type: TIME,
    codec: "DoubleDelta, ZSTD(1)",
    about: "requestReceivedTimestamp, or what older events have",
    value: ({ receivedUs }) => timeCell(receivedUs),
  },
  {
    name: "stage_time",
    type: TIME,
    codec: "Delta(8), ZSTD(1)",
    about: "stageTimestamp",
    value: ({ stageUs }) => timeCell(stageUs),
  },
  {
    name: "latency_us",
    type: "Int64",
    codec: "T64, ZSTD(1)",
    about: "from received to stage_time once it has ended; −1: unknown",
    value: latencyUs,
  },
  {
    name: "stage",
    type: enumOf(STAGES),
    about: "audit stage; empty: none that is known",
    value: ({ stage }) => stage,
  },
  {
    name: "stage_rank",
    type: "UInt8",
    about: "a request's facts come from its highest",
    value: ({ stageAt }) => stageRank(stageAt),
  },
  { name: "level", type: enumOf(LEVELS), about: "audit level", value: ({ level }) => level },
  {
    name: "ended",
    type: "UInt8",
    about: "1: no later stage of the request comes",
    value: ({ hasEnded }) => Number(hasEnded),
  },
  {
    name: "final",
    type: "UInt8",
    about: "1: the first event of its request that ends it, which stands for the request",
    value: ({ isFinal }) => Number(isFinal),
  },
  {
    name: "long",
    type: "UInt8",
    about: "1: watch, exec, log -f …: kept out of latencies",
    value: ({ facts }) => Number(isLongRunning(facts.verb, facts.subresource, facts.uri)),
  },
  {
    name: "audit_id",
    ...MANY,
    about: "auditID, which a client may choose",
    value: ({ facts }) => facts.auditID,
  },
  { name: "verb", type: FEW, about: "verb", value: ({ facts }) => facts.verb },
  { name: "user", type: FEW, about: "effective user", value: ({ facts }) => facts.user },
  { name: "as_from", type: FEW, about: "who impersonated", value: ({ facts }) => facts.asFrom },
  {
    name: "who",
    type: FEW,
    about: "the user collapsed to what a person means",
    value: ({ facts }) => whoOf(facts.user, facts.useragent),
  },
  {
    name: "actor",
    type: enumOf(ACTOR_CLASSES),
    about: "what kind of client",
    value: ({ facts }) => actorClassOf(facts.user),
  },
  {
    name: "groups",
    type: `Array(${FEW})`,
    about: "groups of the effective user",
    value: ({ facts }) => facts.groups,
  },
  {
    name: "extra",
    type: `Map(${FEW}, Array(String))`,
    codec: "ZSTD(1)",
    about: "what authentication added to who asked",
    value: ({ facts }) => listValues(facts.extra),
  },
  {
    name: "effective_extra",
    type: `Map(${FEW}, Array(String))`,
    codec: "ZSTD(1)",
    about: "the same of whom it ran as; empty without impersonation",
    value: ({ facts }) => (facts.effectiveExtra === facts.extra ? {} : listValues(facts.effectiveExtra)),
  },
  { name: "useragent", type: FEW, about: "user agent", value: ({ facts }) => facts.useragent },
  {
    name: "ip",
    type: FEW,
    about: "last of the source IPs, which cannot be forged",
    value: ({ facts }) => facts.ip,
  },
  {
    name: "source_ips",
    type: `Array(${FEW})`,
    about: "all source IPs",
    value: ({ facts }) => facts.sourceIPs,
  },
  { name: "uri", type: "String", codec: "ZSTD(3)", about: "request URI", value: ({ facts }) => facts.uri },
  {
    name: "path",
    type: "String",
    about: "URI without its query",
    alias: "if(position(uri, '?') = 0, uri, substring(uri, 1, position(uri, '?') - 1))",
  },
  {
    name: "resource",
    type: FEW,
    about: "plural with group: deployments.apps",
    value: ({ facts }) => facts.resource,
  },
  { name: "subresource", type: FEW, about: "subresource", value: ({ facts }) => facts.subresource },
  {
    name: "resource_path",
    type: "String",
    about: "the dimension resource: with subresource, or the path",
    alias: "multiIf(resource = '', path, subresource = '', resource, concat(resource, '/', subresource))",
  },
  { name: "namespace", type: FEW, about: "namespace", value: ({ facts }) => facts.namespace },
  { name: "name", ...MANY, about: "name of the object, of the request", value: ({ facts }) => facts.name },
  {
    name: "object",
    type: "String",
    about: "the dimension object: namespace/resource/name",
    alias: `multiIf(name = '' OR resource = '', '', namespace = '', concat(${ESCAPED("resource")}, '/', ${ESCAPED("name")}), concat(${ESCAPED("namespace")}, '/', ${ESCAPED("resource")}, '/', ${ESCAPED("name")}))`,
  },
  { name: "uid", ...MANY, about: "uid of the request's object", value: ({ facts }) => facts.uid },
  {
    name: "object_name",
    ...MANY,
    about: "name, or the one the answer gives",
    value: ({ object }) => object.name,
  },
  { name: "object_uid", ...MANY, about: "uid, or the one bodies give", value: ({ object }) => object.uid },
  {
    name: "generate_name",
    type: FEW,
    about: "metadata.generateName",
    value: ({ object }) => object.generateName,
  },
  {
    name: "owner_uids",
    type: "Array(String)",
    codec: "ZSTD(1)",
    about: "uids of metadata.ownerReferences",
    value: ({ object }) => object.ownerUids,
  },
  {
    name: "owners",
    type: `Array(${FEW})`,
    about: "Kind/name of the same",
    value: ({ object }) => object.owners,
  },
  {
    name: "deletion",
    type: FEW,
    about: "metadata.deletionTimestamp",
    value: ({ object }) => object.deletion,
  },
  {
    name: "code",
    type: "UInt16",
    codec: "T64, ZSTD(1)",
    about: "HTTP status; 0: none",
    value: ({ facts }) => facts.code,
  },
  { name: "reason", type: FEW, about: "responseStatus.reason", value: ({ facts }) => facts.reason },
  {
    name: "message",
    type: "String",
    codec: "ZSTD(3)",
    about: "responseStatus.message",
    value: ({ facts }) => facts.message,
  },
  { name: "decision", type: FEW, about: "the authorizer's decision", value: ({ facts }) => facts.decision },
  { name: "auth_reason", type: FEW, about: "why it was authorized", value: ({ facts }) => facts.authReason },
  {
    name: "annotations",
    type: `Map(${FEW}, String)`,
    codec: "ZSTD(3)",
    about: "annotations that are texts",
    value: ({ facts }) => textValues(facts.annotations),
  },
  {
    name: "annotations_json",
    type: "String",
    codec: "ZSTD(3)",
    about: "all annotations as JSON, where one is no text",
    value: ({ facts: { annotations } }) =>
      Object.values(annotations).every((value) => typeof value === "string")
        ? ""
        : JSON.stringify(annotations).toWellFormed(),
  },
  {
    name: "has_body",
    type: "UInt8",
    about: "1: a body is an object",
    value: ({ facts }) => Number(isObject(facts.requestObject) || isObject(facts.responseObject)),
  },
  {
    name: "request_object",
    type: "String",
    codec: "ZSTD(6)",
    about: "requestObject as it was written",
    value: ({ original }) => original.requestObject,
  },
  {
    name: "response_object",
    type: "String",
    codec: "ZSTD(6)",
    about: "responseObject as it was written",
    value: ({ original }) => original.responseObject,
  },
  {
    name: "rest",
    type: "String",
    codec: "ZSTD(6)",
    about: "the original event without what other columns hold",
    value: ({ original }) => original.rest,
  },
  { name: "raw", type: "String", about: "the original event, byte for byte", alias: RAW_SQL },
  {
    name: "shipped",
    type: "DateTime('UTC')",
    codec: "Delta(4), ZSTD(1)",
    about: "when its batch was begun: what the TTL counts from",
    value: ({ place }) => place.shippedS,
  },
] as const satisfies readonly Column[];

export const COLUMNS: readonly Column[] = TABLE;
export type ColumnName = (typeof TABLE)[number]["name"];

/** Columns that a shipper fills, in the order of its rows. */
export const FILLED: readonly (Column & Required<Pick<Column, "value">>)[] = COLUMNS.flatMap((column) =>
  column.value === undefined ? [] : [{ ...column, value: column.value }],
);

/** Column of a fact of the event (event-facts.ts): the same name in snake_case. Throws where there is none. */
export function columnOf(fact: string): ColumnName {
  const name = fact.replaceAll(/[A-Z]+/g, (letters) => `_${letters.toLowerCase()}`);
  const column = TABLE.find((each) => each.name === name);
  if (column === undefined) throw new Error(`no column for ${fact}`);
  return column.name;
}

/** The row of an event, in the format JSONCompactEachRow, with its newline. */
export function rowText(event: ShippedEvent): string {
  return `${JSON.stringify(FILLED.map(({ value }) => value(event)))}\n`;
}
