import { type JsonObject, objectOf, textOf, textsOf } from "../events/json-values.ts";
import { impersonatedOf } from "../events/impersonation.ts";

/** The facts of one original event, read from its JSON: what the tests of a filter see where the index cannot tell. */
export interface EventFacts {
  readonly auditID: string;
  readonly user: string;
  readonly asFrom: string;
  readonly groups: readonly string[];
  /** Of who asked, and of whom it ran as. */
  readonly extra: Readonly<Record<string, unknown>>;
  readonly effectiveExtra: Readonly<Record<string, unknown>>;
  readonly sourceIPs: readonly string[];
  readonly useragent: string;
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly uri: string;
  readonly verb: string;
  readonly reason: string;
  readonly message: string;
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
  return {
    auditID: textOf(root["auditID"]),
    user: textOf(effective["username"]),
    asFrom: impersonated === null ? "" : textOf(user["username"]),
    groups: textsOf(effective["groups"]),
    extra: objectOf(user["extra"]),
    effectiveExtra: objectOf(effective["extra"]),
    sourceIPs: textsOf(root["sourceIPs"]),
    useragent: textOf(root["userAgent"]),
    resource: resourceOf(target),
    subresource: textOf(target["subresource"]),
    namespace: textOf(target["namespace"]),
    name: textOf(target["name"]),
    uid: textOf(target["uid"]),
    uri: textOf(root["requestURI"]),
    verb: textOf(root["verb"]),
    reason: textOf(status["reason"]),
    message: textOf(status["message"]),
    annotations: objectOf(root["annotations"]),
    requestObject: root["requestObject"],
    responseObject: root["responseObject"],
  };
}

/** v1alpha1 has the group in apiVersion (`apps/v1`). */
function resourceOf(target: JsonObject): string {
  const resource = textOf(target["resource"]);
  if (resource === "") return "";
  const version = textOf(target["apiVersion"]);
  const slash = version.indexOf("/");
  const group = textOf(target["apiGroup"]) || (slash < 0 ? "" : version.slice(0, slash));
  return group === "" ? resource : `${resource}.${group}`;
}
