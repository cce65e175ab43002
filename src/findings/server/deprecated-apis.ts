/** What takes the place of deprecated APIs: the annotation says that one is deprecated, not what to use. */
const INSTEAD: Readonly<Record<string, string>> = {
  "cronjobs.batch": "batch/v1",
  "clustertrustbundles.certificates.k8s.io": "certificates.k8s.io/v1beta1",
  componentstatuses: "/livez and /readyz",
  "csistoragecapacities.storage.k8s.io": "storage.k8s.io/v1",
  "deviceclasses.resource.k8s.io": "resource.k8s.io/v1",
  "devicetaintrules.resource.k8s.io": "resource.k8s.io/v1beta2",
  endpoints: "discovery.k8s.io/v1 endpointslices",
  "endpointslices.discovery.k8s.io": "discovery.k8s.io/v1",
  "events.events.k8s.io": "events.k8s.io/v1",
  "flowschemas.flowcontrol.apiserver.k8s.io": "flowcontrol.apiserver.k8s.io/v1",
  "horizontalpodautoscalers.autoscaling": "autoscaling/v2",
  "ingresses.extensions": "networking.k8s.io/v1",
  "ingresses.networking.k8s.io": "networking.k8s.io/v1",
  "ipaddresses.networking.k8s.io": "networking.k8s.io/v1",
  "leasecandidates.coordination.k8s.io": "coordination.k8s.io/v1beta1",
  "mutatingadmissionpolicies.admissionregistration.k8s.io": "admissionregistration.k8s.io/v1",
  "mutatingadmissionpolicybindings.admissionregistration.k8s.io": "admissionregistration.k8s.io/v1",
  "poddisruptionbudgets.policy": "policy/v1",
  "podsecuritypolicies.policy": "Pod Security admission",
  "prioritylevelconfigurations.flowcontrol.apiserver.k8s.io": "flowcontrol.apiserver.k8s.io/v1",
  "resourceclaims.resource.k8s.io": "resource.k8s.io/v1",
  "resourceclaimtemplates.resource.k8s.io": "resource.k8s.io/v1",
  "resourceslices.resource.k8s.io": "resource.k8s.io/v1",
  "runtimeclasses.node.k8s.io": "node.k8s.io/v1",
  "servicecidrs.networking.k8s.io": "networking.k8s.io/v1",
  "validatingadmissionpolicies.admissionregistration.k8s.io": "admissionregistration.k8s.io/v1",
  "validatingadmissionpolicybindings.admissionregistration.k8s.io": "admissionregistration.k8s.io/v1",
  "volumeattributesclasses.storage.k8s.io": "storage.k8s.io/v1",
};

/** "" when unknown. */
export function replacementOf(resource: string): string {
  return Object.hasOwn(INSTEAD, resource) ? (INSTEAD[resource] ?? "") : "";
}
