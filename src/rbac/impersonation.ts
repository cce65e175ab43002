import { serviceAccountOf } from "../events/service-account.ts";
import type { Attributes } from "./authorizer.ts";

/** Who somebody acted as, and how the API server took it. */
export interface Impersonation {
  readonly user: string;
  readonly groups: readonly string[];
  readonly uid: string;
  readonly extra: ReadonlyMap<string, readonly string[]>;
  /** `impersonate:MODE` of `authenticationMetadata.impersonationConstraint`; "" for plain impersonation. */
  readonly constraint: string;
}

const AUTHENTICATION = "authentication.k8s.io";
const CONSTRAINED = "impersonate:";
/** The one name that is asked for whichever node a service account runs on. */
const ANY_NODE = "*";
const ANONYMOUS = "system:anonymous";

/** What the real user was asked to have the right to, before the request itself was authorized for the impersonated one. */
export function impersonationRights(who: Impersonation, request: Attributes): readonly Attributes[] {
  const mode = who.constraint.startsWith(CONSTRAINED) ? who.constraint.slice(CONSTRAINED.length) : "";
  const verb = mode === "" ? "impersonate" : who.constraint;
  const ofGroup = (apiGroup: string, resource: string, name: string, namespace = ""): Attributes => {
    const [plural = "", subresource = ""] = splitOnce(resource);
    return { isResourceRequest: true, verb, apiGroup, resource: plural, subresource, namespace, name, path: "" };
  };
  const named = (resource: string, name: string, namespace = ""): Attributes =>
    ofGroup(mode === "" ? "" : AUTHENTICATION, resource, name, namespace);
  const rights: Attributes[] = [];
  if (mode !== "") rights.push({ ...request, verb: `impersonate-on:${mode}:${request.verb}` });
  const account = serviceAccountOf(who.user);
  const isNode = mode.endsWith("-node");
  if (isNode) rights.push(named("nodes", mode === "associated-node" ? ANY_NODE : nodeName(who.user)));
  else if (account !== null) rights.push(named("serviceaccounts", account.name, account.namespace));
  else rights.push(named("users", who.user));
  if (isNode || mode === "serviceaccount") return rights;
  if (who.uid !== "") rights.push(ofGroup(AUTHENTICATION, "uids", who.uid));
  for (const group of requestedGroups(who)) rights.push(named("groups", group));
  for (const [key, values] of who.extra) {
    for (const value of values) rights.push(ofGroup(AUTHENTICATION, `userextras/${key}`, value));
  }
  return rights;
}

/** Groups somebody asked for, without those the API server adds by itself. */
function requestedGroups({ user, groups }: Impersonation): readonly string[] {
  const added = user === ANONYMOUS ? "system:unauthenticated" : "system:authenticated";
  const asked = groups.filter((group) => group !== added);
  const account = serviceAccountOf(user);
  if (account === null) return asked;
  const own = ["system:serviceaccounts", `system:serviceaccounts:${account.namespace}`];
  return asked.length === own.length && own.every((group) => asked.includes(group)) ? [] : asked;
}

function nodeName(user: string): string {
  return user.slice("system:node:".length);
}

/** Keys of extras may hold slashes themselves. */
function splitOnce(resource: string): readonly string[] {
  const slash = resource.indexOf("/");
  return slash < 0 ? [resource] : [resource.slice(0, slash), resource.slice(slash + 1)];
}
