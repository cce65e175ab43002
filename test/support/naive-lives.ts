import { objectFacts } from "../../src/clickhouse/table/object-facts.ts";
import { eventFacts } from "../../src/events/event-facts.ts";
import { type JsonObject, objectOf, textOf } from "../../src/events/json-values.ts";
import { parseJson } from "../../src/events/json.ts";
import type { RequestFacts } from "../../src/events/request.ts";
import { MATCH_ALL } from "../../src/queries/contract.ts";
import type { LifeRead } from "../../src/queries/lives-query.ts";
import type { LifeRequest, LivesQuery, LivesStore, Store } from "../../src/store/store.ts";

/** What a read is decided on: facts a table has in columns. */
interface Told extends LifeRequest {
  readonly object: ReturnType<typeof objectFacts>;
  readonly event: JsonObject;
}

const ALL = { filter: MATCH_ALL, anchor: "oldest", before: 0, after: Number.MAX_SAFE_INTEGER } as const;

/** Every read looks at all requests of a store, one by one. `asked`: what was read, round by round. */
export async function naiveLives(store: Store, signal: AbortSignal): Promise<LivesStore & { asked: LifeRead[][] }> {
  const { rows } = await store.rows(ALL, signal);
  const all: Told[] = [];
  const ids = rows.map(({ seq }) => seq);
  for await (const { at, event } of store.originals(ids, signal)) {
    const facts = rows[at];
    if (facts === undefined || !("bytes" in event)) continue;
    const bytes = Buffer.from(event.bytes);
    const parsed = objectOf(parseJson(bytes.toString("utf8")));
    const object = objectFacts(eventFacts(parsed), objectOf(parsed["responseStatus"]));
    all.push({ facts, bytes, object, event: parsed });
  }
  all.sort((left, right) => left.facts.seq - right.facts.seq);
  const asked: LifeRead[][] = [];
  type Query = Omit<LivesQuery, "most" | "isKnown">;
  let wanted: { readonly selection: unknown; readonly ids: ReadonlySet<number> } | null = null;
  const found = async ({ reads, selection, without }: Query): Promise<Told[]> => {
    if (wanted?.selection !== selection)
      wanted = { selection, ids: new Set((await store.ids({ ...ALL, ...selection }, signal)).rows) };
    const { ids: chosen } = wanted;
    return all.filter((told) => chosen.has(told.facts.seq) && reads.some((read) => brings(read, told, without)));
  };
  return {
    asked,
    get extent() {
      return store.extent;
    },
    beginning: async () => Math.min(...rows.map(answeredUs)),
    clients: async () => rows,
    countLives: async (query) => (await found(query)).length,
    async lives({ isKnown, ...query }) {
      asked.push([...query.reads]);
      const requests = (await found(query)).filter(({ facts }) => !isKnown(facts.seq));
      return { requests, cutUs: null };
    },
  };
}

function answeredUs({ stageUs, receivedUs }: RequestFacts): number {
  return Number.isNaN(stageUs) ? receivedUs : stageUs;
}

function brings(read: LifeRead, { facts, object, event }: Told, without: readonly string[]): boolean {
  const { resource, namespace, verb, subresource } = facts;
  const isEvent = resource === "events" || resource === "events.events.k8s.io";
  const isIn = (space: string): boolean =>
    space === "" ? namespace === "" || resource === "namespaces" : namespace === space && resource !== "namespaces";
  switch (read.of) {
    case "object": {
      const isUnnamed =
        facts.name === "" &&
        (verb === "deletecollection" || (verb === "create" && (object.name === "" || (facts.code ?? 0) >= 400)));
      if (resource === read.resource && isIn(read.namespace)) return object.name === read.name || isUnnamed;
      if (isEvent)
        return (read.namespace === "" || isIn(read.namespace)) && subjects(event, object.name).has(read.name);
      const bound = objectOf(objectOf(objectOf(event["requestObject"])["spec"])["boundObjectRef"]);
      return subresource === "token" && isIn(read.namespace) && textOf(bound["name"]) === read.name;
    }
    case "anywhere":
      return object.name === read.name || (isEvent && subjects(event, object.name).has(read.name));
    case "uid":
      return object.uid === read.uid || facts.uid === read.uid;
    case "owned":
      return object.ownerUids.includes(read.uid);
    case "begun":
      return resource === read.resource && isIn(read.namespace) && object.name.startsWith(read.prefix);
    case "named":
      return isIn(read.namespace) && object.name === read.name;
    case "kind":
    case "some":
      return resource === read.resource && isIn(read.namespace);
    case "refused":
      return isIn(read.namespace) && verb === "create" && facts.name === "" && (facts.code ?? 0) >= 400;
    case "space":
      return isIn(read.namespace) && !isEvent && resource !== "" && !without.includes(resource);
    case "during":
      return (
        resource === read.resource &&
        facts.receivedUs >= read.fromUs &&
        facts.receivedUs <= read.toUs &&
        (read.users.length === 0 || read.users.includes(facts.user))
      );
  }
}

/** Names of what a Kubernetes Event may be about. */
function subjects(event: JsonObject, name: string): Set<string> {
  const bodies = [objectOf(event["requestObject"]), objectOf(event["responseObject"])];
  const told = bodies.flatMap((body) => [body["involvedObject"], body["regarding"]].map((of) => objectOf(of)["name"]));
  return new Set([...told.map(textOf), name.slice(0, Math.max(0, name.lastIndexOf(".")))]);
}
