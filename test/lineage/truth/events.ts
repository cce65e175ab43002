import { field, list, number, text, type JsonObject, type JsonValue } from "../../../src/lineage/json.ts";

/** Plain reading of audit events for the truths: nothing here is lineage's own. */

export interface Write {
  readonly event: JsonObject;
  readonly auditID: string;
  readonly user: string;
  readonly verb: string;
  /** `pods`, `replicasets.apps`. */
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
  /** Received, and answered. */
  readonly us: number;
  readonly answeredUs: number;
  readonly request: JsonValue;
  /** null where the answer is a Status. */
  readonly object: JsonValue;
}

export function microseconds(time: string): number {
  const seconds = Date.parse(`${time.slice(0, 19)}Z`) * 1_000;
  return seconds + Number(/\.(\d{1,6})/.exec(time)?.[1]?.padEnd(6, "0") ?? "0");
}

export function controllerName(user: string): string {
  return /^system:serviceaccount:kube-system:(.+)$/.exec(user)?.[1] ?? "";
}

export function isNodeUser(user: string): boolean {
  return user.startsWith("system:node:");
}

const WRITES = new Set(["create", "update", "patch", "delete", "deletecollection"]);

/** Successful writes on objects, in the order in which they were received. */
export function writesOf(events: readonly JsonObject[]): Write[] {
  const found: Write[] = [];
  for (const event of events) {
    const code = number(event, "responseStatus", "code") ?? 0;
    if (!WRITES.has(text(event, "verb")) || code < 200 || code >= 300) continue;
    if (text(event, "stage") !== "ResponseComplete" || /[?&]dryRun=All/.test(text(event, "requestURI"))) continue;
    const group = text(event, "objectRef", "apiGroup");
    const plural = text(event, "objectRef", "resource");
    const response = field(event, "responseObject") ?? null;
    const object = text(response, "kind") === "Status" ? null : response;
    const impersonated = text(event, "impersonatedUser", "username");
    found.push({
      event,
      auditID: text(event, "auditID"),
      user: impersonated === "" ? text(event, "user", "username") : impersonated,
      verb: text(event, "verb"),
      resource: group === "" ? plural : `${plural}.${group}`,
      subresource: text(event, "objectRef", "subresource"),
      namespace: plural === "namespaces" ? "" : text(event, "objectRef", "namespace"),
      name: text(event, "objectRef", "name") || text(object, "metadata", "name"),
      us: microseconds(text(event, "requestReceivedTimestamp")),
      answeredUs: microseconds(text(event, "stageTimestamp")),
      request: field(event, "requestObject") ?? null,
      object,
    });
  }
  return found.sort((left, right) => left.us - right.us);
}

/** Uids a removal is about: of the object in the answer, of its details, or of every item. */
export function removedUids(write: Write): readonly { readonly uid: string; readonly name: string }[] {
  if (write.verb === "deletecollection") {
    return list(write.object, "items").map((item) => ({
      uid: text(item, "metadata", "uid"),
      name: text(item, "metadata", "name"),
    }));
  }
  const uid =
    text(write.object, "metadata", "uid") ||
    text(field(write.event, "responseStatus"), "details", "uid") ||
    text(field(write.event, "responseObject"), "details", "uid") ||
    text(write.request, "preconditions", "uid");
  return [{ uid, name: write.name }];
}
