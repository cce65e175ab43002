import { parseJson } from "../../events/json.ts";
import { extractAuditID, factsOf } from "../../index/facts.ts";
import type { RequestFacts } from "../../events/request.ts";
import type { TrailStep } from "../../lineage/contract.ts";
import { isDryRun } from "../../events/object-key.ts";
import { field, text, type JsonValue } from "../../lineage/json.ts";
import type { Lineage } from "../../lineage/lineage.ts";
import { diffOf, type StateDiff, type StateRequest } from "../../lineage/state/history.ts";
import type { Asks, ObjectState } from "../contract.ts";
import type { RowPlace } from "../raw-events.ts";
import type { Desk } from "./desk.ts";

/** Original events are read backwards in pages of this many until one has the whole object. */
const PAGE = 24;
/** An object that was patched this often since its last full body is not rebuilt from further back. */
const MOST_BEFORE = 240;
/** Later requests looked at to verify a guess. */
const AFTER = 6;

const WRITES = new Set(["create", "update", "patch", "delete", "deletecollection"]);
/** Subresources that leave their object as it was. */
const SESSIONS = new Set(["token", "exec", "attach", "portforward", "proxy", "log"]);

function changesObject({ verb, subresource }: { readonly verb: string; readonly subresource: string }): boolean {
  return WRITES.has(verb) && !SESSIONS.has(subresource);
}

/** What one request changed in its object, from the requests on the same life of it; null when the row is not kept. */
export async function answerState(
  desk: Desk,
  { seq, managedFields = false }: Asks["state"]["ask"],
  signal: AbortSignal,
): Promise<Asks["state"]["answer"]> {
  const place = desk.ring.locate(seq);
  if (place === null) return null;
  const own = await read(desk, place);
  const { facts } = own;
  const subject = {
    seq,
    auditID: own.auditID,
    verb: facts.verb,
    resource: facts.resource,
    subresource: facts.subresource,
    namespace: facts.namespace,
    name: facts.name === "" ? text(own.request.responseBody, "metadata", "name") : facts.name,
    user: facts.user,
    actorClass: facts.actorClass,
    code: facts.code,
    receivedUs: facts.receivedUs,
  };
  const answer = (diff: StateDiff): ObjectState => ({
    ...subject,
    ...diff,
    missing: own.missing === null ? diff.missing : [`the original event cannot be read: ${own.missing}`],
  });
  if (!changesObject(facts) || facts.resource === "") {
    const diff = diffOf([{ ...own.request, code: null }], 0);
    return { ...answer({ ...diff, missing: [] }), outcome: "read" };
  }
  const { before, after } = neighbours(await desk.lineage.current(own.facts.namespace || undefined, signal), own);
  const history = await readBefore(desk, before, signal);
  const following = await readAll(desk, after.slice(0, AFTER), signal);
  return answer(diffOf([...history, own.request, ...following], history.length, { managedFields }));
}

interface ReadRequest {
  readonly seq: number;
  readonly auditID: string;
  readonly facts: RequestFacts;
  readonly request: StateRequest;
  readonly missing: string | null;
}

async function read(desk: Desk, place: RowPlace): Promise<ReadRequest> {
  const event = await desk.events.read(place);
  return "bytes" in event ? readRequest(desk, place, event.bytes, null) : readRequest(desk, place, null, event.missing);
}

function readRequest(desk: Desk, place: RowPlace, bytes: Uint8Array | null, missing: string | null): ReadRequest {
  const facts = factsOf(desk.ring, place.block, place.row);
  const event = bytes === null ? null : parsed(bytes);
  const request: StateRequest = {
    verb: facts.verb,
    resource: facts.resource,
    subresource: facts.subresource,
    code: facts.code,
    uri: facts.uri,
    dryRun: isDryRun(facts.uri),
    bodiesTruncated: facts.bodiesTruncated,
    requestBody: field(event, "requestObject") ?? null,
    responseBody: field(event, "responseObject") ?? null,
    receivedUs: facts.receivedUs,
  };
  const auditID = bytes === null ? "" : extractAuditID(bytes, 0, bytes.length);
  return { seq: facts.seq, auditID, facts, request, missing };
}

function parsed(bytes: Uint8Array): JsonValue {
  try {
    return parseJson(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8")) as JsonValue;
  } catch {
    return null;
  }
}

/** Rows of the writes on the same life of the object, around the one asked for, each in time order. */
function neighbours(lineage: Lineage, own: ReadRequest): { before: number[]; after: number[] } {
  for (const steps of livesOf(lineage, own)) {
    const at = steps.findIndex((step) => step.seq === own.seq);
    if (at < 0) continue;
    const rows = (some: readonly TrailStep[]): number[] =>
      some.flatMap((step) => (step.seq === null || step.sort === "event" || !changesObject(step) ? [] : [step.seq]));
    return { before: rows(steps.slice(0, at)), after: rows(steps.slice(at + 1)) };
  }
  return { before: [], after: [] };
}

/** The object's own steps, life by life; the one with the uid of the answer first. */
function* livesOf(lineage: Lineage, { facts, request }: ReadRequest): Generator<readonly TrailStep[]> {
  const uid = text(request.responseBody, "metadata", "uid") || facts.uid;
  const name = facts.name === "" ? text(request.responseBody, "metadata", "name") : facts.name;
  const named = `${facts.resource}/${name}`;
  const first = (uid === "" ? null : lineage.trail(uid)) ?? lineage.trail(named, facts.namespace);
  const ownSteps = (trail: NonNullable<typeof first>): readonly TrailStep[] => {
    const ids = new Set(
      trail.nodes.filter((node) => node.name === name && node.resource === facts.resource).map((node) => node.id),
    );
    return trail.steps
      .filter((step) => ids.has(step.object))
      .toSorted((left, right) => storedAt(left) - storedAt(right));
  };
  if (first === null) return;
  yield ownSteps(first);
  for (const life of first.otherLives) {
    const trail = lineage.trail(life.id);
    if (trail !== null) yield ownSteps(trail);
  }
}

/** Requests at the same time are ordered by when they were answered: that is nearest to when they were stored. */
function storedAt(step: TrailStep): number {
  return Date.parse(step.t) + (step.latencyMs ?? 0);
}

async function readBefore(desk: Desk, seqs: readonly number[], signal: AbortSignal): Promise<StateRequest[]> {
  const history: StateRequest[] = [];
  for (let end = seqs.length; end > 0 && history.length < MOST_BEFORE; end -= PAGE) {
    const page = await readAll(desk, seqs.slice(Math.max(0, end - PAGE), end), signal);
    const from = page.findLastIndex((request) => isStart(request));
    history.unshift(...page.slice(Math.max(0, from)));
    if (from >= 0) break;
  }
  return history;
}

/** A request after which the whole object is known. */
function isStart(request: StateRequest): boolean {
  if (request.code === null || request.code >= 400 || request.dryRun) return false;
  if (request.verb === "create" && request.subresource === "") return true;
  const whole = request.subresource === "" || request.subresource === "status";
  return (
    whole && text(request.responseBody, "metadata", "uid") !== "" && text(request.responseBody, "kind") !== "Status"
  );
}

async function readAll(desk: Desk, seqs: readonly number[], signal: AbortSignal): Promise<StateRequest[]> {
  const places = seqs.map((seq) => desk.ring.locate(seq)).filter((place) => place !== null);
  const requests: (StateRequest | null)[] = places.map(() => null);
  for await (const { index, event } of desk.events.readMany(places, signal)) {
    const place = places[index];
    if (place === undefined) continue;
    requests[index] = readRequest(desk, place, "bytes" in event ? event.bytes : null, null).request;
  }
  return requests.filter((request) => request !== null);
}
