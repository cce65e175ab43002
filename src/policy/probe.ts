import type { RequestAttributes } from "../events/request-attributes.ts";
import { splitResource } from "../events/resource-names.ts";
import type { PolicyUser } from "./user.ts";

/** A made-up request that a policy is asked about. */
export interface Probe {
  readonly user: PolicyUser | null;
  readonly attributes: RequestAttributes;
}

export interface ProbeObject {
  readonly namespace?: string;
  readonly name?: string;
}

/** A request for a resource as the `resource` dimension spells it: `pods/exec`, `deployments.apps/scale`. */
export function resourceProbe(
  user: PolicyUser | null,
  verb: string,
  target: string,
  { namespace = "", name = "" }: ProbeObject = {},
): Probe {
  const slash = target.indexOf("/");
  const [resource, apiGroup] = splitResource(slash < 0 ? target : target.slice(0, slash));
  const subresource = slash < 0 ? "" : target.slice(slash + 1);
  const attributes = { isResourceRequest: true, verb, path: "", apiGroup, apiVersion: "v1", namespace, resource };
  return { user, attributes: { ...attributes, subresource, name } };
}

export function urlProbe(user: PolicyUser | null, verb: string, path: string): Probe {
  const none = { apiGroup: "", apiVersion: "", namespace: "", resource: "", subresource: "", name: "" };
  return { user, attributes: { isResourceRequest: false, verb, path, ...none } };
}

const AUTHENTICATED = "system:authenticated";

/** Somebody of each kind, with the groups the API server gives them. */
export const WHO = {
  person: { name: "jane@example.com", groups: [AUTHENTICATED] },
  serviceAccount: naturalUser("system:serviceaccount:shop:cart"),
  controller: naturalUser("system:serviceaccount:kube-system:replicaset-controller"),
  node: naturalUser("system:node:worker-1"),
  controllerManager: { name: "system:kube-controller-manager", groups: [AUTHENTICATED] },
  scheduler: { name: "system:kube-scheduler", groups: [AUTHENTICATED] },
  apiserver: { name: "system:apiserver", groups: ["system:masters", AUTHENTICATED] },
  anonymous: { name: "system:anonymous", groups: ["system:unauthenticated"] },
  /** A failed authentication. */
  nobody: null,
} as const satisfies Readonly<Record<string, PolicyUser | null>>;

/** Who a username stands for, with the groups that come with it. */
export function naturalUser(name: string): PolicyUser {
  if (name === "system:anonymous") return { name, groups: ["system:unauthenticated"] };
  if (name.startsWith("system:node:")) return { name, groups: ["system:nodes", AUTHENTICATED] };
  const account = /^system:serviceaccount:([^:]+):[^:]+$/.exec(name)?.[1];
  if (account === undefined) return { name, groups: [AUTHENTICATED] };
  return { name, groups: ["system:serviceaccounts", `system:serviceaccounts:${account}`, AUTHENTICATED] };
}

/** Somebody in a group and in no other that he need not be in. */
export function memberOf(group: string): PolicyUser {
  if (group === "system:unauthenticated") return WHO.anonymous;
  const account = /^system:serviceaccounts(?::(.+))?$/.exec(group);
  if (account !== null) return naturalUser(`system:serviceaccount:${account[1] ?? "shop"}:cart`);
  if (group === "system:nodes") return WHO.node;
  return { name: "jane@example.com", groups: group === AUTHENTICATED ? [group] : [group, AUTHENTICATED] };
}

export const RESOURCE_VERBS = [
  "get",
  "list",
  "watch",
  "create",
  "update",
  "patch",
  "delete",
  "deletecollection",
] as const;
export const URL_VERBS = ["get", "post", "put", "patch", "delete", "head", "options"] as const;

/** Requests that name no object in the URL; lists and watches may, by a selector. */
export const NAMELESS_VERBS: readonly string[] = ["list", "watch", "create", "deletecollection"];

/** A resource, a group, a name that no policy mentions. */
export const UNHEARD = {
  group: "unheard.example.com",
  resource: "widgets",
  name: "unheard-of",
  subresource: "part",
} as const;
export const CUSTOM_RESOURCE = `${UNHEARD.resource}.${UNHEARD.group}`;
