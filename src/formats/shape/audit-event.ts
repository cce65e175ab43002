/** What a parsed JSON value is, by the words of the audit API. */

import { isObject, type JsonObject } from "../../events/json-values.ts";
import { escapeControls } from "./sample-text.ts";

export { isObject, type JsonObject };

/** Members that log pipelines merge into an event's own: what they say has to be taken out again. */
const MERGED_KEYS = [
  "k8s_audit_level",
  "openshift_audit_level",
  "viaq_msg_id",
  "log_source",
  "_gdch_cluster",
  "_gdch_service_name",
  "@timestamp",
  "date",
  "tag",
] as const;

const SHAPES: readonly (readonly [key: string, isShaped: (value: unknown) => boolean])[] = [
  ["user", isObject],
  ["impersonatedUser", isObject],
  ["objectRef", isObject],
  ["responseStatus", isObject],
  ["annotations", isObject],
  ["sourceIPs", Array.isArray],
];

/**
 * An audit event has an `auditID`, and a `stage` or the name of its kind: Event of audit.k8s.io. Kind Event alone is
 * also what core/v1 and events.k8s.io call their Events. Its members have the API's shapes: in a row of a table, where
 * they are text or lie beside each other, nobody would find who did what.
 */
export function isAuditEvent(value: JsonObject): boolean {
  return isNamedEvent(value) && hasShape(value);
}

/** Whether the object is an event by its words, in whatever shape its members are. */
export function isNamedEvent(value: JsonObject): boolean {
  const kind = value["kind"];
  if (typeof value["auditID"] !== "string" || (kind !== undefined && kind !== "Event")) return false;
  return typeof value["stage"] === "string" || claimsAuditEvent(value);
}

function hasShape(value: JsonObject): boolean {
  for (const [key, isShaped] of SHAPES) {
    const member = value[key];
    if (member !== undefined && member !== null && !isShaped(member)) return false;
  }
  return value["user"] !== undefined || !Object.keys(value).some((key) => /^(?:user|objectRef)[._]/.test(key));
}

/** Whether a log pipeline put members of its own beside the event's. */
export function isMerged(value: JsonObject): boolean {
  return MERGED_KEYS.some((key) => value[key] !== undefined);
}

/** Whether an object says it is an audit event, complete or not. */
export function claimsAuditEvent(value: JsonObject): boolean {
  const kind = value["kind"];
  return (kind === undefined || kind === "Event") && apiGroup(value) === "audit.k8s.io";
}

function apiGroup(value: JsonObject): string {
  const apiVersion = value["apiVersion"];
  return typeof apiVersion === "string" && apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "";
}

/** Names what a JSON value is instead of an audit event, as a noun phrase with its article: "an AdmissionReview". */
export function describeOther(value: unknown): string {
  if (Array.isArray(value)) return "an array without audit events";
  if (!isObject(value)) return "a bare value";
  const kind = value["kind"];
  const apiVersion = value["apiVersion"];
  if (isNamedEvent(value)) return "an audit event whose members are not of their types";
  if (claimsAuditEvent(value)) return "an audit event without auditID";
  if (kind === "Event" && (apiVersion === "v1" || apiGroup(value) === "events.k8s.io")) return "a core/v1 Event";
  if (typeof kind === "string" && kind !== "") {
    const name = escapeControls(kind.length <= 60 ? kind : `${kind.slice(0, 60)}…`);
    const article = /^[AEIOU]/.test(name) ? "an" : "a";
    return typeof apiVersion === "string" || kind === "AdmissionReview"
      ? `${article} ${name}`
      : `an object of kind ${name}`;
  }
  return "an object without auditID and stage";
}

/** Members whose array holds records, when the object around it is no event itself. */
export const LIST_KEYS: readonly string[] = ["items", "records", "events", "logEvents", "entries"];
/** Kinds whose `items` may be audit events; a list without a kind may hold them too. */
export const LIST_KINDS: readonly string[] = ["EventList", "List"];

export function isListOfRecords(value: JsonObject): boolean {
  const kind = value["kind"];
  if (kind !== undefined && !(typeof kind === "string" && LIST_KINDS.includes(kind))) return false;
  return LIST_KEYS.some((key) => Array.isArray(value[key]));
}
