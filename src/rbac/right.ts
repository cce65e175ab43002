import type { Attributes } from "./authorizer.ts";
import { quotedAt } from "./reason.ts";

/** What somebody may or may not do: what the authorizer is asked, once. */
export type Right = Attributes;

/** Equal for what the authorizer cannot tell apart: it never looks at versions. */
export function rightKey(right: Right): string {
  const { isResourceRequest, verb, apiGroup, resource, subresource, namespace, name, path } = right;
  return JSON.stringify(isResourceRequest ? [verb, apiGroup, resource, subresource, namespace, name] : [verb, path]);
}

/** `pods`, `pods/log`: as rules name it, without the group. */
export function ruleResource({ resource, subresource }: Right): string {
  return subresource === "" ? resource : `${resource}/${subresource}`;
}

/** `create deployments.apps/scale "web" in demo`, `get /version`. */
export function rightText({
  isResourceRequest,
  verb,
  apiGroup,
  resource,
  subresource,
  namespace,
  name,
  path,
}: Right): string {
  if (!isResourceRequest) return `${verb} ${path}`;
  const group = apiGroup === "" ? "" : `.${apiGroup}`;
  const below = subresource === "" ? "" : `/${subresource}`;
  const named = name === "" ? "" : ` ${JSON.stringify(name)}`;
  return `${verb} ${resource}${group}${below}${named}${namespace === "" ? "" : ` in ${namespace}`}`;
}

const REFUSED = /(?:^|[: ])forbidden: User (?=")/;
const CANNOT = /^ cannot (\S*) (resource|path) /;
const IN_GROUP = /^ in API group /;
const IN_NAMESPACE = /^ in the namespace /;

/**
 * What a message of the authorizer says was missing: `pods "x" is forbidden: User "u" cannot get resource "pods" in API
 * group "" in the namespace "ns"`. Null for refusals by anybody else.
 */
export function refusedRight(message: string): Right | null {
  const found = REFUSED.exec(message);
  const user = found && quotedAt(message, found.index + found[0].length);
  if (!user) return null;
  const what = CANNOT.exec(message.slice(user.end));
  const target = what && quotedAt(message, user.end + what[0].length);
  if (!target) return null;
  const verb = unsanitized(what[1] ?? "");
  const value = unsanitized(target.value);
  const none = { verb, apiGroup: "", resource: "", subresource: "", namespace: "", name: "" };
  if (what[2] === "path") return { ...none, isResourceRequest: false, path: value };
  const group = quotedAfter(message, target.end, IN_GROUP);
  const namespace = quotedAfter(message, group?.end ?? target.end, IN_NAMESPACE);
  const slash = value.indexOf("/");
  return {
    isResourceRequest: true,
    verb,
    path: "",
    apiGroup: group?.value ?? "",
    resource: slash < 0 ? value : value.slice(0, slash),
    subresource: slash < 0 ? "" : value.slice(slash + 1),
    namespace: namespace?.value ?? "",
    name: nameIn(message),
  };
}

function quotedAfter(
  message: string,
  at: number,
  words: RegExp,
): { readonly value: string; readonly end: number } | null {
  const found = words.exec(message.slice(at, at + 40));
  const quoted = found && quotedAt(message, at + found[0].length);
  return quoted && { value: unsanitized(quoted.value), end: quoted.end };
}

/** `users "bob" is forbidden: …`; a request without a name has none. */
function nameIn(message: string): string {
  const quoted = quotedAt(message, message.indexOf(" ") + 1);
  return quoted !== null && message.startsWith(" is forbidden: ", quoted.end) ? unsanitized(quoted.value) : "";
}

const ENTITIES: Readonly<Record<string, string>> = { "&lt;": "<", "&gt;": ">", "&amp;": "&" };

/** Messages are made safe for HTML. */
function unsanitized(text: string): string {
  return text.replaceAll(/&(?:lt|gt|amp);/g, (entity) => ENTITIES[entity] ?? entity);
}
