/** Which release no longer serves a group's version, by resource: for 404s, which have no annotation that says so. */
const REMOVED: readonly (readonly [release: string, versions: string, resources: string, use: string])[] = [
  [
    "1.16",
    "extensions/v1beta1",
    "daemonsets deployments replicasets networkpolicies podsecuritypolicies",
    "apps/v1, networking.k8s.io/v1",
  ],
  [
    "1.16",
    "apps/v1beta1 apps/v1beta2",
    "deployments statefulsets daemonsets replicasets controllerrevisions",
    "apps/v1",
  ],
  ["1.22", "extensions/v1beta1 networking.k8s.io/v1beta1", "ingresses ingressclasses", "networking.k8s.io/v1"],
  [
    "1.22",
    "admissionregistration.k8s.io/v1beta1",
    "mutatingwebhookconfigurations validatingwebhookconfigurations",
    "admissionregistration.k8s.io/v1",
  ],
  ["1.22", "apiextensions.k8s.io/v1beta1", "customresourcedefinitions", "apiextensions.k8s.io/v1"],
  ["1.22", "apiregistration.k8s.io/v1beta1", "apiservices", "apiregistration.k8s.io/v1"],
  ["1.22", "authentication.k8s.io/v1beta1", "tokenreviews", "authentication.k8s.io/v1"],
  [
    "1.22",
    "authorization.k8s.io/v1beta1",
    "subjectaccessreviews localsubjectaccessreviews selfsubjectaccessreviews selfsubjectrulesreviews",
    "authorization.k8s.io/v1",
  ],
  ["1.22", "certificates.k8s.io/v1beta1", "certificatesigningrequests", "certificates.k8s.io/v1"],
  ["1.22", "coordination.k8s.io/v1beta1", "leases", "coordination.k8s.io/v1"],
  [
    "1.22",
    "rbac.authorization.k8s.io/v1beta1 rbac.authorization.k8s.io/v1alpha1",
    "roles rolebindings clusterroles clusterrolebindings",
    "rbac.authorization.k8s.io/v1",
  ],
  ["1.22", "scheduling.k8s.io/v1beta1 scheduling.k8s.io/v1alpha1", "priorityclasses", "scheduling.k8s.io/v1"],
  ["1.22", "storage.k8s.io/v1beta1", "csidrivers csinodes storageclasses volumeattachments", "storage.k8s.io/v1"],
  ["1.24", "storage.k8s.io/v1alpha1", "csistoragecapacities volumeattachments", "storage.k8s.io/v1"],
  ["1.25", "batch/v1beta1", "cronjobs", "batch/v1"],
  ["1.25", "discovery.k8s.io/v1beta1", "endpointslices", "discovery.k8s.io/v1"],
  ["1.25", "events.k8s.io/v1beta1", "events", "events.k8s.io/v1"],
  ["1.25", "autoscaling/v2beta1", "horizontalpodautoscalers", "autoscaling/v2"],
  ["1.25", "policy/v1beta1", "poddisruptionbudgets podsecuritypolicies", "policy/v1, Pod Security admission"],
  ["1.25", "node.k8s.io/v1beta1", "runtimeclasses", "node.k8s.io/v1"],
  ["1.26", "autoscaling/v2beta2", "horizontalpodautoscalers", "autoscaling/v2"],
  [
    "1.26",
    "flowcontrol.apiserver.k8s.io/v1beta1",
    "flowschemas prioritylevelconfigurations",
    "flowcontrol.apiserver.k8s.io/v1",
  ],
  ["1.27", "storage.k8s.io/v1beta1", "csistoragecapacities", "storage.k8s.io/v1"],
  [
    "1.29",
    "flowcontrol.apiserver.k8s.io/v1beta2",
    "flowschemas prioritylevelconfigurations",
    "flowcontrol.apiserver.k8s.io/v1",
  ],
  [
    "1.32",
    "flowcontrol.apiserver.k8s.io/v1beta3",
    "flowschemas prioritylevelconfigurations",
    "flowcontrol.apiserver.k8s.io/v1",
  ],
  [
    "1.32",
    "admissionregistration.k8s.io/v1alpha1",
    "validatingadmissionpolicies validatingadmissionpolicybindings",
    "admissionregistration.k8s.io/v1",
  ],
  ["1.32", "authentication.k8s.io/v1alpha1", "selfsubjectreviews", "authentication.k8s.io/v1"],
  ["1.33", "authentication.k8s.io/v1beta1", "selfsubjectreviews", "authentication.k8s.io/v1"],
  [
    "1.34",
    "admissionregistration.k8s.io/v1beta1",
    "validatingadmissionpolicies validatingadmissionpolicybindings",
    "admissionregistration.k8s.io/v1",
  ],
  ["1.35", "storage.k8s.io/v1alpha1", "volumeattributesclasses", "storage.k8s.io/v1"],
];

/** `version`: group and version, `batch/v1beta1`; `resource`: the plural alone. */
export function removalOf(
  version: string,
  resource: string,
): { readonly release: string; readonly use: string } | null {
  const row = REMOVED.find(
    ([, versions, resources]) => versions.split(" ").includes(version) && resources.split(" ").includes(resource),
  );
  return row === undefined ? null : { release: row[0], use: row[3] };
}
