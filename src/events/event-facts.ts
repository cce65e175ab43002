import { impersonatedOf } from "./impersonation.ts";
import { type JsonObject, objectOf, textOf, textsOf } from "./json-values.ts";

/**
 * The facts of one event, read from its parsed JSON: what each field means, in the plainest form. The scanner's fallback, filters
 * and views that look at original events read through here; the kernel must read the same (test/events/decoders.test.ts).
 */
export interface EventFacts {
  readonly auditID: string;
  readonly user: string;
  readonly asFrom: string;
  readonly groups: readonly string[];
  /** Of who asked, and of whom it ran as. */
  readonly extra: Readonly<Record<string, unknown>>;
  readonly effectiveExtra: Readonly<Record<string, unknown>>;
  readonly ip: string;
  readonly sourceIPs: readonly string[];
  readonly useragent: string;
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly uri: string;
  readonly verb: string;
  /** 0: none. */
  readonly code: number;
  readonly reason: string;
  readonly message: string;
  readonly decision: string;
  readonly authReason: string;
  readonly annotations: Readonly<Record<string, unknown>>;
  readonly requestObject: unknown;
  readonly responseObject: unknown;
}

/** `event`: the parsed JSON of an audit event of any version. Missing or odd parts count as absent. */
export function eventFacts(event: unknown): EventFacts {
  const root = objectOf(event);
  const user = objectOf(root["user"]);
  const impersonated = impersonatedOf(root["impersonatedUser"]);
  const effective = impersonated ?? user;
  const target = objectOf(root["objectRef"]);
  const status = objectOf(root["responseStatus"]);
  const annotations = objectOf(root["annotations"]);
  const sourceIPs = texts(root["sourceIPs"]);
  return {
    auditID: text(root["auditID"]),
    user: text(effective["username"]),
    asFrom: impersonated === null ? "" : text(user["username"]),
    groups: [...new Set(texts(effective["groups"]))],
    extra: objectOf(user["extra"]),
    effectiveExtra: objectOf(effective["extra"]),
    // The others can be forged.
    ip: sourceIPs.at(-1) ?? "",
    sourceIPs,
    useragent: text(root["userAgent"]),
    resource: resourceOf(target, root["apiVersion"]),
    subresource: text(target["subresource"]),
    namespace: text(target["namespace"]),
    name: text(target["name"]),
    uid: text(target["uid"]),
    uri: text(root["requestURI"]),
    verb: text(root["verb"]),
    code: codeOf(status["code"]),
    reason: text(status["reason"]),
    message: text(status["message"]),
    decision: text(annotations["authorization.k8s.io/decision"]),
    authReason: text(annotations["authorization.k8s.io/reason"]),
    annotations,
    requestObject: root["requestObject"],
    responseObject: root["responseObject"],
  };
}

function resourceOf(target: JsonObject, eventVersion: unknown): string {
  const resource = text(target["resource"]);
  let group = text(target["apiGroup"]);
  // v1alpha1 has no apiGroup: apiVersion is "group/version".
  if (group === "" && eventVersion === "audit.k8s.io/v1alpha1") {
    const version = text(target["apiVersion"]);
    group = version.slice(0, Math.max(0, version.indexOf("/")));
  }
  return resource === "" || group === "" ? resource : `${resource}.${group}`;
}

/** An HTTP status code; 0 for anything else. */
export function codeOf(value: unknown): number {
  return typeof value === "number" && Number.isInteger(value) && value > 0 && value <= 0xffff ? value : 0;
}

/** Half of a pair of surrogates cannot be stored: it reads as U+FFFD everywhere. */
function text(value: unknown): string {
  return textOf(value).toWellFormed();
}

function texts(value: unknown): string[] {
  return textsOf(value).map((each) => each.toWellFormed());
}
