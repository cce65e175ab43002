/**
 * What people call Kubernetes resources: short names, singulars, plurals and kinds, as kubectl knows them, against the
 * spelling used everywhere else here, plural with group (`deployments.apps`, core without a dot: `pods`).
 */

interface ResourceName {
  readonly resource: string;
  readonly kind: string;
  readonly singular: string;
  /** kubectl's first one; the singular where it has none. */
  readonly shortName: string;
  readonly clusterScoped: boolean;
}

/** group | plural, kind, short names…; a `*` after the plural marks cluster-scoped resources. */
const TABLE: readonly (readonly [string, string])[] = [
  [
    "",
    `bindings Binding
componentstatuses* ComponentStatus cs
configmaps ConfigMap cm
endpoints Endpoints ep
events Event ev
limitranges LimitRange limits
namespaces* Namespace ns
nodes* Node no
persistentvolumeclaims PersistentVolumeClaim pvc
persistentvolumes* PersistentVolume pv
pods Pod po
podtemplates PodTemplate
replicationcontrollers ReplicationController rc
resourcequotas ResourceQuota quota
secrets Secret
serviceaccounts ServiceAccount sa
services Service svc`,
  ],
  [
    "apps",
    `controllerrevisions ControllerRevision
daemonsets DaemonSet ds
deployments Deployment deploy
replicasets ReplicaSet rs
statefulsets StatefulSet sts`,
  ],
  [
    "batch",
    `cronjobs CronJob cj
jobs Job`,
  ],
  ["autoscaling", "horizontalpodautoscalers HorizontalPodAutoscaler hpa"],
  ["policy", "poddisruptionbudgets PodDisruptionBudget pdb\npodsecuritypolicies* PodSecurityPolicy psp"],
  [
    "networking.k8s.io",
    `ingressclasses* IngressClass
ingresses Ingress ing
ipaddresses* IPAddress ip
networkpolicies NetworkPolicy netpol
servicecidrs* ServiceCIDR`,
  ],
  ["discovery.k8s.io", "endpointslices EndpointSlice"],
  ["events.k8s.io", "events Event ev"],
  ["coordination.k8s.io", "leases Lease\nleasecandidates LeaseCandidate"],
  [
    "rbac.authorization.k8s.io",
    `clusterrolebindings* ClusterRoleBinding
clusterroles* ClusterRole
rolebindings RoleBinding
roles Role`,
  ],
  [
    "storage.k8s.io",
    `csidrivers* CSIDriver
csinodes* CSINode
csistoragecapacities CSIStorageCapacity
storageclasses* StorageClass sc
volumeattachments* VolumeAttachment
volumeattributesclasses* VolumeAttributesClass vac`,
  ],
  ["scheduling.k8s.io", "priorityclasses* PriorityClass pc"],
  ["node.k8s.io", "runtimeclasses* RuntimeClass"],
  ["certificates.k8s.io", "certificatesigningrequests* CertificateSigningRequest csr"],
  ["apiextensions.k8s.io", "customresourcedefinitions* CustomResourceDefinition crd crds"],
  ["apiregistration.k8s.io", "apiservices* APIService"],
  [
    "admissionregistration.k8s.io",
    `mutatingadmissionpolicies* MutatingAdmissionPolicy
mutatingadmissionpolicybindings* MutatingAdmissionPolicyBinding
mutatingwebhookconfigurations* MutatingWebhookConfiguration
validatingadmissionpolicies* ValidatingAdmissionPolicy
validatingadmissionpolicybindings* ValidatingAdmissionPolicyBinding
validatingwebhookconfigurations* ValidatingWebhookConfiguration`,
  ],
  ["flowcontrol.apiserver.k8s.io", "flowschemas* FlowSchema\nprioritylevelconfigurations* PriorityLevelConfiguration"],
  ["authentication.k8s.io", "selfsubjectreviews* SelfSubjectReview\ntokenreviews* TokenReview"],
  [
    "authorization.k8s.io",
    `localsubjectaccessreviews LocalSubjectAccessReview
selfsubjectaccessreviews* SelfSubjectAccessReview
selfsubjectrulesreviews* SelfSubjectRulesReview
subjectaccessreviews* SubjectAccessReview`,
  ],
  [
    "resource.k8s.io",
    `deviceclasses* DeviceClass
resourceclaims ResourceClaim
resourceclaimtemplates ResourceClaimTemplate
resourceslices* ResourceSlice`,
  ],
  ["metrics.k8s.io", "nodes* NodeMetrics\npods PodMetrics"],
  // Served until 1.16–1.22: they live on in old logs.
  [
    "extensions",
    `daemonsets DaemonSet ds
deployments Deployment deploy
ingresses Ingress ing
networkpolicies NetworkPolicy netpol
podsecuritypolicies* PodSecurityPolicy psp
replicasets ReplicaSet rs`,
  ],
];

const byResource = new Map<string, ResourceName>();
const byWord = new Map<string, string[]>();

function know(word: string, resource: string): void {
  const known = byWord.get(word);
  if (known === undefined) byWord.set(word, [resource]);
  else if (!known.includes(resource)) known.push(resource);
}

for (const [group, lines] of TABLE) {
  for (const line of lines.split("\n")) {
    const [first = "", kind = "", ...shortNames] = line.split(" ");
    const clusterScoped = first.endsWith("*");
    const plural = clusterScoped ? first.slice(0, -1) : first;
    const resource = group === "" ? plural : `${plural}.${group}`;
    const singular = kind.toLowerCase();
    byResource.set(resource, { resource, kind, singular, shortName: shortNames[0] ?? singular, clusterScoped });
    // Metrics share their words with the resources they measure: only their full name means them.
    if (group === "metrics.k8s.io") continue;
    for (const word of [plural, singular, ...shortNames]) know(word, resource);
  }
}

/** `deployments.apps` → ["deployments", "apps"]; `pods` → ["pods", ""]. */
export function splitResource(resource: string): readonly [plural: string, group: string] {
  const dot = resource.indexOf(".");
  return dot < 0 ? [resource, ""] : [resource.slice(0, dot), resource.slice(dot + 1)];
}

/**
 * Resources a word may mean, likeliest first: `deploy`, `Deployment`, `deployments`, `deployment.apps`,
 * `deployments.v1.apps` → `deployments.apps`. An unknown word with a group is returned as it stands (a custom resource
 * in full); an unknown bare word gives [], since only a log can say which group it is in.
 */
export function resolveResource(text: string): string[] {
  const word = text.toLowerCase();
  const known = byWord.get(word);
  if (known !== undefined) return [...known];
  if (byResource.has(word)) return [word];
  const [head, group] = splitResource(word);
  if (group === "") return [];
  const versionless = group.replace(/^v\d+((alpha|beta)\d+)?\./, "").replace(/^v\d+((alpha|beta)\d+)?$/, "");
  const [plural = head] = (byWord.get(head) ?? []).flatMap((resource) => {
    const [name, ofGroup] = splitResource(resource);
    return ofGroup === versionless ? [name] : [];
  });
  return [versionless === "" ? plural : `${plural}.${versionless}`];
}

/** Words up to this long are not shortened: `pod`, `service`, but `deploy`. */
const LONG_WORD = 8;

/**
 * The word people write in front of an object's name: `pod`, `deploy`, `lease`; a resource in full where a word would mean
 * another one or nothing (`widgets.example.com`).
 */
export function wordFor(resource: string): string {
  const known = byResource.get(resource);
  if (known === undefined) return resource;
  const word = known.singular.length > LONG_WORD ? known.shortName : known.singular;
  return resolveResource(word)[0] === resource ? word : resource;
}

/** Singular of an English plural as Kubernetes forms them: `widgets` → `widget`, `policies` → `policy`. */
function singularOf(plural: string): string {
  if (plural.endsWith("ies")) return `${plural.slice(0, -3)}y`;
  if (/(s|x|ch|sh)es$/.test(plural)) return plural.slice(0, -2);
  return plural.endsWith("s") ? plural.slice(0, -1) : plural;
}

/** Plural as Kubernetes' `UnsafeGuessKindToResource` forms it. */
function pluralOf(singular: string): string {
  if (singular.endsWith("s")) return `${singular}es`;
  if (singular.endsWith("y")) return `${singular.slice(0, -1)}ies`;
  return `${singular}s`;
}

/** Kind of a resource; for an unknown one a guess from its plural (`widgets.example.com` → `Widget`). */
export function kindOf(resource: string): string {
  const known = byResource.get(resource);
  if (known !== undefined) return known.kind;
  const singular = singularOf(splitResource(resource)[0]);
  return singular.charAt(0).toUpperCase() + singular.slice(1);
}

/** Resource of a kind and apiVersion (`ReplicaSet`, `apps/v1` → `replicasets.apps`); guessed for unknown kinds. */
export function resourceOfKind(kind: string, apiVersion: string): string {
  const slash = apiVersion.indexOf("/");
  const group = slash < 0 ? "" : apiVersion.slice(0, slash);
  const word = kind.toLowerCase();
  for (const resource of byWord.get(word) ?? []) {
    if (splitResource(resource)[1] === group) return resource;
  }
  const plural = pluralOf(word);
  return group === "" ? plural : `${plural}.${group}`;
}

const GROUPS_SERVING = new Map<string, string[]>();
for (const [group, lines] of TABLE) {
  for (const line of lines.split("\n")) {
    const plural = (line.split(" ", 1)[0] ?? "").replace("*", "");
    GROUPS_SERVING.set(plural, [...(GROUPS_SERVING.get(plural) ?? []), group]);
  }
}

/** Groups of Kubernetes itself; "" is the core group. */
export const BUILT_IN_GROUPS: readonly string[] = TABLE.map(([group]) => group);

export function isBuiltInGroup(group: string): boolean {
  return BUILT_IN_GROUPS.includes(group);
}

/** Groups of Kubernetes that serve, or once served, a resource of this plural; none for what it doesn't know. */
export function groupsServing(plural: string): readonly string[] {
  return GROUPS_SERVING.get(plural) ?? [];
}

/** One of Kubernetes' own. */
export function isBuiltIn(resource: string): boolean {
  return byResource.has(resource);
}

/** Known to live outside namespaces; unknown resources answer false. */
export function isClusterScoped(resource: string): boolean {
  return byResource.get(resource)?.clusterScoped ?? false;
}

/** Every word that names a type of Kubernetes' own: kinds and their lists, plurals, singulars, short names, groups. */
export function* allResourceWords(): Generator<string> {
  for (const { resource, kind, singular } of byResource.values()) {
    const [plural, group] = splitResource(resource);
    yield* [resource, kind, `${kind}List`, singular, plural];
    if (group !== "") yield group;
  }
  yield* byWord.keys();
}
