import { list, number, text, type JsonObject, type JsonValue } from "../json.ts";
import { applyPatch, patchKindOf, type PatchKind } from "./apply-patch.ts";
import { differenceOf, withoutManagedFields, type StateChange } from "./difference.ts";
import { mergePatch } from "./merge-patch.ts";
import { draftOf, isObject, sameJson } from "./json-tree.ts";

/** One request on an object, with its bodies. */
export interface StateRequest {
  readonly verb: string;
  readonly resource: string;
  readonly subresource: string;
  readonly code: number | null;
  readonly uri: string;
  readonly dryRun: boolean;
  readonly bodiesTruncated: boolean;
  readonly requestBody: JsonValue;
  readonly responseBody: JsonValue;
  /** µs since the epoch. */
  readonly receivedUs: number;
}

export interface StateDiff {
  /** Object before and after the request; null when it was not there, or is not known. */
  readonly before: JsonObject | null;
  readonly after: JsonObject | null;
  readonly outcome: "created" | "changed" | "deleted" | "unchanged" | "unknown";
  readonly changes: readonly StateChange[];
  /** Worked out from a patch or an incomplete body instead of read. */
  readonly guessed: boolean;
  /** Whether the next full body agrees with a guess; null when there is none, or nothing was guessed. */
  readonly verified: boolean | null;
  readonly patch: PatchKind | null;
  /** What the log lacks, as sentences. */
  readonly missing: readonly string[];
}

export interface State {
  readonly object: JsonObject | null;
  readonly known: boolean;
  readonly guessed: boolean;
}

export const UNKNOWN: State = { object: null, known: false, guessed: false };
const ABSENT: State = { object: null, known: true, guessed: false };

/**
 * What the request at `index` changed. `requests` are those on one life of one object in time order, from any request
 * that has the full object (or the create) up to a few after the one asked for; earlier ones are not needed.
 */
export function diffOf(
  requests: readonly StateRequest[],
  index: number,
  options: { readonly managedFields?: boolean } = {},
): StateDiff {
  const request = requests[index];
  if (request === undefined) return nothing("unknown", [], ["there is no such request"]);
  const before = requests.slice(0, index).reduce((state, earlier) => stateAfter(state, earlier), UNKNOWN);
  const refused = request.code === null || request.code >= 400;
  if (refused) {
    const answer = request.code === null ? "no answer in the log" : `answered ${String(request.code)}`;
    return {
      ...nothing("unchanged", [], [`${answer}: it changed nothing`]),
      before: before.object,
      after: before.object,
    };
  }
  const after = stateAfter(before, request, true);
  const patch = request.verb === "patch" && request.requestBody !== null ? kindOf(request) : null;
  const missing = missingOf(request, before, after);
  const shown = (state: State): JsonObject | null =>
    state.object === null || options.managedFields === true
      ? state.object
      : (withoutManagedFields(state.object) as JsonObject);
  const [from, to] = [shown(before), shown(after)];
  const changes = from !== null && to !== null ? differenceOf(from, to) : [];
  return {
    before: from,
    after: to,
    outcome: outcomeOf(request, before, after),
    changes,
    guessed: before.guessed || after.guessed,
    verified: after.guessed ? verify(after, requests.slice(index + 1)) : null,
    patch,
    missing: request.dryRun ? ["a dry run: shown is what it would have changed", ...missing] : missing,
  };
}

function nothing(
  outcome: StateDiff["outcome"],
  changes: readonly StateChange[],
  missing: readonly string[],
): StateDiff {
  return { before: null, after: null, outcome, changes, guessed: false, verified: null, patch: null, missing };
}

function kindOf(request: StateRequest): PatchKind {
  return patchKindOf(request.requestBody, request.resource, request.uri);
}

/** State after one more request; `asIf` counts a dry run too. */
export function stateAfter(before: State, request: StateRequest, asIf = false): State {
  if (request.code === null || request.code >= 400 || (request.dryRun && !asIf)) return before;
  if (request.verb === "deletecollection") return before;
  const full = fullBody(request);
  if (request.verb === "delete") return full === null ? ABSENT : leftAfterDelete(full);
  if (full !== null) return { object: full, known: true, guessed: false };
  if (request.verb === "create" && request.subresource === "") {
    return isObject(request.requestBody) ? { object: request.requestBody, known: true, guessed: true } : UNKNOWN;
  }
  if (!["create", "update", "patch"].includes(request.verb)) return before;
  if (request.bodiesTruncated) return UNKNOWN;
  return guessed(before, request);
}

/** The whole object in the answer; a Scale, a Status, a token or a PartialObjectMetadata is none. */
export function fullBody(request: StateRequest): JsonObject | null {
  const body = request.responseBody;
  // A collection's answer lists what was in it.
  if (request.verb === "deletecollection" || !isObject(body) || PARTIAL.has(text(body, "kind"))) return null;
  if (!["", "status", "ephemeralcontainers", "resize", "finalize", "approval"].includes(request.subresource))
    return null;
  return isObject(body["metadata"]) ? body : null;
}

const PARTIAL = new Set(["Status", "PartialObjectMetadata"]);

/** A delete answers with the object when it stays for a while. */
function leftAfterDelete(body: JsonObject): State {
  const stays =
    text(body, "metadata", "deletionTimestamp") !== "" && number(body, "metadata", "deletionGracePeriodSeconds") !== 0;
  const finalizers = isObject(body["metadata"]) ? body["metadata"]["finalizers"] : undefined;
  return stays || finalizers !== undefined ? { object: body, known: true, guessed: false } : ABSENT;
}

function guessed(before: State, request: StateRequest): State {
  const { requestBody, subresource, verb } = request;
  if (verb === "update" && subresource === "" && isObject(requestBody)) {
    return { object: requestBody, known: true, guessed: true };
  }
  if (before.object === null) return UNKNOWN;
  if (subresource === "eviction" || subresource === "token") return before;
  if (subresource === "binding") {
    const object = bound(before.object, text(requestBody, "target", "name"), request.receivedUs);
    return object === null ? UNKNOWN : { object, known: true, guessed: true };
  }
  const patch = patchOf(request);
  if (patch === null) return UNKNOWN;
  const object = applyPatch(before.object, patch, verb === "patch" ? kindOf(request) : "merge");
  return isObject(object ?? undefined) ? { object: object as JsonObject, known: true, guessed: true } : UNKNOWN;
}

/** A binding sets the node and says that the pod is scheduled. */
function bound(pod: JsonObject, nodeName: string, atUs: number): JsonObject | null {
  if (nodeName === "") return null;
  const scheduled = {
    type: "PodScheduled",
    status: "True",
    lastProbeTime: null,
    lastTransitionTime: `${new Date(atUs / 1_000).toISOString().slice(0, 19)}Z`,
  };
  const others = list(pod, "status", "conditions").filter((entry) => text(entry, "type") !== "PodScheduled");
  const status = mergePatch(pod["status"], { conditions: [...others, scheduled] });
  return mergePatch(pod, { spec: { nodeName }, status }) as JsonObject;
}

/** What a request asks to change, as a patch of the object; null when its body is not in the log. */
function patchOf(request: StateRequest): JsonValue {
  const { requestBody, responseBody, subresource, verb } = request;
  if (subresource === "scale") {
    const replicas = number(responseBody, "spec", "replicas") ?? number(requestBody, "spec", "replicas");
    return replicas === undefined ? null : { spec: { replicas } };
  }
  if (subresource === "status" && verb === "update" && isObject(requestBody)) {
    return { status: requestBody["status"] ?? null };
  }
  return verb === "patch" ? requestBody : null;
}

function outcomeOf(request: StateRequest, before: State, after: State): StateDiff["outcome"] {
  if (request.verb === "create" && request.subresource === "" && after.known) return "created";
  if (after.known && after.object === null) return "deleted";
  if (before.object === null || after.object === null) return "unknown";
  const [from, to] = [before.object, after.object];
  const version = text(to, "metadata", "resourceVersion");
  const sameVersion = version !== "" && version === text(from, "metadata", "resourceVersion") && !after.guessed;
  return sameVersion || sameJson(essence(from), essence(to)) ? "unchanged" : "changed";
}

/** Without what every write changes by itself. */
function essence(state: JsonObject): JsonValue {
  const trimmed = withoutManagedFields(state);
  if (!isObject(trimmed)) return trimmed;
  const copy = draftOf(trimmed);
  const metadata = copy["metadata"];
  if (isObject(metadata)) {
    const inner = draftOf(metadata);
    delete inner["resourceVersion"];
    delete inner["generation"];
    copy["metadata"] = inner;
  }
  return copy;
}

/** Carries a guess on to the next full body and compares: what the server fills in by itself is left out. */
function verify(after: State, following: readonly StateRequest[]): boolean | null {
  let state = after;
  for (const request of following) {
    if (request.code === null || request.code >= 400 || request.dryRun) continue;
    const full = fullBody(request);
    if (full === null || request.verb === "delete") {
      if (request.verb === "delete") return null;
      state = stateAfter(state, request);
      if (state.object === null) return null;
      continue;
    }
    const patch = patchOf(request);
    if (state.object === null || patch === null) return null;
    const expected = applyPatch(state.object, patch, request.verb === "patch" ? kindOf(request) : "merge");
    if (!isObject(expected ?? undefined)) return false;
    return covers(essence(full), essence(expected as JsonObject), 0);
  }
  return null;
}

/** Whether `full` has all that `part` says: defaults may have been added. */
function covers(full: JsonValue | undefined, part: JsonValue | undefined, depth: number): boolean {
  if (depth > 100) return false;
  if (isObject(part)) {
    return (
      isObject(full) && Object.keys(part).every((key) => key === "status" || covers(full[key], part[key], depth + 1))
    );
  }
  if (Array.isArray(part)) {
    const list = part as readonly JsonValue[];
    return (
      Array.isArray(full) &&
      full.length === list.length &&
      list.every((entry, at) => covers((full as readonly JsonValue[])[at], entry, depth + 1))
    );
  }
  return sameJson(full, part);
}

function missingOf(request: StateRequest, before: State, after: State): string[] {
  const missing: string[] = [];
  if (request.bodiesTruncated) missing.push("the API server dropped the bodies of this request (truncated)");
  else if (!after.known && request.requestBody === null && request.responseBody === null) {
    missing.push(`no bodies in the log: needs RequestResponse level for ${request.resource}`);
  } else if (!after.known) missing.push("what it led to cannot be worked out from the bodies in the log");
  const created = request.verb === "create" && request.subresource === "";
  if (!before.known && !created) missing.push("the state before it is not in the log: nothing to compare with");
  return missing;
}
