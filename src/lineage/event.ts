import type { ActorClass, Level, Stage } from "../events/vocabulary.ts";
import type { JsonObject, JsonValue } from "./json.ts";

/** JSON as it is in the log, to be read when needed, or read already. */
export type WholeBody = Buffer | JsonObject;

/** Bodies of one request as parsed JSON; null where the event has none. May be asked for more than once. */
export interface Bodies {
  /** Has `details.uid` of what was deleted and the message of a failure even at Metadata level. */
  responseStatus(): JsonValue;
  requestBody(): JsonValue;
  responseBody(): JsonValue;
  /** The answered object with everything in it; bytes are good for the request at hand only. null for other answers. */
  wholeAnswer(): WholeBody | null;
  /** `objectRef.resourceVersion`, which updates have at every level; NaN without. */
  baseVersion(): number;
  /** Those that name webhooks, at least. */
  annotations(): JsonValue;
}

/** One request as lineage reads it. Empty strings mean "not in the log". */
export interface LineageEvent extends Bodies {
  readonly seq: number;
  /** Which API server logged it, "" where that is not known. */
  readonly apiserver: string;
  readonly auditID: string;
  /** µs since the epoch. */
  readonly receivedUs: number;
  /** µs; NaN when absent. */
  readonly stageUs: number;
  readonly stage: Stage | "";
  readonly level: Level | "";
  readonly verb: string;
  /** `deployments.apps`, without the subresource. */
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly code: number | null;
  /** responseStatus.reason */
  readonly reason: string;
  readonly user: string;
  readonly asFrom: string;
  readonly actorClass: ActorClass;
  readonly ip: string;
  readonly useragent: string;
  readonly uri: string;
  /** The event's bytes: when given, bodies are read from them piecemeal instead of by the functions above. */
  readonly raw?: Buffer | null;
}

/** What `Lineage.wants` decides on, so that bodies are only fetched for requests that matter. */
export type LineageFacts = Pick<LineageEvent, "stage" | "verb" | "resource" | "subresource" | "code">;

/** Objects that are only questions, or heartbeats: they have no life worth telling. */
export const LIFELESS: ReadonlySet<string> = new Set([
  "leases.coordination.k8s.io",
  "tokenreviews.authentication.k8s.io",
  "selfsubjectreviews.authentication.k8s.io",
  "subjectaccessreviews.authorization.k8s.io",
  "localsubjectaccessreviews.authorization.k8s.io",
  "selfsubjectaccessreviews.authorization.k8s.io",
  "selfsubjectrulesreviews.authorization.k8s.io",
]);

const WRITES = new Set(["create", "update", "patch", "delete", "deletecollection"]);
const SESSIONS = new Set(["exec", "attach", "portforward", "log"]);

/** Writes on objects, sessions into pods, reads that were refused, and those that found nothing. */
export function wants(facts: LineageFacts): boolean {
  if (facts.resource === "" || facts.stage === "RequestReceived" || LIFELESS.has(facts.resource)) return false;
  if (WRITES.has(facts.verb)) return true;
  if (SESSIONS.has(facts.subresource)) return true;
  return (
    facts.verb === "get" && facts.code !== null && facts.code >= 400 && (facts.code !== 404 || facts.subresource === "")
  );
}

/** The same requests in the filter language, whatever they are on, for stores that are asked for them. */
export const WANTED_TERMS: string = [
  "-stage:RequestReceived",
  `(verb:${[...WRITES].join(",")} OR sub:${[...SESSIONS].join(",")} OR (verb:get code:>=400 (-code:404 OR sub:"")))`,
].join(" ");

/** `?fieldManager=kubectl-set` → `kubectl-set`; "" when the URI has none. */
export function fieldManagerOf(uri: string): string {
  const at = uri.indexOf("fieldManager=");
  if (at < 0) return "";
  const end = uri.indexOf("&", at);
  const value = uri.slice(at + 13, end < 0 ? undefined : end);
  return /^[\w.-]{1,64}$/.test(value) ? value : "";
}
