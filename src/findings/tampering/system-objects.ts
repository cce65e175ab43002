import { NOT_MACHINERY, SYSTEM_NAMESPACES } from "../actors.ts";
import { incidents } from "../incidents.ts";

export const dnsChanged = incidents({
  id: "dns-config-changed",
  about: "somebody changed where names lead in the whole cluster",
  severity: "high",
  needs: ["metadata"],
  advice: "Compare the Corefile with what it was (`ktrail trail configmap/coredns -n kube-system`); ask what for.",
  references: ["T1557", "Microsoft: CoreDNS poisoning", "Elastic: coredns or kube-dns configuration modified"],
  wants: `verb:create,update,patch,delete resource:configmaps ${SYSTEM_NAMESPACES} name:coredns,coredns-custom,kube-dns,node-local-dns,dns-default ${NOT_MACHINERY}`,
  usual: { user: "pavel", verb: "patch", resource: "configmaps", namespace: "kube-system", name: "coredns" },
  hits: [[{}], [{ verb: "update", name: "node-local-dns" }]],
  misses: [[{ verb: "get" }], [{ namespace: "shop" }]],
  judge: () => ({}),
});

export const loginChanged = incidents({
  id: "aws-auth-changed",
  about: "somebody changed who is let into the cluster, or whom the API server trusts",
  severity: "high",
  needs: ["metadata"],
  advice: "Compare it with what it was, and look for names that do not belong there.",
  references: [
    "T1098",
    "T1556",
    "Stratus: eks.persistence.backdoor-aws-auth-configmap",
    "Elastic: aws-auth configmap modified",
  ],
  wants: `verb:create,update,patch,delete (resource:configmaps ns:kube-system,kube-public name:aws-auth,extension-apiserver-authentication,kubeadm-config,cluster-info) ${NOT_MACHINERY} -user:eks:*`,
  usual: { user: "x", verb: "update", resource: "configmaps", namespace: "kube-system", name: "aws-auth" },
  hits: [[{ verb: "patch" }], [{ name: "extension-apiserver-authentication" }]],
  misses: [[{ verb: "get" }], [{ user: "eks:cluster-bootstrap" }]],
  judge: () => ({}),
});

export const reservedNamespace = incidents({
  id: "namespace-reserved",
  about: "somebody made a namespace that looks like one of the cluster itself",
  severity: "low",
  needs: ["metadata"],
  advice: "Name it otherwise: kube- is for Kubernetes.",
  references: ["T1036.005", "Falco: Create Disallowed Namespace"],
  wants: `verb:create resource:namespaces sub:"" name:kube-*,openshift-* ${NOT_MACHINERY}`,
  usual: { user: "priya", verb: "create", resource: "namespaces" },
  hits: [[{ name: "kube-maintenance" }], [{ name: "openshift-x" }]],
  misses: [[{ name: "shop" }], [{ user: "system:apiserver", name: "kube-node-lease" }]],
  judge: () => ({}),
});

export const namespaceDeleted = incidents({
  id: "namespace-deleted",
  about: "a person deleted a namespace, and everything in it",
  severity: "low",
  needs: ["metadata"],
  advice: "If it was a mistake: `ktrail object KIND/NAME FILE --manifest` writes what was in it to apply again.",
  references: ["T1485", "Falco: K8s Namespace Deleted"],
  wants: 'verb:delete resource:namespaces sub:"" actor:human',
  usual: { user: "ann", verb: "delete", resource: "namespaces", name: "shop" },
  hits: [[{}], [{ name: "kube-public", code: 403, decision: "forbid" }]],
  misses: [[{ user: "system:serviceaccount:ci:cleaner", name: "pr-1" }], [{ verb: "get" }]],
  judge: () => ({}),
});

export const definitionDeleted = incidents({
  id: "crd-deleted",
  about: "somebody deleted a kind of object, and with it all objects of that kind",
  severity: "high",
  needs: ["metadata"],
  advice: "Apply the definition again, and its objects: `ktrail object` writes those the log knows.",
  references: ["T1485"],
  wants: `verb:delete,deletecollection resource:customresourcedefinitions.apiextensions.k8s.io sub:"" ${NOT_MACHINERY}`,
  usual: {
    user: "ann",
    verb: "delete",
    resource: "customresourcedefinitions.apiextensions.k8s.io",
    name: "widgets.example.com",
  },
  hits: [[{}], [{ user: "system:serviceaccount:ops:x", name: "w.example.com" }]],
  misses: [[{ verb: "create" }], [{ resource: "widgets.example.com", namespace: "a", name: "w" }]],
  judge: () => ({}),
});

export const unsafeDelete = incidents({
  id: "unsafe-delete",
  about: "somebody deleted an object that could not be read, past its finalizers",
  severity: "critical",
  needs: ["annotations"],
  advice: "Look for what it owned: nothing cleaned up after it.",
  references: ["KEP-3926"],
  // Its value is empty, which the filter language cannot tell from absent.
  wants: `verb:delete,deletecollection ${NOT_MACHINERY}`,
  usual: { user: "ann", verb: "delete", resource: "secrets", namespace: "a", name: "x" },
  hits: [
    [{ annotations: { "apiserver.k8s.io/unsafe-delete-ignore-read-error": "" } }],
    [{ resource: "configmaps", annotations: { "apiserver.k8s.io/unsafe-delete-ignore-read-error": "" } }],
  ],
  misses: [[{}], [{ verb: "get" }]],
  judge: ({ facts }) => ("apiserver.k8s.io/unsafe-delete-ignore-read-error" in facts.annotations ? {} : null),
});
