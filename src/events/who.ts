import { serviceAccountOf } from "./service-account.ts";

/** `kubectl/v1.36.2 (linux/amd64) kubernetes/8e16b12` → `kubectl`; `curl/8.1 scanner` → `curl`; "" → "". */
export function programOf(useragent: string): string {
  const end = useragent.search(/[/\s(]/);
  return end < 0 ? useragent : useragent.slice(0, end);
}

/**
 * The `who` dimension: identities collapsed to what a person means. All nodes are `nodes`, a service account is
 * `namespace/name` (the pods of a workload share it), a request without a user is its program, else `unauthenticated`.
 */
export function whoOf(user: string, useragent: string): string {
  if (user === "") return programOf(useragent) || "unauthenticated";
  if (user.startsWith("system:node:")) return "nodes";
  const account = serviceAccountOf(user);
  return account === null ? user : `${account.namespace}/${account.name}`;
}
