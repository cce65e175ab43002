import type { RequestFacts } from "../../events/request.ts";
import type { Selection } from "../../queries/contract.ts";
import type { LifeRead } from "../../queries/lives-query.ts";
import type { LifeRequest, LifeRequests, LivesQuery, StoredClient } from "../../store/store.ts";
import { hasTime, microsOf } from "../sql/columns.ts";
import type { FigureRow } from "../sql/figures.ts";
import { filterSql, type Window, windowSql } from "../sql/filter.ts";
import { allOf, anyOf, TRUE } from "../sql/logic.ts";
import { SqlParams } from "../sql/params.ts";
import { clusterSql, ID, openSql } from "../sql/source.ts";
import type { Asked } from "./asked.ts";
import { RAW } from "./requests.ts";
import { FACT_COLUMNS } from "./rows.ts";

/** Parts of one query: each is looked up by an index of its own. */
const MOST_PARTS = 12;
/** Names, or uids, in one part. */
const MOST_NAMES = 500;
/** Rows read together with their original events. */
const MOST_ROWS = 10_000;

const EVENTS = "resource IN ('events', 'events.events.k8s.io')";
const US = microsOf("received");
const ALL_TIME: Window = { fromUs: Number.NEGATIVE_INFINITY, toUs: Number.POSITIVE_INFINITY };

/** Some of the rows looked for: one condition, and of how many of them it may be that one is enough. */
interface Part {
  readonly condition: string;
  readonly window?: Window;
  readonly isOne?: boolean;
}

/** A row that was found, not yet read. */
interface Place {
  readonly seq: number;
  readonly us: number;
  /** Of a request that this row does not end; else "". */
  readonly open: string;
}

/** Requests that tell of lives of objects, each once, in the order of their ids. Values are parameters only. */
export async function livesOf(
  asked: Asked,
  query: LivesQuery,
  factsOf: (row: FigureRow) => RequestFacts,
): Promise<LifeRequests> {
  const places = new Map<number, Place>();
  let cutUs = Number.NEGATIVE_INFINITY;
  const params = new SqlParams();
  const parts = partsOf(query.reads, query.without, params);
  for (let at = 0; at < parts.length; at += MOST_PARTS) {
    const some = parts.slice(at, at + MOST_PARTS);
    const found = await placesOf(asked, query, some, params);
    for (const [number, part] of some.entries()) {
      let own = found[number] ?? [];
      if (own.length > query.most && part.isOne !== true) {
        const fromUs = await newestSince(asked, query, part, params);
        const window = { fromUs, toUs: Number.POSITIVE_INFINITY };
        own = (await placesOf(asked, { ...query, most: query.most * 2 }, [{ ...part, window }], params))[0] ?? own;
        cutUs = Math.max(cutUs, fromUs);
      }
      for (const { id, ...place } of own) if (!query.isKnown(id)) places.set(place.seq, place);
    }
  }
  const requests = await requestsAt(asked, await standing(asked, [...places.values()]), factsOf);
  return { requests, cutUs: cutUs === Number.NEGATIVE_INFINITY ? null : cutUs };
}

/** Where the rows of each part are, as far as one more than the most. */
async function placesOf(
  asked: Asked,
  { selection, most }: LivesQuery,
  parts: readonly Part[],
  params: SqlParams,
): Promise<readonly (Place & { readonly id: number })[][]> {
  const found = parts.map((): (Place & { readonly id: number })[] => []);
  const sql = parts
    .map((part, number) => {
      const limit = part.isOne === true ? 1 : most + 1;
      return (
        `SELECT ${number} AS part, ${ID} AS id, seq, ${US} AS us, if(final, '', audit_id) AS open` +
        ` FROM ${stagesSql(asked, selection, part, params)} LIMIT ${limit}`
      );
    })
    .join(" UNION ALL ");
  for await (const rows of asked.session.batches(sql, params, asked.signal))
    for (const { part, id, seq, us, open } of rows)
      found[Number(part)]?.push({ id: Number(id), seq: Number(seq), us: Number(us), open: String(open) });
  return found;
}

/** Rows, whichever stage of their requests they are. */
function stagesSql(asked: Asked, { filter }: LivesQuery["selection"], part: Part, params: SqlParams): string {
  const { source, time } = asked;
  const window = part.window === undefined ? TRUE : windowSql(part.window, params);
  const conditions = [clusterSql(source, params), window, part.condition, filterSql(filter, time, params)];
  return `${source.table} WHERE ${allOf(conditions)}`;
}

/** Rows that stand for their requests: their ends, and the last stages of those that have not ended. */
async function standing(asked: Asked, places: readonly Place[]): Promise<readonly Place[]> {
  const open = places.filter((place) => place.open !== "");
  if (open.length === 0) return places;
  const params = new SqlParams();
  const ids = [...new Set(open.map((place) => place.open))];
  const last = new Set<number>();
  for (let at = 0; at < ids.length; at += MOST_NAMES) {
    const sql = openSql(asked.source, ALL_TIME, params, ids.slice(at, at + MOST_NAMES));
    for (const { seq } of await asked.rows(sql, params)) last.add(Number(seq));
  }
  return places.filter((place) => place.open === "" || last.has(place.seq));
}

async function requestsAt(
  asked: Asked,
  places: readonly Place[],
  factsOf: (row: FigureRow) => RequestFacts,
): Promise<LifeRequest[]> {
  const requests: LifeRequest[] = [];
  const inTime = places.toSorted((left, right) => left.us - right.us);
  for (let at = 0; at < inTime.length; at += MOST_ROWS) {
    const some = inTime.slice(at, at + MOST_ROWS);
    const params = new SqlParams();
    const seqs = params.integers(some.map(({ seq }) => seq));
    const [from, to] = [some[0]?.us ?? 0, some.at(-1)?.us ?? 0].map((us) => params.time(us));
    const where = allOf([
      clusterSql(asked.source, params),
      `received >= ${from}`,
      `received <= ${to}`,
      `seq IN ${seqs}`,
    ]);
    const columns = [`${ID} AS id`, ...FACT_COLUMNS, RAW].join(", ");
    const sql = `SELECT ${columns} FROM ${asked.source.table} WHERE ${where}`;
    for await (const rows of asked.session.batches(sql, params, asked.signal))
      for (const row of rows)
        requests.push({ facts: factsOf(row), bytes: Buffer.from(String(row["raw_bytes"]), "base64") });
  }
  return requests.sort((left, right) => left.facts.seq - right.facts.seq);
}

/** Received when the first of the newest was, µs. */
async function newestSince(
  asked: Asked,
  { selection, most }: LivesQuery,
  part: Part,
  params: SqlParams,
): Promise<number> {
  const from = stagesSql(asked, selection, part, params);
  const [row] = await asked.rows(
    `SELECT ${US} AS us FROM ${from} ORDER BY received DESC LIMIT 1 OFFSET ${most - 1}`,
    params,
  );
  return Number(row?.["us"] ?? 0);
}

/** How many rows a read would bring: requests, and earlier stages of a few. */
export async function countLives(
  asked: Asked,
  { reads, selection, without }: Omit<LivesQuery, "most" | "isKnown">,
): Promise<number> {
  const params = new SqlParams();
  const conditions = partsOf(reads, without, params).map(({ condition }) => condition);
  const [row] = await asked.rows(
    `SELECT count() AS requests FROM ${stagesSql(asked, selection, { condition: anyOf(conditions) }, params)}`,
    params,
  );
  return Number(row?.["requests"] ?? 0);
}

/** The first answer in the log is among what came in its first minute, or nothing was answered for as long. */
const FIRST_US = 60_000_000;
/** Enough to know whether common clients are among them. */
const SAMPLE = 50_000;
const MOST_CLIENTS = 5_000;

/** When the log begins, µs. */
export async function beginningOf(asked: Asked): Promise<number> {
  const { source, state } = asked;
  const answered = `if(${hasTime("stage_time")}, stage_time, received)`;
  const first = async (window: Window): Promise<number> => {
    const params = new SqlParams();
    const where = allOf([clusterSql(source, params), windowSql(window, params), "stage != 'RequestReceived'"]);
    const us = `toUnixTimestamp64Micro(min(${answered}))`;
    const [row] = await asked.rows(`SELECT count() AS events, ${us} AS us FROM ${source.table} WHERE ${where}`, params);
    return Number(row?.["events"] ?? 0) === 0 ? Number.POSITIVE_INFINITY : Number(row?.["us"]);
  };
  const untilUs = state.firstReceivedUs + FIRST_US;
  if (Number.isNaN(untilUs)) return Number.POSITIVE_INFINITY;
  const inFirst = await first({ fromUs: Number.NEGATIVE_INFINITY, toUs: untilUs });
  return inFirst < untilUs ? inFirst : first(ALL_TIME);
}

/** Who made the requests of a filter; `isSample`: some of them. */
export async function clientsOf(
  asked: Asked,
  { filter }: Selection,
  isSample: boolean,
): Promise<readonly StoredClient[]> {
  const params = new SqlParams();
  const from = stagesSql(asked, { filter }, { condition: TRUE }, params);
  const some = `SELECT user, useragent, verb FROM ${from}${isSample ? ` LIMIT ${SAMPLE}` : ""}`;
  const rows = await asked.rows(`SELECT DISTINCT user, useragent, verb FROM (${some}) LIMIT ${MOST_CLIENTS}`, params);
  return rows.map(({ user, useragent, verb }) => ({
    user: String(user),
    useragent: String(useragent),
    verb: String(verb),
  }));
}

/** Reads of one kind in one namespace are one part: what it brings too much harms nobody. */
function partsOf(reads: readonly LifeRead[], without: readonly string[], params: SqlParams): Part[] {
  const grouped = new Map<string, LifeRead[]>();
  for (const each of reads) {
    const key = `${each.of} ${"namespace" in each ? each.namespace : ""}`;
    grouped.set(key, [...(grouped.get(key) ?? []), each]);
  }
  return [...grouped.values()].flatMap((group) => {
    const parts: Part[] = [];
    for (let at = 0; at < group.length; at += MOST_NAMES)
      parts.push(...partsTogether(group.slice(at, at + MOST_NAMES), without, params));
    return parts;
  });
}

/** Of reads of one kind, and of one namespace where they have one. */
function partsTogether(reads: readonly LifeRead[], without: readonly string[], params: SqlParams): Part[] {
  const [first] = reads;
  if (first === undefined) return [];
  const texts = (of: (read: LifeRead) => string | undefined): string =>
    params.texts([...new Set(reads.flatMap((each) => of(each) ?? []))]);
  const names = (): string => texts((each) => ("name" in each ? each.name : undefined));
  const uids = (): string => texts((each) => ("uid" in each ? each.uid : undefined));
  const kinds = (): string => `resource IN ${texts((each) => ("resource" in each ? each.resource : undefined))}`;
  switch (first.of) {
    case "object": {
      const ofPods = reads.some((each) => each.of === "object" && each.resource === "pods");
      const inSpace = spaceSql(first.namespace, params);
      return [
        { condition: allOf([kinds(), inSpace, `object_name IN ${names()}`]) },
        { condition: allOf([kinds(), inSpace, UNNAMED]) },
        { condition: aboutSql(first.namespace, names(), params) },
        ...(ofPods ? [{ condition: allOf([inSpace, tokensSql(names())]) }] : []),
      ];
    }
    case "anywhere":
      return [{ condition: `object_name IN ${names()}` }, { condition: allOf([EVENTS, headSql(names())]) }];
    case "uid":
      return [{ condition: `object_uid IN ${uids()}` }, { condition: `uid IN ${uids()}` }];
    case "owned":
      return [{ condition: `hasAny(owner_uids, ${uids()})` }];
    case "begun":
      return reads.map((each) => ({
        condition:
          each.of === "begun"
            ? allOf([
                `resource = ${params.text(each.resource)}`,
                spaceSql(each.namespace, params),
                `startsWith(object_name, ${params.text(each.prefix)})`,
              ])
            : "0",
      }));
    case "named":
      return [{ condition: allOf([spaceSql(first.namespace, params), `object_name IN ${names()}`]) }];
    case "kind":
      return [{ condition: allOf([kinds(), spaceSql(first.namespace, params)]) }];
    case "some":
      return reads.map((each) => ({
        condition: allOf([
          `resource = ${params.text(each.of === "some" ? each.resource : "")}`,
          spaceSql(first.namespace, params),
        ]),
        isOne: true,
      }));
    case "refused":
      return [{ condition: allOf([spaceSql(first.namespace, params), "verb = 'create'", "name = ''", "code >= 400"]) }];
    case "space":
      return [
        {
          condition: allOf([
            spaceSql(first.namespace, params),
            `NOT (${EVENTS})`,
            `resource NOT IN ${params.texts(["", ...without])}`,
          ]),
        },
      ];
    case "during":
      return reads.flatMap((each) =>
        each.of === "during"
          ? [
              {
                condition: allOf([
                  `resource = ${params.text(each.resource)}`,
                  ...(each.users.length === 0 ? [] : [`user IN ${params.texts(each.users)}`]),
                ]),
                window: { fromUs: each.fromUs, toUs: each.toUs },
              },
            ]
          : [],
      );
  }
}

/** A request on a namespace says it is in itself; what is about one is in none. */
function spaceSql(namespace: string, params: SqlParams): string {
  return namespace === ""
    ? "namespace = '' OR resource = 'namespaces'"
    : `namespace = ${params.text(namespace)} AND resource != 'namespaces'`;
}

/** On a collection, or a create whose name the log does not have. */
const UNNAMED =
  "name = '' AND verb IN ('create', 'deletecollection') AND (object_name = '' OR verb = 'deletecollection' OR code >= 400)";

/** Kubernetes Events say in their bodies what they are about; at Metadata level their names do, up to the last dot. */
function aboutSql(namespace: string, names: string, params: SqlParams): string {
  const told = ["request_object", "response_object"].flatMap((body) =>
    ["involvedObject", "regarding"].map((field) => `JSONExtractString(${body}, '${field}', 'name') IN ${names}`),
  );
  const head = headSql(names);
  if (namespace !== "") return allOf([EVENTS, `namespace = ${params.text(namespace)}`, anyOf([head, ...told])]);
  // Those about what is in no namespace are in `default`, those about a namespace in itself.
  return allOf([EVENTS, anyOf([head, allOf([`namespace = 'default' OR namespace IN ${names}`, anyOf(told)])])]);
}

function headSql(names: string): string {
  return `substring(object_name, 1, length(object_name) - position(reverse(object_name), '.')) IN ${names}`;
}

/** A token for a pod is asked of its account. */
function tokensSql(names: string): string {
  return `resource = 'serviceaccounts' AND subresource = 'token' AND JSONExtractString(request_object, 'spec', 'boundObjectRef', 'name') IN ${names}`;
}
