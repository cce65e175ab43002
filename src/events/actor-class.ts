import type { ActorClass } from "./vocabulary.ts";

/** Controllers that run with their own user instead of a service account. */
const CONTROLLER_USERS: ReadonlySet<string> = new Set([
  "system:kube-controller-manager",
  "system:cloud-controller-manager",
]);

/** Service accounts of kube-controller-manager's controllers whose names don't end in "-controller". */
const CONTROLLER_ACCOUNTS: ReadonlySet<string> = new Set([
  "generic-garbage-collector",
  "horizontal-pod-autoscaler",
  "pod-garbage-collector",
  "bootstrap-signer",
  "token-cleaner",
  "root-ca-cert-publisher",
  "service-ca-cert-publisher",
  "kube-apiserver-serving-clustertrustbundle-publisher",
  "legacy-service-account-token-cleaner",
  "cloud-provider",
  "cloud-controller-manager",
]);

const KUBE_SYSTEM_ACCOUNT = "system:serviceaccount:kube-system:";

/**
 * What kind of actor a request is from, by its effective user and groups. The user agent is not asked: anybody can
 * claim any.
 */
export function actorClassOf(user: string, groups: readonly string[]): ActorClass {
  if (user === "" || user === "system:anonymous") return "anonymous";
  if (user.startsWith("system:node:") || groups.includes("system:nodes")) return "node";
  if (!user.startsWith("system:")) return "human";
  if (user.startsWith(KUBE_SYSTEM_ACCOUNT)) {
    const name = user.slice(KUBE_SYSTEM_ACCOUNT.length);
    if (name.endsWith("-controller") || CONTROLLER_ACCOUNTS.has(name)) return "controller";
    return name === "kube-scheduler" ? "scheduler" : "serviceaccount";
  }
  if (user.startsWith("system:serviceaccount:")) return "serviceaccount";
  if (CONTROLLER_USERS.has(user)) return "controller";
  if (user === "system:kube-scheduler") return "scheduler";
  return user === "system:apiserver" ? "apiserver" : "other";
}
