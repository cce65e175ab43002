import type { ActorClass } from "./vocabulary.ts";

const SERVICE_ACCOUNT = "system:serviceaccount:";
const KUBE_SYSTEM_ACCOUNT = "system:serviceaccount:kube-system:";

/** Controllers of kube-controller-manager and cloud-controller-manager whose account does not end in `-controller`. */
export const CONTROLLER_ACCOUNTS = new Set([
  "bootstrap-signer",
  "cloud-provider",
  "generic-garbage-collector",
  "horizontal-pod-autoscaler",
  "kube-apiserver-serving-clustertrustbundle-publisher",
  "legacy-service-account-token-cleaner",
  "persistent-volume-binder",
  "pod-garbage-collector",
  "root-ca-cert-publisher",
  "service-ca-cert-publisher",
  "storage-version-garbage-collector",
  "storage-version-migrator",
  "token-cleaner",
]);

const OF_SYSTEM_USER = new Map<string, ActorClass>([
  ["", "anonymous"],
  ["system:anonymous", "anonymous"],
  ["system:unauthenticated", "anonymous"],
  ["system:apiserver", "apiserver"],
  ["system:kube-apiserver", "apiserver"],
  ["kube-apiserver", "apiserver"],
  ["system:kube-scheduler", "scheduler"],
  ["system:kube-controller-manager", "controller"],
  ["system:cloud-controller-manager", "controller"],
  // Common names that some installers give the control plane's certificates.
  ["kube-scheduler", "scheduler"],
  ["kube-controller-manager", "controller"],
  ["kubelet", "node"],
  // The certificate identity of OpenShift's and k3s' administrators.
  ["system:admin", "human"],
]);

/** Prefixes of identities that clouds give to their own machinery. */
export const CLOUD_PREFIXES = ["eks:", "aks-", "aksService", "gke-", "azure:"];

/**
 * What kind of client a username stands for. Users of an identity provider and client certificates count as humans; a
 * failed authentication (empty user) as anonymous; `system:` users we don't know as other.
 */
export function actorClassOf(user: string): ActorClass {
  const known = OF_SYSTEM_USER.get(user);
  if (known !== undefined) return known;
  if (user.startsWith("system:node:")) return "node";
  if (user.startsWith(KUBE_SYSTEM_ACCOUNT)) {
    const name = user.slice(KUBE_SYSTEM_ACCOUNT.length);
    return name.endsWith("-controller") || CONTROLLER_ACCOUNTS.has(name) ? "controller" : "serviceaccount";
  }
  if (user.startsWith(SERVICE_ACCOUNT)) return "serviceaccount";
  if (user.startsWith("system:")) return "other";
  return CLOUD_PREFIXES.some((prefix) => user.startsWith(prefix)) ? "other" : "human";
}
