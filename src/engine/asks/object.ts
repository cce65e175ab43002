import type { ObjectAt, ObjectChange, TrailNode, TrailResult, TrailStep } from "../../lineage/contract.ts";
import { asObject, list, text, type JsonObject } from "../../lineage/json.ts";
import type { StateRequest } from "../../lineage/state/history.ts";
import { differenceOf } from "../../lineage/state/difference.ts";
import { lastKnown } from "../../lineage/state/object-state.ts";
import type { Asks } from "../contract.ts";
import type { Teller } from "../lineage-source.ts";
import type { Desk } from "./desk.ts";
import { changesObject, readBefore, storedAt } from "./object-history.ts";

/** An object at any time, from the bodies of the requests on the life it had then. */
export async function answerObject(
  desk: Desk,
  ask: Asks["object"]["ask"],
  signal: AbortSignal,
): Promise<Asks["object"]["answer"]> {
  const { object, namespace, sinceUs } = ask;
  const teller = await desk.lineage.about(object, namespace || undefined, signal);
  const now = await objectAt(desk, teller, ask, signal);
  if (now === null || sinceUs === undefined) return now;
  const then = await objectAt(desk, teller, { object, ...(namespace ? { namespace } : {}), atUs: sinceUs }, signal);
  const state = then?.state ?? null;
  const shownUs = (ask.afterSeq === undefined ? ask.atUs : now.changes.last?.atUs) ?? Infinity;
  const isLater = sinceUs > shownUs;
  const [before, after] = isLater ? [now.state, state] : [state, now.state];
  return { ...now, since: { at: then?.at ?? null, state, isLater, changes: differenceOf(before ?? {}, after ?? {}) } };
}

async function objectAt(
  desk: Desk,
  lives: Teller,
  { object, namespace, atUs: askedUs, afterSeq }: Asks["object"]["ask"],
  signal: AbortSignal,
): Promise<ObjectAt | null> {
  const latest = await lives.trail(object, namespace);
  const life = latest === null ? null : await lifeAt(lives, latest, askedUs);
  if (life === null) return null;
  const { node, steps } = life;
  const stored = steps.filter((step) => (step.sort ?? "request") === "request" && changesObject(step));
  const asked = afterSeq === undefined ? undefined : stored.find(({ seq }) => seq === afterSeq);
  const atUs = asked === undefined ? askedUs : storedAt(asked) * 1_000;
  const isBy = (step: TrailStep): boolean => atUs === undefined || storedAt(step) * 1_000 <= atUs;
  const number = stored.filter(isBy).length;
  const changes = {
    number,
    of: stored.length,
    last: changeOf(stored[number - 1]),
    previous: changeOf(stored[number - 2]),
    next: changeOf(stored[number]),
  };
  const writes = stored.slice(0, number).filter(({ seq }) => seq !== null);
  const read = await readBefore(
    desk,
    writes.map(({ seq }) => seq ?? -1),
    signal,
  );
  const requests = read.map((request) => outOfCollection(request, node));
  const known = lastKnown(requests);
  const teller = known.from < 0 ? undefined : writes[writes.length - requests.length + known.from];
  const isThere = writes.length > 0 || (node.created !== null && (atUs === undefined || toUs(node.created) <= atUs));
  // Without a time it is shown as it was last, so that it can be had back.
  const isGone = atUs !== undefined && (known.isGone || (typeof node.gone === "string" && toUs(node.gone) <= atUs));
  const deleted = node.deleted !== null && (atUs === undefined || toUs(node.deleted) <= atUs) ? node.deleted : null;
  const about = {
    object: `${node.kind} ${node.namespace === "" ? "" : `${node.namespace}/`}${node.name}`,
    resource: node.resource ?? "",
    namespace: node.namespace,
    name: node.name,
    at: atUs === undefined ? null : new Date(atUs / 1_000).toISOString(),
    deleted,
    changes,
  };
  if (!isThere || isGone) return { ...about, known: "whole", unknown: [], state: null, from: null, goneOwners: [] };
  if (known.object === null) {
    return {
      ...about,
      known: "metadata",
      unknown: ["spec", "status"],
      state: namesOf(node),
      from: null,
      goneOwners: [],
    };
  }
  return {
    ...about,
    known: known.isGuessed || known.unknown.length > 0 ? "partial" : "whole",
    unknown: known.unknown,
    state: withKind(known.object, node),
    from: teller === undefined ? null : { auditID: teller.auditID, t: teller.t },
    goneOwners: await goneOwners(lives, known.object),
  };
}

/** Its own part of the answer to a request that deleted it with its collection. */
function outOfCollection(request: StateRequest, { uid, name, kind }: TrailNode): StateRequest {
  if (request.verb !== "deletecollection") return request;
  const { responseBody } = request;
  const item = list(responseBody, "items").find((one) =>
    uid === "" ? text(one, "metadata", "name") === name : text(one, "metadata", "uid") === uid,
  );
  const body = asObject(item);
  if (body === null) return request;
  // Items leave out what the list says for all of them.
  const apiVersion = text(responseBody, "apiVersion");
  return { ...request, verb: "delete", responseBody: { kind, apiVersion, ...body } };
}

function changeOf(step: TrailStep | undefined): ObjectChange | null {
  if (step === undefined) return null;
  const { t, what, actor, auditID, seq } = step;
  return { atUs: storedAt(step) * 1_000, t, what, by: actor, auditID, seq };
}

interface ToldLife {
  readonly node: TrailNode;
  /** Its own, in the order in which they were stored. */
  readonly steps: readonly TrailStep[];
}

/** The life at a time: the last that had begun by then; else the first. */
async function lifeAt(lives: Teller, latest: TrailResult, atUs: number | undefined): Promise<ToldLife | null> {
  const newest = toldLife(latest);
  if (newest === null || atUs === undefined || begunUs(newest) <= atUs) return newest;
  let first = newest;
  for (const { id } of latest.otherLives) {
    const trail = await lives.trail(id);
    const life = trail === null ? null : toldLife(trail);
    if (life === null) continue;
    if (begunUs(life) <= atUs) return life;
    if (begunUs(life) < begunUs(first)) first = life;
  }
  return first;
}

function toldLife(trail: TrailResult): ToldLife | null {
  const node = trail.nodes.find(({ id }) => id === trail.id);
  if (node === undefined) return null;
  const steps = trail.steps.filter((step) => step.object === node.id);
  return { node, steps: steps.toSorted((left, right) => storedAt(left) - storedAt(right)) };
}

function begunUs({ node, steps }: ToldLife): number {
  return Math.min(
    toUs(node.created) || Number.POSITIVE_INFINITY,
    ...steps.slice(0, 1).map((step) => storedAt(step) * 1_000),
  );
}

function toUs(time: string | null): number {
  return time === null ? Number.NaN : Date.parse(time) * 1_000;
}

/** All that is known without bodies. */
function namesOf({ kind, group, namespace, name, uid, created }: TrailNode): JsonObject {
  return {
    ...(group === "" ? { apiVersion: "v1" } : {}),
    kind,
    metadata: {
      name,
      ...(namespace === "" ? {} : { namespace }),
      ...(uid === "" ? {} : { uid }),
      ...(created === null ? {} : { creationTimestamp: `${created.slice(0, 19)}Z` }),
    },
  };
}

/** Bodies from before the API server filled them in may lack it. */
function withKind(object: JsonObject, { kind }: TrailNode): JsonObject {
  return text(object, "kind") === "" ? { kind, ...object } : object;
}

async function goneOwners(lives: Teller, object: JsonObject): Promise<ObjectAt["goneOwners"]> {
  const gone: string[] = [];
  for (const owner of list(object, "metadata", "ownerReferences")) {
    const trail = await lives.trail(text(owner, "uid"));
    const node = trail?.nodes.find(({ id }) => id === trail.id);
    if (node !== undefined && (node.gone ?? node.deleted) !== null) gone.push(`${node.kind}/${node.name}`);
  }
  return gone;
}
