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
  hits: [
    [{ user: "pavel", verb: "patch", resource: "configmaps", namespace: "kube-system", name: "coredns" }],
    [{ user: "pavel", verb: "update", resource: "configmaps", namespace: "kube-system", name: "node-local-dns" }],
  ],
  misses: [
    [{ user: "pavel", verb: "get", resource: "configmaps", namespace: "kube-system", name: "coredns" }],
    [{ user: "pavel", verb: "patch", resource: "configmaps", namespace: "shop", name: "coredns" }],
  ],
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
  hits: [
    [{ user: "x", verb: "patch", resource: "configmaps", namespace: "kube-system", name: "aws-auth" }],
    [
      {
        user: "x",
        verb: "update",
        resource: "configmaps",
        namespace: "kube-system",
        name: "extension-apiserver-authentication",
      },
    ],
  ],
  misses: [
    [{ user: "x", verb: "get", resource: "configmaps", namespace: "kube-system", name: "aws-auth" }],
    [
      {
        user: "eks:cluster-bootstrap",
        verb: "update",
        resource: "configmaps",
        namespace: "kube-system",
        name: "aws-auth",
      },
    ],
  ],
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
  hits: [
    [{ user: "priya", verb: "create", resource: "namespaces", name: "kube-maintenance", code: 201 }],
    [{ user: "priya", verb: "create", resource: "namespaces", name: "openshift-x", code: 201 }],
  ],
  misses: [
    [{ user: "priya", verb: "create", resource: "namespaces", name: "shop", code: 201 }],
    [{ user: "system:apiserver", verb: "create", resource: "namespaces", name: "kube-node-lease", code: 201 }],
  ],
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
  hits: [
    [{ user: "ann", verb: "delete", resource: "namespaces", name: "shop" }],
    [{ user: "ann", verb: "delete", resource: "namespaces", name: "kube-public", code: 403, decision: "forbid" }],
  ],
  misses: [
    [{ user: "system:serviceaccount:ci:cleaner", verb: "delete", resource: "namespaces", name: "pr-1" }],
    [{ user: "ann", verb: "get", resource: "namespaces", name: "shop" }],
  ],
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
  hits: [
    [
      {
        user: "ann",
        verb: "delete",
        resource: "customresourcedefinitions.apiextensions.k8s.io",
        name: "widgets.example.com",
      },
    ],
    [
      {
        user: "system:serviceaccount:ops:x",
        verb: "delete",
        resource: "customresourcedefinitions.apiextensions.k8s.io",
        name: "w.example.com",
      },
    ],
  ],
  misses: [
    [
      {
        user: "ann",
        verb: "create",
        resource: "customresourcedefinitions.apiextensions.k8s.io",
        name: "widgets.example.com",
        code: 201,
      },
    ],
    [{ user: "ann", verb: "delete", resource: "widgets.example.com", namespace: "a", name: "w" }],
  ],
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
  hits: [
    [
      {
        user: "ann",
        verb: "delete",
        resource: "secrets",
        namespace: "a",
        name: "x",
        annotations: { "apiserver.k8s.io/unsafe-delete-ignore-read-error": "" },
      },
    ],
    [
      {
        user: "ann",
        verb: "delete",
        resource: "configmaps",
        namespace: "a",
        name: "x",
        annotations: { "apiserver.k8s.io/unsafe-delete-ignore-read-error": "" },
      },
    ],
  ],
  misses: [
    [{ user: "ann", verb: "delete", resource: "secrets", namespace: "a", name: "x" }],
    [{ user: "ann", verb: "get", resource: "secrets", namespace: "a", name: "x" }],
  ],
  judge: ({ facts }) => ("apiserver.k8s.io/unsafe-delete-ignore-read-error" in facts.annotations ? {} : null),
});
