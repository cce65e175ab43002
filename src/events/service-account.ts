import { isDnsLabel, isDnsSubdomain } from "./dns-name.ts";

const PREFIX = "system:serviceaccount:";
export interface ServiceAccount {
  readonly namespace: string;
  readonly name: string;
}

/** The account a username stands for; null for users, also for those whose name only begins like an account's. */
export function serviceAccountOf(user: string): ServiceAccount | null {
  if (!user.startsWith(PREFIX)) return null;
  const [namespace = "", name = "", ...rest] = user.slice(PREFIX.length).split(":");
  return rest.length === 0 && isServiceAccount({ namespace, name }) ? { namespace, name } : null;
}

/** Whether the API server takes these as namespace and name of a service account. */
export function isServiceAccount({ namespace, name }: ServiceAccount): boolean {
  return isDnsLabel(namespace) && isDnsSubdomain(name);
}

export function serviceAccountUser({ namespace, name }: ServiceAccount): string {
  return `${PREFIX}${namespace}:${name}`;
}

const NODE = "system:node:";

/** What tables call a user, so that what tells rows apart has the room: `sa:kube-system/noisy-agent`, `node:worker-1`. */
export function shortUser(user: string): string {
  const account = serviceAccountOf(user);
  if (account !== null) return `sa:${account.namespace}/${account.name}`;
  return user.startsWith(NODE) && user.length > NODE.length ? `node:${user.slice(NODE.length)}` : user;
}

/** The user such a name, or a pattern of such names, is short for; null when it is none. */
export function longUser(short: string): string | null {
  if (short.startsWith("node:") && short.length > "node:".length) return `${NODE}${short.slice("node:".length)}`;
  const [, namespace, name] = /^sa:([^/:]+)\/([^/:]+)$/.exec(short) ?? [];
  return namespace === undefined || name === undefined ? null : serviceAccountUser({ namespace, name });
}
