/**
 * What the API server knows of a request before it reads the body: RequestInfo of k8s.io/apiserver, made again from an event.
 * Audit policies and authorizers see this and nothing else; an event's objectRef is filled further from the body.
 */
import { percentDecoded, selectedName } from "./selected-name.ts";

export interface RequestAttributes {
  readonly isResourceRequest: boolean;
  /** As in the event: get, list, watch, create …; of a non-resource request the method in lower case. */
  readonly verb: string;
  /** URL path, decoded, without the query. */
  readonly path: string;
  /** "" is the core group. */
  readonly apiGroup: string;
  readonly apiVersion: string;
  /** A request for one Namespace object has its own name here. */
  readonly namespace: string;
  /** Plural, as in the URL. */
  readonly resource: string;
  readonly subresource: string;
  /** "" for creates and deletes of a whole collection; lists and watches have one by `fieldSelector=metadata.name=…`. */
  readonly name: string;
}

/** objectRef of an event, as far as it says what was asked for. */
export interface ObjectReference {
  readonly apiGroup?: string;
  readonly apiVersion?: string;
  readonly namespace?: string;
  readonly resource?: string;
  readonly subresource?: string;
  readonly name?: string;
}

/** Verbs of a GET, which names its object in the URL or, for all of a kind, in a selector. */
const READS: readonly string[] = ["get", "list", "watch"];
/** Legacy paths that name the verb: `/api/v1/watch/pods`. */
const PATH_VERBS: readonly string[] = ["proxy", "watch"];
const NAMESPACE_SUBRESOURCES: readonly string[] = ["status", "finalize"];

/**
 * Attributes of a request by the requestURI and verb of its event. Null for a URI no API server takes: empty, cut,
 * with broken escapes; then `referencedAttributes` is what is left.
 */
export function requestAttributes(requestURI: string, verb: string): RequestAttributes | null {
  const uri = withoutHost(requestURI);
  if (uri === null) return null;
  const question = uri.indexOf("?");
  const path = percentDecoded(question < 0 ? uri : uri.slice(0, question));
  if (path === null) return null;
  let parts = pathParts(path);
  const isGroupless = parts[0] === "api";
  if (parts.length < (isGroupless ? 3 : 4) || (!isGroupless && parts[0] !== "apis")) return ofNoResource(path, verb);
  const apiGroup = isGroupless ? "" : (parts[1] ?? "");
  const apiVersion = parts[isGroupless ? 1 : 2] ?? "";
  parts = parts.slice(isGroupless ? 2 : 3);
  const pathVerb = PATH_VERBS.find((special) => special === parts[0]);
  if (pathVerb !== undefined) parts = parts.slice(1);
  if (parts.length === 0) return null;
  let namespace = "";
  if (parts[0] === "namespaces" && parts.length > 1) {
    namespace = parts[1] ?? "";
    if (parts.length > 2 && !NAMESPACE_SUBRESOURCES.includes(parts[2] ?? "")) parts = parts.slice(2);
  }
  const [resource = "", own = "", third = ""] = parts;
  const subresource = pathVerb === "proxy" ? "" : third;
  const isSelected = own === "" && pathVerb === undefined && question >= 0 && READS.includes(verb);
  const name = isSelected ? selectedName(uri.slice(question + 1)) : own;
  return { isResourceRequest: true, verb, path, apiGroup, apiVersion, namespace, resource, subresource, name };
}

/**
 * Attributes by objectRef, for events without a usable requestURI. The name of a create is taken from its body, after
 * policy and authorizer were asked, so it counts as none.
 */
export function referencedAttributes(
  reference: ObjectReference | null,
  verb: string,
  requestURI: string,
): RequestAttributes {
  const question = requestURI.indexOf("?");
  const path = question < 0 ? requestURI : requestURI.slice(0, question);
  const { resource = "", subresource = "", name = "" } = reference ?? {};
  if (reference === null || resource === "") return ofNoResource(path, verb);
  return {
    isResourceRequest: true,
    verb,
    path,
    apiGroup: reference.apiGroup ?? "",
    apiVersion: reference.apiVersion ?? "",
    namespace: reference.namespace ?? "",
    resource,
    subresource,
    name: verb === "create" && subresource === "" ? "" : name,
  };
}

function ofNoResource(path: string, verb: string): RequestAttributes {
  return {
    isResourceRequest: false,
    verb,
    path,
    apiGroup: "",
    apiVersion: "",
    namespace: "",
    resource: "",
    subresource: "",
    name: "",
  };
}

/** Path and query of what Go's url.ParseRequestURI takes. */
function withoutHost(uri: string): string | null {
  // oxlint-disable-next-line no-control-regex
  if (/[\x00-\x1f\x7f]/.test(uri)) return null;
  if (uri.startsWith("/")) return uri;
  const rest = /^[a-z][a-z0-9+.-]*:\/\/[^/?]*/i.exec(uri);
  return rest === null ? null : uri.slice(rest[0].length);
}

function pathParts(path: string): readonly string[] {
  let start = 0;
  let end = path.length;
  while (start < end && path[start] === "/") start += 1;
  while (end > start && path[end - 1] === "/") end -= 1;
  return start === end ? [] : path.slice(start, end).split("/");
}
