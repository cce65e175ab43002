/** Who does what, as filters and tests that detectors share. */

/** The cluster's own controllers, scheduler, API servers and kubelets. */
export const MACHINERY = "actor:controller,scheduler,apiserver,node";
export const NOT_MACHINERY = `-${MACHINERY}`;

export const SYSTEM_NAMESPACES = "ns:kube-system,kube-public,kube-node-lease,openshift-*,gke-*";

export function isSystemNamespace(namespace: string): boolean {
  return /^(?:kube-(?:system|public|node-lease)$|openshift-|gke-)/.test(namespace);
}

/** Programs that people and scripts call with by hand, for filters and as a test. */
const PROGRAMS =
  "kubectl|k9s|curl|wget|python-requests|python-urllib|python-httpx|postman|insomnia|httpie|lens|mozilla|go-http-client|perl|ruby|php|kali";
export const BY_HAND = `ua:/^(${PROGRAMS})/i`;
const BY_HAND_TEST = new RegExp(`^(?:${PROGRAMS})`, "i");

export function isByHand(useragent: string): boolean {
  return BY_HAND_TEST.test(useragent);
}

/** Components whose certificates are of one day, and run out all at once. */
const COMPONENT = /^(?:kubelet|kube-controller-manager|kube-scheduler|kube-proxy|cilium|calico|flannel)/;

export function isComponent(useragent: string): boolean {
  return COMPONENT.test(useragent);
}
