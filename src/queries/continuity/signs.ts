/** What a new process of an API server leaves in its log, as terms of the filter language: evidence is what they select. */

/** The API server's own identity, which nobody else can have but by impersonation. */
export const OWN_USER = "system:apiserver";
const OWN = `user:"${OWN_USER}" as:""`;

/** What it reconciles when it starts: the roles and bindings that come with it. */
export const BOOTSTRAP_ROLES = ["clusterroles", "clusterrolebindings", "roles", "rolebindings"].map(
  (resource) => `${resource}.rbac.authorization.k8s.io`,
);
export const ROLE_VERBS: readonly string[] = ["get", "create", "update"];
export const PRIORITY_CLASSES = "priorityclasses.scheduling.k8s.io";
export const BOOTSTRAP_CLASSES: readonly string[] = ["system-node-critical", "system-cluster-critical"];
export const LEASES = "leases.coordination.k8s.io";
export const LEASE_NAMESPACE = "kube-system";
export const LEASE_PREFIX = "apiserver-";
export const LEASE_VERBS: readonly string[] = ["create", "delete"];
export const INFORMER_VERBS: readonly string[] = ["list", "watch"];
export const STARTUP_ANNOTATION = "apiserver.k8s.io/startup";
export const HEALTH_PATHS: readonly string[] = ["/readyz", "/livez", "/healthz"];
/** Actor classes the cluster is made of. */
export const CLUSTER_CLIENTS: readonly string[] = ["controller", "scheduler", "node"];

const LEASE = `resource:${LEASES} ns:${LEASE_NAMESPACE} name:${LEASE_PREFIX}*`;
const HEALTH = HEALTH_PATHS.flatMap((path) => [path, `${path}/*`]).join(",");

export const SIGNS = {
  /**
   * It starts some forty informers at once, then reconciles the roles, bindings and priority classes that come with it, and
   * takes its lease. In steady state the same identity asks for five of these in five seconds at most.
   */
  bootstrap: `${OWN} (${[
    `verb:${INFORMER_VERBS.join()} resource:* ns:"" name:""`,
    `resource:${BOOTSTRAP_ROLES.join()} verb:${ROLE_VERBS.join()} name:*`,
    `resource:${PRIORITY_CLASSES} name:${BOOTSTRAP_CLASSES.join()}`,
    `${LEASE} verb:${LEASE_VERBS.join()}`,
  ].join(" OR ")})`,
  /** OpenShift's API server marks what it answers before it is ready. */
  startup: `annotation:${STARTUP_ANNOTATION}`,
  notReady: `path:${HEALTH} code:5xx`,
  /** Until its informers have the roles, RBAC refuses even those the cluster is made of. */
  refused: `code:403 actor:${CLUSTER_CLIENTS.join()}`,
} as const;
export type Sign = keyof typeof SIGNS;

/** Evidence that is counted once a start is known. */
export const READY = "path:/readyz,/readyz/* code:200";
/** A process that ends in good order gives its lease back; the next one finds a lease that was not given back. */
export const LEASE_GIVEN_BACK = `${OWN} verb:delete ${LEASE} code:200`;
export const WATCHES = "verb:watch";
/** Never ended. A failed authentication has: it is logged at ResponseStarted only, without a user. */
export const NOT_ENDED = `stage:RequestReceived,ResponseStarted -(stage:ResponseStarted user:"")`;
