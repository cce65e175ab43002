import { parseJson } from "../events/json.ts";
import type { Bodies, LineageEvent, WholeBody } from "./event.ts";
import type { JsonObject, JsonValue } from "./json.ts";
import { isKubernetesEvent } from "./kubernetes-events.ts";
import { changesInWords } from "./state/change-words.ts";
import { differenceOf, type StateChange } from "./state/difference.ts";
import { isObject } from "./state/json-tree.ts";
import { succeeded, type Touch } from "./touch.ts";

/** Bodies kept to compare later ones with. */
const MAX_BYTES = 24 * 1024 * 1024;
/** What is longer is compared by the diff pane alone. */
const MAX_BODY = 256 * 1024;

/** Many and never changed by people, or told in words of their own. */
const PASSED_OVER = new Set([
  "pods",
  "replicasets.apps",
  "controllerrevisions.apps",
  "endpoints",
  "endpointslices.discovery.k8s.io",
]);

interface LastState {
  version: number;
  readonly body: WholeBody;
}

/** The last body of each object, to tell what the next change of it changed. Order of arrival counts: what comes late is not told. */
export class LastStates {
  /** The longest untouched first. */
  private readonly states = new Map<string, LastState>();
  private bytes = 0;

  /** What a request changed, in a few words; "" where the log does not tell. */
  changeOf(event: LineageEvent, touch: Touch, bodies: Bodies): string {
    if (!succeeded(touch) || event.level === "Metadata" || isKubernetesEvent(event.resource)) return "";
    if (PASSED_OVER.has(event.resource)) {
      const isMarked = event.resource === "pods" && touch.actor.actorClass === "human";
      return isMarked && event.verb === "patch" && event.subresource === "" ? asked(event, bodies) : "";
    }
    const key = `${event.resource}\0${event.namespace}\0${event.name}`;
    const before = this.states.get(key);
    if (event.verb === "delete" || event.verb === "deletecollection") {
      this.drop(key);
      return "";
    }
    if (before !== undefined && !(touch.version > before.version)) return "";
    if (event.subresource !== "") {
      if (before !== undefined) before.version = touch.version;
      return "";
    }
    const answer = event.level === "RequestResponse" ? bodies.wholeAnswer() : null;
    const isNext = before !== undefined && (event.verb === "patch" || touch.base === before.version);
    const told =
      event.verb === "create"
        ? ""
        : isNext && answer !== null
          ? compared(event, before.body, answer)
          : asked(event, bodies);
    this.keep(key, touch.version, answer);
    return told;
  }

  private keep(key: string, version: number, body: WholeBody | null): void {
    this.drop(key);
    if (body === null || Number.isNaN(version) || sizeOf(body) > MAX_BODY) return;
    this.states.set(key, { version, body: Buffer.isBuffer(body) ? Buffer.from(body) : body });
    this.bytes += sizeOf(body);
    for (const oldest of this.states.keys()) {
      if (this.bytes <= MAX_BYTES) break;
      this.drop(oldest);
    }
  }

  private drop(key: string): void {
    const state = this.states.get(key);
    if (state === undefined) return;
    this.bytes -= sizeOf(state.body);
    this.states.delete(key);
  }
}

/** Parsed ones take about as much. */
const PARSED_BYTES = 8 * 1024;

function sizeOf(body: WholeBody): number {
  return Buffer.isBuffer(body) ? body.length : PARSED_BYTES;
}

function parsed(body: WholeBody): JsonValue {
  return Buffer.isBuffer(body) ? (parseJson(body.toString("utf8")) as JsonValue) : body;
}

function compared({ resource }: LineageEvent, before: WholeBody, after: WholeBody): string {
  try {
    return changesInWords(differenceOf(trimmed(parsed(before)), trimmed(parsed(after))), resource);
  } catch {
    return "";
  }
}

function trimmed(state: JsonValue): JsonValue {
  if (!isObject(state)) return state;
  const { status: _status, ...rest } = state;
  return rest;
}

/** By the patch alone: what it sets, whatever was there before. */
function asked({ resource, verb }: LineageEvent, bodies: Bodies): string {
  const patch = verb === "patch" ? bodies.requestBody() : null;
  if (!isObject(patch)) return "";
  const changes: StateChange[] = [];
  leaves("", patch, changes, 0);
  return changesInWords(changes, resource);
}

const MAX_LEAVES = 64;

function leaves(path: string, value: JsonObject, changes: StateChange[], depth: number): void {
  for (const [key, inner] of Object.entries(value)) {
    if (changes.length >= MAX_LEAVES || depth > 8) return;
    if (key.startsWith("$")) continue;
    const own = `${path}${path === "" ? "" : "."}${/^[\w-]+$/.test(key) ? key : `"${key}"`}`;
    if (isObject(inner)) leaves(own, inner, changes, depth + 1);
    else if (inner === null) changes.push({ path: own, kind: "removed", before: null, after: undefined });
    else if (Array.isArray(inner)) changes.push({ path: own, kind: "changed", before: inner, after: inner });
    else changes.push({ path: own, kind: "added", before: undefined, after: inner });
  }
}
