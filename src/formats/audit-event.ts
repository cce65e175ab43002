/** What a parsed JSON value is, by the words of the audit API. */

import { escapeControls } from "./sample-text.ts";

export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * An audit event has an `auditID`, and a `stage` or the name of its kind: Event of audit.k8s.io. Kind Event alone is
 * also what core/v1 and events.k8s.io call their Events.
 */
export function isAuditEvent(value: JsonObject): boolean {
  const kind = value["kind"];
  if (typeof value["auditID"] !== "string" || (kind !== undefined && kind !== "Event")) return false;
  return typeof value["stage"] === "string" || claimsAuditEvent(value);
}

/** Whether an object says it is an audit event, complete or not. */
export function claimsAuditEvent(value: JsonObject): boolean {
  return value["kind"] === "Event" && apiGroup(value) === "audit.k8s.io";
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
  if (claimsAuditEvent(value)) return "an audit event without auditID";
  if (kind === "Event" && (apiVersion === "v1" || apiGroup(value) === "events.k8s.io")) return "a core/v1 Event";
  const payload = value["protoPayload"];
  if (isObject(payload)) {
    return payload["serviceName"] === "k8s.io" ? "a GKE audit entry" : "a Google Cloud audit entry";
  }
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
export const LIST_KEYS: readonly string[] = ["items", "records", "events", "logEvents"];
/** Kinds whose `items` may be audit events; a list without a kind may hold them too. */
export const LIST_KINDS: readonly string[] = ["EventList", "List"];

export function isListOfRecords(value: JsonObject): boolean {
  const kind = value["kind"];
  if (kind !== undefined && !(typeof kind === "string" && LIST_KINDS.includes(kind))) return false;
  return LIST_KEYS.some((key) => Array.isArray(value[key]));
}
