import { parseJson } from "../../events/json.ts";
import { isBuiltIn } from "../../events/resource-names.ts";
import { DEPLOYERS } from "../deployers.ts";
import type { Bodies, LineageEvent, WholeBody } from "../event.ts";
import { asObject, field, text, type JsonValue } from "../json.ts";
import { SELECTING } from "../outside/selectors.ts";
import { WEBHOOK_CONFIGURATIONS } from "../outside/webhooks.ts";
import { versionNumber } from "../versions.ts";
import { isKubernetesEvent } from "../../events/kubernetes-event.ts";
import { PrunedReader, UnexpectedJson } from "./pruned-json.ts";
import { sameBytes, type ObjectShape } from "./shape.ts";
import {
  AUTOSCALER,
  BINDING,
  CLAIM,
  COLLECTION,
  CORE_EVENT,
  CUSTOM,
  DEPLOYER,
  DELETE_OPTIONS,
  ENDPOINT_SLICE,
  JOB,
  NODE,
  NODE_STATUS,
  OBJECT,
  POD,
  POD_STATUS,
  REFERENCE,
  REGARDING_EVENT,
  RESPONSE_STATUS,
  SCALE,
  SELECTOR,
  TOKEN_REQUEST,
  UID_HEAD,
  WEBHOOKS,
  WORKLOAD,
  WORKLOAD_STATUS,
} from "./shapes.ts";

const REQUEST_KEY = Buffer.from('"requestObject":');
const RESPONSE_KEY = Buffer.from('"responseObject":');
const STATUS_KEY = Buffer.from('"status":{');
const REFERENCE_KEY = Buffer.from('"objectRef":{');
const RESPONSE_STATUS_KEY = Buffer.from('"responseStatus":{');
const RESPONSE_PART = Buffer.from(',"responseObject":{');
const STAGE_TIME = Buffer.from('"stageTimestamp":"');
export const WEBHOOK_ANNOTATION = Buffer.from("webhook.admission.k8s.io/");
/** Annotations are the last of an event, and seldom long: those of webhooks come before their patches. */
const TAIL = 8 * 1_024;
const OPEN_OBJECT = 0x7b;
const OPEN_LIST = 0x5b;

const WORKLOADS = new Set([
  "deployments.apps",
  "replicasets.apps",
  "statefulsets.apps",
  "daemonsets.apps",
  "replicationcontrollers",
]);

const OPEN = Buffer.from("{");

type Facts = Pick<LineageEvent, "verb" | "resource" | "subresource" | "level">;

/** Reads from the bytes of events what lineage needs of their bodies, and no more. Not re-entrant: one event at a time. */
export class BodyScanner implements Bodies {
  private readonly reader = new PrunedReader();
  private bytes: Buffer = Buffer.alloc(0);
  private start = 0;
  private end = 0;
  private facts: Facts = { verb: "", resource: "", subresource: "", level: "Metadata" };
  private described = false;
  private request: JsonValue | undefined;
  private response: JsonValue | undefined;
  private status: JsonValue | undefined;
  private requestAt = -1;
  private parsed: Readonly<Record<string, JsonValue>> | null = null;

  /** `described`: the object's owners and spec are known already, so that a status update is only read for its status. */
  open(bytes: Buffer, start: number, end: number, facts: Facts, described: boolean): void {
    // A search ends with the event, not with the chunk it came in.
    this.bytes = start === 0 && end === bytes.length ? bytes : bytes.subarray(start, end);
    this.start = 0;
    this.end = end - start;
    this.facts = facts;
    this.described = described;
    this.request = undefined;
    this.response = undefined;
    this.status = undefined;
    this.requestAt = -2;
    this.parsed = isApiServerOrder(this.bytes) ? null : parseEvent(this.bytes, this.start, this.end);
  }

  requestBody(): JsonValue {
    if (this.request === undefined) this.request = this.attempt("requestObject", () => this.readRequest());
    return this.request;
  }

  responseBody(): JsonValue {
    if (this.response === undefined) this.response = this.attempt("responseObject", () => this.readResponse());
    return this.response;
  }

  wholeAnswer(): WholeBody | null {
    if (this.parsed === null) {
      try {
        const at = this.findResponse();
        if (at < 0 || this.bytes[at] !== OPEN_OBJECT) return null;
        return this.bytes.subarray(at, this.reader.skip(this.bytes, at, this.end));
      } catch {
        this.parsed = parseEvent(this.bytes, this.start, this.end);
      }
    }
    return asObject(this.parsed["responseObject"]);
  }

  /** Not kept: asked for once. */
  baseVersion(): number {
    const reference = this.attempt("objectRef", () => this.readPart(REFERENCE_KEY, REFERENCE));
    return versionNumber(text(reference, "resourceVersion"));
  }

  annotations(): JsonValue {
    if (this.parsed !== null)
      return Object.hasOwn(this.parsed, "annotations") ? (this.parsed["annotations"] ?? null) : null;
    const tail = this.bytes.subarray(Math.max(0, this.end - TAIL), this.end);
    if (!tail.includes(WEBHOOK_ANNOTATION)) return null;
    // Inside a string its quotes would be escaped.
    const at = tail.lastIndexOf(STAGE_TIME);
    const event = at < 0 ? {} : parseEvent(Buffer.concat([OPEN, tail.subarray(at)]), 0, 1 + tail.length - at);
    return event["annotations"] ?? null;
  }

  responseStatus(): JsonValue {
    if (this.status === undefined)
      this.status = this.attempt("responseStatus", () => this.readPart(RESPONSE_STATUS_KEY, RESPONSE_STATUS));
    return this.status;
  }

  /** Reading falls back to JSON.parse of the whole event when it is not written as the API server does. */
  private attempt(key: string, read: () => JsonValue): JsonValue {
    try {
      if (this.parsed === null) return read();
    } catch {
      this.parsed = parseEvent(this.bytes, this.start, this.end);
    }
    return this.parsed !== null && Object.hasOwn(this.parsed, key) ? (this.parsed[key] ?? null) : null;
  }

  private findRequest(): number {
    if (this.facts.level === "Metadata") return -1;
    if (this.requestAt === -2) {
      this.requestAt = this.valueAfter(REQUEST_KEY, this.start);
    }
    return this.requestAt;
  }

  /** Start of the object or list of objects after a key; -1 when there is none. */
  private valueAfter(key: Buffer, from: number): number {
    let at = this.bytes.indexOf(key, from);
    while (at >= 0 && at < this.end) {
      const value = at + key.length;
      const byte = this.bytes[value];
      // `user.extra` may have any key, but its values are lists of strings.
      if (byte === undefined || byte <= 0x20) throw new UnexpectedJson();
      if (byte === OPEN_OBJECT || (byte === OPEN_LIST && this.bytes[value + 1] === OPEN_OBJECT)) return value;
      at = this.bytes.indexOf(key, value);
    }
    return -1;
  }

  private readRequest(): JsonValue {
    const at = this.findRequest();
    if (at < 0) return null;
    // Patches are small, and their fields come in any order.
    if (this.facts.verb === "patch") return this.reader.read(this.bytes, at, this.end, true);
    return this.reader.read(this.bytes, at, this.end, requestShape(this.facts));
  }

  private readResponse(): JsonValue {
    const { resource, subresource } = this.facts;
    if (this.described && subresource === "status" && this.facts.level === "RequestResponse") {
      const shape = lastStatusShape(resource);
      if (shape !== null) return this.readLastStatus(shape);
    }
    const at = this.findResponse();
    return at < 0 ? null : this.reader.read(this.bytes, at, this.end, responseShape(this.facts, this.described));
  }

  /** The status of the answer is the last one in the event: no kind read so has another inside. */
  private readLastStatus(shape: ObjectShape): JsonValue {
    const at = this.bytes.lastIndexOf(STATUS_KEY, this.end - 1);
    if (at < this.start) return null;
    const status = this.reader.read(this.bytes, at + STATUS_KEY.length - 1, this.end, shape);
    const request = shape === POD_STATUS ? this.findRequest() : -1;
    if (request < 0) return { status };
    const head = this.reader.read(this.bytes, request, this.end, UID_HEAD);
    return { status, metadata: field(head, "metadata") ?? {} };
  }

  /** Behind the request, which is passed over: a client may have put a key `responseObject` into it. */
  private findResponse(): number {
    if (this.facts.level !== "RequestResponse") return -1;
    const request = this.findRequest();
    if (request < 0) return this.valueAfter(RESPONSE_KEY, this.start);
    if (isWrittenByServer(this.facts)) {
      const at = this.bytes.indexOf(RESPONSE_PART, request);
      return at < 0 || at >= this.end ? -1 : at + RESPONSE_PART.length - 1;
    }
    const after = this.reader.skip(this.bytes, request, this.end);
    const next = this.bytes.indexOf(RESPONSE_PART, after);
    return next === after ? after + RESPONSE_PART.length - 1 : -1;
  }

  /** An object of the event's own, by its key and the brace behind it. */
  private readPart(key: Buffer, shape: ObjectShape): JsonValue {
    const at = this.bytes.indexOf(key, this.start);
    if (at < 0 || at >= this.end) return null;
    return this.reader.read(this.bytes, at + key.length - 1, this.end, shape);
  }
}

/**
 * Requests whose logged body the API server wrote itself, field by field: no stranger's key can be in it. Patches are
 * logged as sent, and some kinds hold free-form JSON.
 */
export function isWrittenByServer({ verb, resource, subresource }: Facts): boolean {
  if (verb === "patch") return false;
  if (subresource === "binding") return true;
  return resource === "pods" || WORKLOADS.has(resource) || resource === "jobs.batch" || isKubernetesEvent(resource);
}

const ALONE = Buffer.from('{"kind":"Event","apiVersion":"audit.k8s.io/');
const IN_LIST = Buffer.from('{"level":"');

/** Written by the API server itself, alone or as an item of a list: the bodies are the last big things in it, in order. */
export function isApiServerOrder(bytes: Buffer): boolean {
  return sameBytes(ALONE, bytes, 0, ALONE.length) || sameBytes(IN_LIST, bytes, 0, IN_LIST.length);
}

function requestShape({ resource, subresource, verb }: Facts): ObjectShape {
  if (verb === "delete" || verb === "deletecollection" || subresource === "eviction") return DELETE_OPTIONS;
  if (subresource === "binding") return BINDING;
  if (subresource === "token") return TOKEN_REQUEST;
  if (isKubernetesEvent(resource)) return resource === "events" ? CORE_EVENT : REGARDING_EVENT;
  return objectShape(resource, subresource);
}

function responseShape({ resource, subresource, verb }: Facts, described: boolean): ObjectShape {
  if (verb === "deletecollection") return COLLECTION;
  if (isKubernetesEvent(resource)) return resource === "events" ? CORE_EVENT : REGARDING_EVENT;
  // How it goes on with a deleted object is told by its metadata.
  if (verb === "delete" && described) return isBuiltIn(resource) ? OBJECT : CUSTOM;
  return objectShape(resource, subresource);
}

function objectShape(resource: string, subresource: string): ObjectShape {
  if (subresource === "scale") return SCALE;
  if (resource === "pods") return POD;
  if (WORKLOADS.has(resource)) return WORKLOAD;
  if (resource === "nodes") return subresource === "status" ? NODE_STATUS : NODE;
  if (resource === "persistentvolumeclaims" || resource === "persistentvolumes") return CLAIM;
  if (resource === "endpointslices.discovery.k8s.io") return ENDPOINT_SLICE;
  if (resource === "jobs.batch" || resource === "cronjobs.batch") return JOB;
  if (SELECTING.has(resource)) return SELECTOR;
  if (WEBHOOK_CONFIGURATIONS.has(resource)) return WEBHOOKS;
  if (resource.startsWith("horizontalpodautoscalers")) return AUTOSCALER;
  if (DEPLOYERS.has(resource)) return DEPLOYER;
  return isBuiltIn(resource) ? OBJECT : CUSTOM;
}

/** Of kinds that have no other status inside. */
function lastStatusShape(resource: string): ObjectShape | null {
  if (resource === "pods") return POD_STATUS;
  return WORKLOADS.has(resource) ? WORKLOAD_STATUS : null;
}

function parseEvent(bytes: Buffer, start: number, end: number): Readonly<Record<string, JsonValue>> {
  try {
    const value = parseJson(bytes.toString("utf8", start, end)) as JsonValue;
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, JsonValue>>)
      : {};
  } catch {
    return {};
  }
}
