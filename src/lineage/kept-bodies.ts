import { parseJson } from "../events/json.ts";
import { DEPLOYERS } from "./deployers.ts";
import type { Bodies, LineageEvent, WholeBody } from "./event.ts";
import type { JsonObject, JsonValue } from "./json.ts";
import { isKubernetesEvent } from "../events/kubernetes-event.ts";
import { changesInWords } from "./state/change-words.ts";
import { differenceOf, type StateChange } from "./state/difference.ts";
import { isObject } from "./state/json-tree.ts";
import { succeeded, type Facts, type Touch } from "./touch.ts";

/** Bodies kept to compare others with; the oldest go first. */
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

/** Whether the answer of such a request is kept whole, managedFields too, where it has one. */
export function mayKeepBody({
  resource,
  subresource,
  verb,
}: Pick<LineageEvent, "resource" | "subresource" | "verb">): boolean {
  if (subresource !== "" || PASSED_OVER.has(resource) || isKubernetesEvent(resource)) return false;
  return verb === "create" || verb === "update" || verb === "patch";
}

/** Bodies of writes, kept within bounds, so that what a change changed can be told whatever the order of arrival. */
export class KeptBodies {
  private readonly holders: Facts[] = [];
  private first = 0;
  private bytes = 0;

  take(event: LineageEvent, touch: Touch, bodies: Bodies): void {
    const { facts } = touch;
    if (facts === null || !succeeded(touch) || event.level === "Metadata" || event.subresource !== "") return;
    if (isKubernetesEvent(event.resource) || !["create", "update", "patch"].includes(event.verb)) return;
    const isPassedOver = PASSED_OVER.has(event.resource);
    if (event.verb === "patch" && (!isPassedOver || touch.actor.actorClass === "human")) {
      const words = asked(event.resource, bodies.requestBody());
      if (words !== "") facts.asked = words;
    }
    // Tools that deploy write a long status again and again.
    const isToolOwn = DEPLOYERS.has(event.resource) && touch.actor.actorClass !== "human";
    const body = !mayKeepBody(event) || isToolOwn || event.level !== "RequestResponse" ? null : bodies.wholeAnswer();
    if (body === null || sizeOf(body) > MAX_BODY) return;
    facts.body = Buffer.isBuffer(body) ? Buffer.from(body) : body;
    this.holders.push(facts);
    this.bytes += sizeOf(body);
    while (this.bytes > MAX_BYTES) this.dropOldest();
  }

  private dropOldest(): void {
    const facts = this.holders[this.first];
    if (facts?.body !== undefined) this.bytes -= sizeOf(facts.body);
    delete facts?.body;
    this.first += 1;
    if (this.first < 4_096) return;
    this.holders.splice(0, this.first);
    this.first = 0;
  }
}

/** What is known of an object before a change of it. */
export interface BodyBefore {
  readonly body: WholeBody | null;
  readonly version: number;
  /** Statuses were written since, which raise the version and may not tell it. */
  readonly isOlder: boolean;
}

/** Notes on a request what it changed against the one before, and gives what the next is compared with. */
export function tellChange(touch: Touch, before: BodyBefore | null, resource: string): BodyBefore | null {
  const { facts, verb, subresource, version } = touch;
  if (!succeeded(touch) || touch.event !== null) return before;
  if (verb === "delete" || verb === "deletecollection") return null;
  if (subresource !== "") return before === null ? null : { ...before, isOlder: true };
  const body = facts?.body ?? null;
  if (facts !== null && (verb === "update" || verb === "patch")) {
    const words =
      body !== null && before !== null && before.body !== null && isNext(touch, before)
        ? compared(resource, before.body, body)
        : (facts.asked ?? "");
    if (words === "") delete facts.change;
    else facts.change = words;
  }
  return verb === "create" || verb === "update" || verb === "patch" ? { body, version, isOlder: false } : before;
}

/** Whether nothing that is not in the log can have come in between. A patch is made of whatever is there. */
function isNext({ verb, base }: Touch, { version, isOlder }: BodyBefore): boolean {
  return verb === "patch" || base === version || (isOlder && base > version);
}

/** Parsed ones take about as much. */
const PARSED_BYTES = 8 * 1024;

function sizeOf(body: WholeBody): number {
  return Buffer.isBuffer(body) ? body.length : PARSED_BYTES;
}

function parsed(body: WholeBody): JsonValue {
  return Buffer.isBuffer(body) ? (parseJson(body.toString("utf8")) as JsonValue) : body;
}

function compared(resource: string, before: WholeBody, after: WholeBody): string {
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
function asked(resource: string, patch: JsonValue): string {
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
