import { CLOUD_PREFIXES, CONTROLLER_ACCOUNTS } from "../../events/actor-class.ts";
import { defaultObjects } from "../../rbac/defaults.ts";

/**
 * Names that are Kubernetes' own, or of the clouds' machinery: the same in every cluster, so they tell of none. Users,
 * groups, namespaces, roles and objects; whole names only.
 */

const OBJECTS = `
default kube-system kube-public kube-node-lease
kubernetes kube-root-ca.crt cluster-info kubeadm-config kubelet-config extension-apiserver-authentication
kube-apiserver-legacy-service-account-token-tracking legacy-service-account-token-tracking
kube-apiserver kube-controller-manager kube-scheduler kube-proxy kubelet kubectl kubeadm kube-dns coredns etcd etcd-0 apiserver scheduler controller-manager
taint-eviction-controller device-taint-eviction-controller pod-garbage-collector node-lifecycle-controller
cloud-controller-manager kube-aggregator kube-apiserver-admission kube-addon-manager metrics-server konnectivity-agent
admin edit view cluster-admin
system-cluster-critical system-node-critical
kube openshift aws-auth node-debugger coredns-custom node-local-dns dns-default
exempt system catch-all global-default leader-election node-high probes service-accounts system-leader-election system-nodes
system-node-high workload-leader-election workload-high workload-low kube-system-service-accounts endpoint-controller
openshift.io registry.k8s.io JTI X509SHA256
`;

/** What comes with the components: parts of their user agents, field managers, labels, keys of what they write. */
const OF_COMPONENTS = `
shared-informers metadata-informers tokens-controller node-lifecycle-controller persistentvolume-controller
garbage-collector cluster-role-aggregation-controller storage-version-garbage-collector
before-first-apply kubectl-client-side-apply kubectl-create kubectl-edit kubectl-patch kubectl-replace kubectl-rollout
kubectl-scale kubectl-set kubectl-label kubectl-annotate kubectl-taint kubectl-run kubectl-expose kubectl-autoscale
kubectl-last-applied kubectl-drain kubectl-cordon kubectl-debug
control-plane openid-configuration well-known kubernetes.io
pod-template-hash controller-revision-hash controller-uid job-name k8s-app
tls.crt tls.key ca.crt service-ca.crt client-ca-file requestheader-client-ca-file
`;

export const OWNED: ReadonlySet<string> = new Set([
  ...words(OBJECTS),
  ...words(OF_COMPONENTS),
  ...CLOUD_PREFIXES.map((prefix) => prefix.replace(/[:-]$/, "")),
  ...CONTROLLER_ACCOUNTS,
  ...defaultObjects().roles.map(({ name }) => name),
  ...defaultObjects().bindings.flatMap(({ subjects }) => subjects.map(({ name }) => name)),
  "system:anonymous",
  "system:admin",
  "system:apiserver",
  "system:kube-apiserver",
  "system:cloud-controller-manager",
  "system:nodes",
  "system:bootstrappers",
  "system:unsecured",
  "system:aggregator",
  "system:konnectivity-server",
]);

function words(text: string): readonly string[] {
  return text.split(/\s+/).filter((word) => word !== "");
}
