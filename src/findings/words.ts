import { objectText } from "../events/object-key.ts";
import type { RequestFacts } from "../events/request.ts";
import { whoOf } from "../events/who.ts";
import { duration } from "../models/numbers.ts";

/** `ingress/traefik`, `alice`, `alice as system:admin`; the address where nobody was authenticated. */
export function actorText({ user, asFrom, ip }: Pick<RequestFacts, "user" | "asFrom" | "ip">): string {
  if (asFrom !== "") return `${personText(asFrom)} as ${user === "" ? "nobody" : user}`;
  return user === "" ? `somebody at ${ip === "" ? "an unknown address" : ip}` : personText(user);
}

export function personText(user: string): string {
  return user.startsWith("system:node:") ? user : whoOf(user, "");
}

/** `pods shop/web-1`, `nodes worker-2`, `secrets in shop`, `secrets of all namespaces`, `/version`. */
export function targetText({
  resource,
  subresource,
  namespace,
  name,
  uri,
}: Pick<RequestFacts, "resource" | "subresource" | "namespace" | "name" | "uri">): string {
  if (resource === "") return uri.split("?", 1)[0] ?? "";
  const what = subresource === "" ? plain(resource) : `${plain(resource)}/${subresource}`;
  if (name !== "") return namespace === "" ? `${what} ${name}` : `${what} ${namespace}/${name}`;
  return namespace === "" ? what : `${what} in ${namespace}`;
}

/** Without the group: `deployments.apps` → `deployments`. */
export function plain(resource: string): string {
  return resource.split(".", 1)[0] ?? "";
}

export function objectOf({ resource, namespace, name }: Pick<RequestFacts, "resource" | "namespace" | "name">): string {
  return objectText(resource, namespace, name);
}

/** `a, b and c`; of more than `most` the first ones and how many others. */
export function list(values: Iterable<string>, most = 4): string {
  const all = [...values];
  if (all.length > most) return `${all.slice(0, most - 1).join(", ")} and ${all.length - most + 1} more`;
  return all.length < 2 ? (all[0] ?? "") : `${all.slice(0, -1).join(", ")} and ${all.at(-1) ?? ""}`;
}

/** `within 3m05s`; "at once" for less than a second. */
export function within(firstSeen: string, lastSeen: string): string {
  const ms = Date.parse(lastSeen) - Date.parse(firstSeen);
  return ms < 1_000 || Number.isNaN(ms) ? "at once" : `within ${duration(ms)}`;
}
