import type { PolicyRule } from "./objects.ts";
import { isResourceMatch } from "./authorizer.ts";

interface Power {
  readonly verbs: readonly string[];
  readonly apiGroup: string;
  readonly resources: readonly string[];
  /** What else whoever has it can do. */
  readonly means: string;
}

const READ = ["get", "list", "watch"];
const WRITE = ["create", "update", "patch"];
const RBAC = "rbac.authorization.k8s.io";
const ADMISSION = "admissionregistration.k8s.io";

/** Rights that are the start of others, however least the role. */
const POWERS: readonly Power[] = [
  { verbs: READ, apiGroup: "", resources: ["secrets"], means: "reads tokens and passwords" },
  {
    verbs: ["create", "patch"],
    apiGroup: "",
    resources: ["pods"],
    means: "runs as any service account of the namespace",
  },
  {
    verbs: ["create", "get"],
    apiGroup: "",
    resources: ["pods/exec", "pods/attach", "pods/ephemeralcontainers"],
    means: "acts from inside of pods",
  },
  { verbs: ["create", "get"], apiGroup: "", resources: ["nodes/proxy"], means: "reaches every pod of the node" },
  { verbs: ["create"], apiGroup: "", resources: ["serviceaccounts/token"], means: "makes tokens of service accounts" },
  { verbs: ["create"], apiGroup: "", resources: ["persistentvolumes"], means: "mounts directories of nodes" },
  { verbs: WRITE, apiGroup: "", resources: ["nodes"], means: "moves pods by labels and taints" },
  { verbs: ["impersonate"], apiGroup: "", resources: ["users", "groups", "serviceaccounts"], means: "acts as others" },
  {
    verbs: ["bind", "escalate"],
    apiGroup: RBAC,
    resources: ["roles", "clusterroles"],
    means: "grants what it does not have",
  },
  {
    verbs: WRITE,
    apiGroup: RBAC,
    resources: ["roles", "clusterroles", "rolebindings", "clusterrolebindings"],
    means: "changes who may do what",
  },
  {
    verbs: WRITE,
    apiGroup: ADMISSION,
    resources: ["mutatingwebhookconfigurations", "validatingwebhookconfigurations", "validatingadmissionpolicies"],
    means: "sees and changes what others write",
  },
  { verbs: ["approve", "sign"], apiGroup: "certificates.k8s.io", resources: ["signers"], means: "makes identities" },
  { verbs: WRITE, apiGroup: "apiregistration.k8s.io", resources: ["apiservices"], means: "answers for the API server" },
];

/** What a rule makes possible beyond its words; empty for most. */
export function powersOf({ verbs, apiGroups, resources }: PolicyRule): readonly string[] {
  const has = (values: readonly string[], value: string): boolean => values.includes(value) || values.includes("*");
  return POWERS.filter(
    (power) =>
      power.verbs.some((verb) => has(verbs, verb)) &&
      has(apiGroups, power.apiGroup) &&
      power.resources.some((resource) => {
        const [plural = "", subresource = ""] = resource.split("/");
        return isResourceMatch(resources, plural, subresource);
      }),
  ).map(({ means }) => means);
}
