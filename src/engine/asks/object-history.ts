import { parseJson } from "../../events/json.ts";
import { isDryRun } from "../../events/object-key.ts";
import type { RequestFacts } from "../../events/request.ts";
import { extractAuditID } from "../../index/facts.ts";
import type { TrailStep } from "../../lineage/contract.ts";
import { field, type JsonValue } from "../../lineage/json.ts";
import { fullBody, type StateRequest } from "../../lineage/state/history.ts";
import type { StoredEvent } from "../../store/store.ts";
import type { Desk } from "./desk.ts";

/** The writes on an object, read again with their bodies. */

/** Original events are read backwards in pages of this many until one has the whole object. */
const PAGE = 24;
/** An object that was patched this often since its last full body is not rebuilt from further back. */
const MOST_BEFORE = 240;
const WRITES = new Set(["create", "update", "patch", "delete", "deletecollection"]);
/** Subresources that leave their object as it was. */
const SESSIONS = new Set(["token", "exec", "attach", "portforward", "proxy", "log"]);

export function changesObject({ verb, subresource }: { readonly verb: string; readonly subresource: string }): boolean {
  return WRITES.has(verb) && !SESSIONS.has(subresource);
}

export interface ReadRequest {
  readonly seq: number;
  readonly auditID: string;
  readonly facts: RequestFacts;
  readonly request: StateRequest;
  readonly missing: string | null;
}

export async function read({ store }: Desk, id: number): Promise<ReadRequest | null> {
  const [facts = null] = await store.facts([id]);
  for await (const { event } of store.originals([id])) return facts === null ? null : readRequest(facts, event);
  return null;
}

function readRequest(facts: RequestFacts, original: StoredEvent): ReadRequest {
  const bytes = "bytes" in original ? original.bytes : null;
  const missing = "bytes" in original ? null : original.missing;
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

/** Requests at the same time are ordered by when they were answered: that is nearest to when they were stored. */
export function storedAt(step: TrailStep): number {
  return Date.parse(step.t) + (step.latencyMs ?? 0);
}

export async function readBefore(desk: Desk, seqs: readonly number[], signal: AbortSignal): Promise<StateRequest[]> {
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
  return (request.verb === "create" && request.subresource === "") || fullBody(request) !== null;
}

export async function readAll({ store }: Desk, seqs: readonly number[], signal: AbortSignal): Promise<StateRequest[]> {
  const facts = await store.facts(seqs);
  const requests: (StateRequest | null)[] = seqs.map(() => null);
  for await (const { at, event } of store.originals(seqs, signal)) {
    const known = facts[at] ?? null;
    if (known !== null) requests[at] = readRequest(known, event).request;
  }
  return requests.filter((request) => request !== null);
}
