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
