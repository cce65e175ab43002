/** Events that are put together from what another system made of them. */
import { INFERRED_ANNOTATION } from "../../events/inferred.ts";
import { isObject, type JsonObject } from "./audit-event.ts";

/** An event's members in the API server's order, in which events are read fastest. */
const MEMBERS = [
  "kind",
  "apiVersion",
  "metadata",
  "level",
  "timestamp",
  "auditID",
  "stage",
  "requestURI",
  "verb",
  "user",
  "impersonatedUser",
  "authenticationMetadata",
  "sourceIPs",
  "userAgent",
  "objectRef",
  "responseStatus",
  "requestObject",
  "responseObject",
  "requestReceivedTimestamp",
  "stageTimestamp",
  "annotations",
] as const;

/** The audit event among the members of an object, without those that are none of its own. */
export function eventMembers(value: JsonObject): JsonObject {
  const event: Record<string, unknown> = {};
  for (const key of MEMBERS) if (value[key] !== undefined && value[key] !== null) event[key] = value[key];
  return event;
}

/** The event with a note of what in it was inferred: `path`, or `path from WHAT`. */
export function withInferred(event: JsonObject, facts: readonly string[]): JsonObject {
  if (facts.length === 0) return event;
  const annotations = isObject(event["annotations"]) ? event["annotations"] : {};
  return { ...event, annotations: { ...annotations, [INFERRED_ANNOTATION]: facts.join("; ") } };
}

/** `cluster/pod` of what is known; undefined when nothing is. Only strings count. */
export function serverName(...parts: readonly unknown[]): string | undefined {
  const known = parts.filter((part) => typeof part === "string" && part !== "" && part !== "-");
  return known.length === 0 ? undefined : known.join("/").slice(0, 200);
}

/** The string at a path of members; "" when there is none. */
export function textAt(value: unknown, ...path: readonly string[]): string {
  let at: unknown = value;
  for (const key of path) at = isObject(at) ? at[key] : undefined;
  return typeof at === "string" ? at : "";
}

/** The object at a path of members; null when there is none. */
export function objectAt(value: unknown, ...path: readonly string[]): JsonObject | null {
  let at: unknown = value;
  for (const key of path) at = isObject(at) ? at[key] : undefined;
  return isObject(at) ? at : null;
}
