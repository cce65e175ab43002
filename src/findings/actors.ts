/** Who does what, as filters and tests that detectors share. */

/** The cluster's own controllers, scheduler, API servers and kubelets. */
export const MACHINERY = "actor:controller,scheduler,apiserver,node";
export const NOT_MACHINERY = `-${MACHINERY}`;

export function isSystemNamespace(namespace: string): boolean {
  return /^(?:kube-(?:system|public|node-lease)$|openshift-|gke-)/.test(namespace);
}
