/** Writes that undo each other, or change nothing. */
import { asObject, field, type JsonValue, text } from "../../lineage/json.ts";
import { duration } from "../../models/numbers.ts";
import { termsForKey } from "../../queries/filter-term.ts";
import type { RequestFacts } from "../../events/request.ts";
import type { AggregateDetector, Draft, FindingStore, Sample, Sighting } from "../contract.ts";
import { NOT_MACHINERY } from "../actors.ts";
import { anyOf } from "../filter-text.ts";
import { draftsOf, repeated } from "../repeated.ts";
import { joined } from "../terms.ts";
import { list, personText, within } from "../words.ts";

/** Leases and Events are written all the time; a status has its own writer. */
const WRITES =
  'verb:update,patch code:<400 sub:"" -resource:"" -resource:leases.coordination.k8s.io -resource:events,events.events.k8s.io';
const LEAST_OF_EACH = 5;
const LEAST_TURNS = 10;
/** Of all writes, the turns: whoever writes for itself meets the other now and then. */
const LEAST_SHARE = 0.6;
const TURN_US = 60e6;
/** Objects looked at, those written most first. */
const MOST_OBJECTS = 50;
const MOST_WRITES = 2_000;
const MOST_READ = 40;
/** Times that one field goes back to what the other had written. */
const LEAST_BACK = 4;
const MOST_FIELDS = 500;
const MOST_PATHS = 5_000;
const DEEPEST = 12;

function writes(user: string, at: number, replicas?: number): Sample {
  return [
    {
      at,
      user,
      verb: "update",
      resource: "deployments.apps",
      namespace: "shop",
      name: "web",
      ...(replicas === undefined
        ? {}
        : { response: { metadata: { resourceVersion: String(at) }, spec: { replicas } } }),
    },
  ];
}

function turns(times: number, every: number, values: readonly (number | undefined)[]): Sample {
  return Array.from({ length: times }, (_, turn) =>
    writes(`system:serviceaccount:ops:controller-${turn % 2}`, turn * every, values[turn % 2]),
  ).flat();
}

export const writeFight: AggregateDetector = {
  kind: "aggregate",
  id: "write-fight",
  about: "two actors write the same object by turns, each undoing what the other wrote",
  severity: "high",
  needs: ["metadata", "request bodies"],
  advice: "Let one of them own the field: take it from the other's manifest, or let it ignore the difference.",
  references: ["Kubernetes: server-side apply, conflicts", "Argo CD: ignoreDifferences"],
  hits: [turns(24, 5, [2, 5]), turns(30, 10, [undefined, undefined])],
  misses: [turns(24, 5, [2, 2]), turns(24, 90, [undefined, undefined])],
  async detect(store) {
    const byObject = new Map<string, string[]>();
    for (const { key, requests } of await store.groups(WRITES, ["object", "user"])) {
      if (requests < LEAST_OF_EACH) break;
      const { object = "", user = "" } = key;
      if (object !== "") byObject.set(object, [...(byObject.get(object) ?? []), user]);
    }
    const several = [...byObject].filter(([, who]) => who.length > 1).slice(0, MOST_OBJECTS);
    return draftsOf(several, ([object, users]) => fightOver(store, object, users));
  },
};

async function fightOver(store: FindingStore, object: string, users: readonly string[]): Promise<Draft | null> {
  const terms = joined(WRITES, ...termsForKey({ object }), anyOf("user", users));
  const all = await store.requestsOf(terms, MOST_WRITES);
  if (all === null || turnsOf(all) < Math.max(LEAST_TURNS, all.length * LEAST_SHARE)) return null;
  const undone = undoneIn(await store.sightings(terms, MOST_READ));
  if (undone !== null && undone.path === "") return null;
  const who = list(users.map(personText));
  const turnsTaken = turnsOf(all);
  const [first, last] = [all[0]?.receivedUs ?? 0, all.at(-1)?.receivedUs ?? 0];
  return {
    severity: undone === null ? "medium" : "high",
    title:
      undone === null
        ? `${who} write ${object} by turns: ${turnsTaken} within ${duration((last - first) / 1e3)}`
        : `${who} fight over ${undone.path} of ${object}: ${list(undone.values, 3)}, by turns`,
    detail:
      undone === null
        ? `${who} wrote ${object} ${all.length} times, ${turnsTaken} times right after the other; what each wrote is not in the log`
        : `${who} wrote ${object} ${all.length} times, ${turnsTaken} times right after the other; of the last ${MOST_READ} writes ${undone.back} put ${undone.path} back to what it was before the other's`,
    ...(undone === null ? { why: "whether they undo each other is not told at level Metadata" } : {}),
    subject: { object, ...(all[0] === undefined ? {} : { namespace: all[0].namespace, resource: all[0].resource }) },
    evidence: { terms },
  };
}

/** How often the next write within a minute is somebody else's. */
function turnsOf(all: readonly RequestFacts[]): number {
  return all.filter((facts, at) => {
    const before = all[at - 1];
    return before !== undefined && before.user !== facts.user && facts.receivedUs - before.receivedUs <= TURN_US;
  }).length;
}

interface Undone {
  /** "" where none is put back. */
  readonly path: string;
  readonly values: readonly string[];
  readonly back: number;
}

/** The field that most often goes back to what it was before the other's write; null where bodies do not tell. */
function undoneIn(sightings: readonly Sighting[]): Undone | null {
  const writes = sightings.flatMap(({ facts, request, response }) => {
    const body = asObject(response) ?? request;
    return typeof body === "object" && body !== null ? [{ user: facts.user, fields: fieldsOf(body) }] : [];
  });
  if (writes.length < LEAST_BACK + 2) return null;
  /** Of each field who wrote it last, and the time before. */
  const known = new Map<string, readonly { readonly user: string; readonly value: string }[]>();
  const back = new Map<string, { count: number; values: Set<string> }>();
  for (const { user, fields } of writes) {
    for (const [path, value] of fields) {
      const [once, before] = known.get(path) ?? [];
      if (before !== undefined && once !== undefined && before.user !== user) {
        if (value === once.value && value !== before.value) {
          const own = back.get(path) ?? { count: 0, values: new Set() };
          back.set(path, { count: own.count + 1, values: own.values.add(before.value).add(value) });
        }
      }
      if (known.size < MOST_PATHS || known.has(path)) known.set(path, [before ?? { user, value: "" }, { user, value }]);
    }
  }
  const [worst] = [...back].sort((a, b) => b[1].count - a[1].count);
  return worst === undefined || worst[1].count < LEAST_BACK
    ? { path: "", values: [], back: 0 }
    : { path: worst[0], values: [...worst[1].values].slice(0, 3), back: worst[1].count };
}

const NOT_WRITTEN: ReadonlySet<string> = new Set(["status", "managedFields", "resourceVersion", "generation"]);

/** Leaves of what somebody writes, whole or as a patch, by their paths: the first ones. */
function fieldsOf(body: JsonValue): Map<string, string> {
  const found = new Map<string, string>();
  const walk = (value: JsonValue, path: string, depth: number): void => {
    if (found.size >= MOST_FIELDS || depth > DEEPEST) return;
    if (typeof value !== "object" || value === null) {
      found.set(path, String(value).slice(0, 60));
      return;
    }
    for (const [key, inner] of Object.entries(value))
      if (!NOT_WRITTEN.has(key)) walk(inner, path === "" ? key : `${path}.${key}`, depth + 1);
  };
  if (!Array.isArray(body)) walk(body, "", 0);
  else
    for (const operation of body)
      walk(field(operation, "value") ?? null, text(operation, "path").slice(1).replaceAll("/", "."), 0);
  return found;
}

const LEAST_NOOPS = 20;
const LEAST_ALIKE = 0.9;
/** Whoever writes more seldom does no harm. */
const SLOWEST_S = 60;

function same(times: number, every: number, version: (time: number) => string): Sample {
  return Array.from({ length: times }, (_, time) => ({
    at: time * every,
    user: "system:serviceaccount:ops:operator",
    verb: "update",
    resource: "configmaps",
    namespace: "shop",
    name: "state",
    response: { metadata: { resourceVersion: version(time) } },
  }));
}

export const writeNoop = repeated({
  id: "write-noop",
  about: "a client writes an object again and again and changes nothing",
  severity: "low",
  needs: ["response bodies"],
  advice: "Compare before writing: each such write goes through admission, and reads from etcd.",
  references: ["Kubernetes API conventions: resourceVersion"],
  terms: `${WRITES} level:RequestResponse ${NOT_MACHINERY}`,
  by: ["user", "object"],
  least: LEAST_NOOPS,
  hits: [same(40, 5, () => "7"), same(25, 1, (time) => (time === 0 ? "6" : "7"))],
  misses: [same(40, 5, (time) => String(time)), same(12, 5, () => "7")],
  async tell({ key, row, own, store, seconds }) {
    if (row.requests < seconds / SLOWEST_S) return null;
    const versions = (await store.sightings(own, LEAST_NOOPS + 1)).map(({ response }) =>
      text(field(response, "metadata"), "resourceVersion"),
    );
    const alike = versions.filter((version, at) => version !== "" && version === versions[at - 1]).length;
    if (alike < (versions.length - 1) * LEAST_ALIKE || alike < LEAST_NOOPS - 2) return null;
    const { user = "", object = "" } = key;
    return {
      title: `${personText(user)} writes ${object} and changes nothing: ${row.requests} times`,
      detail: `${personText(user)} wrote ${object} ${row.requests} times ${within(row.firstSeen, row.lastSeen)}; of the last ${versions.length} writes ${alike} left it at the version it had`,
    };
  },
});
