/** Guards that were lowered: labels of namespaces, finalizers, audit itself, and APIs put before others. */
import { asObject, field, list, text } from "../../lineage/json.ts";
import { NOT_MACHINERY } from "../actors.ts";
import { incidents } from "../incidents.ts";
import { plain, targetText } from "../words.ts";

const ENFORCE = "pod-security.kubernetes.io/enforce";
const IGNORED = /^(?:admission\.gatekeeper\.sh\/ignore|.*kyverno.*ignore.*)$/;

export const labelWeakened = incidents({
  id: "psa-label-weakened",
  about: "somebody took a namespace out of what keeps its pods within bounds",
  severity: "high",
  needs: ["request bodies"],
  advice: "Set the label back, and look at what was created in the namespace since.",
  references: ["T1562.001", "Kubernetes: Pod Security admission labels"],
  wants: `verb:update,patch resource:namespaces sub:"" ${NOT_MACHINERY}`,
  reads: "bodies",
  usual: { user: "eve", verb: "patch", resource: "namespaces", name: "shop" },
  hits: [
    [{ request: { metadata: { labels: { [ENFORCE]: "privileged" } } } }],
    [{ request: { metadata: { labels: { [ENFORCE]: null } } } }],
  ],
  misses: [
    [{ user: "ops", request: { metadata: { labels: { [ENFORCE]: "restricted" } } } }],
    [{ user: "ops", request: { metadata: { labels: { team: "a" } } } }],
  ],
  judge: ({ facts, request }) => {
    const labels = asObject(field(field(request, "metadata"), "labels"));
    if (labels === null) return null;
    const level = Object.hasOwn(labels, ENFORCE) ? labels[ENFORCE] : undefined;
    if (level === null) return { did: ["took", "take"], what: `Pod Security off namespace ${facts.name}` };
    if (level === "privileged")
      return { did: ["let", "let"], what: `everything run in namespace ${facts.name} (Pod Security: privileged)` };
    const ignored = Object.keys(labels).find((label) => IGNORED.test(label));
    return ignored === undefined
      ? null
      : {
          did: ["took", "take"],
          what: `namespace ${facts.name} out of its admission policies (${ignored.slice(0, 80)})`,
        };
  },
});

export const finalizerStripped = incidents({
  id: "finalizer-stripped",
  about: "somebody took the finalizers off an object: what they were to clean up stays behind",
  severity: "medium",
  needs: ["request bodies"],
  advice:
    "Look for what is left: volumes, load balancers, records outside of the cluster; and mend the controller that did not finish.",
  references: ["Kubernetes: finalizers"],
  wants: `((verb:patch,update sub:"") OR verb:update resource:namespaces/finalize) -resource:pods actor:human level:Request,RequestResponse`,
  reads: "bodies",
  usual: {
    user: "ann",
    verb: "patch",
    resource: "persistentvolumeclaims",
    name: "d",
    request: { spec: { finalizers: [] } },
  },
  hits: [
    [{ namespace: "a", request: { metadata: { finalizers: null } } }],
    [{ verb: "update", resource: "namespaces/finalize", name: "a" }],
  ],
  misses: [
    [{ namespace: "a", request: { metadata: { labels: { a: "b" } } } }],
    [
      {
        user: "system:serviceaccount:kube-system:namespace-controller",
        verb: "update",
        resource: "namespaces/finalize",
        name: "a",
      },
    ],
  ],
  judge: ({ facts, request }) => {
    const metadata = asObject(field(request, "metadata"));
    const isPatch = facts.verb === "patch" && metadata !== null && Object.hasOwn(metadata, "finalizers");
    const finalizers = metadata?.["finalizers"];
    const isEmpty = finalizers === null || (Array.isArray(finalizers) && finalizers.length === 0);
    // A JSON patch that takes the list away.
    const isRemoved =
      Array.isArray(request) &&
      request.some((step) => text(step, "op") === "remove" && text(step, "path").startsWith("/metadata/finalizers"));
    const isForced = facts.subresource === "finalize" && list(field(request, "spec"), "finalizers").length === 0;
    return (isPatch && isEmpty) || isRemoved || isForced
      ? { did: ["took", "take"], what: `the finalizers off ${targetText(facts)}` }
      : null;
  },
});

export const auditChanged = incidents({
  id: "audit-config-changed",
  about: "somebody changed what the audit log writes",
  severity: "critical",
  needs: ["metadata"],
  advice: "Compare the policy with the one you had, and look at what is missing in the log since: `:coverage`.",
  references: ["T1562.008"],
  wants: `verb:create,update,patch,delete (resource:apiservers.config.openshift.io,auditsinks.auditregistration.k8s.io OR resource:configmaps name:*audit-policy*,*audit-config*) sub:"" ${NOT_MACHINERY} -user:system:serviceaccount:openshift-*`,
  usual: { user: "eve", verb: "update", resource: "configmaps", name: "audit-policy" },
  hits: [
    [{ verb: "patch", resource: "apiservers.config.openshift.io", name: "cluster" }],
    [{ namespace: "kube-system" }],
  ],
  misses: [[{ verb: "get", namespace: "kube-system" }], [{ namespace: "kube-system", name: "app-config" }]],
  judge: () => ({}),
});

/** Metrics are answered by a server behind the API server in every cluster. */
const OWN_GROUPS = /^v\d\w*\.(?:|apps|batch|(?!(?:custom\.|external\.)?metrics\.).*\.k8s\.io)$/;

export const apiAdded = incidents({
  id: "api-extension-added",
  about: "somebody put a server of their own behind a group of the API: it sees and answers its requests",
  severity: "medium",
  needs: ["metadata"],
  advice: "Ask what for; who runs that server sees the requests of all who ask for the group.",
  references: ["T1546", "Kubernetes: aggregation layer"],
  wants: 'verb:create,update,patch resource:apiservices.apiregistration.k8s.io sub:"" actor:human',
  usual: { user: "eve", verb: "create", resource: "apiservices.apiregistration.k8s.io" },
  hits: [[{ name: "v1.shop.example.com" }], [{ verb: "update", name: "v1.rbac.authorization.k8s.io" }]],
  misses: [[{ user: "system:apiserver", name: "v1.apps" }], [{ verb: "list" }]],
  judge: ({ facts }) => ({
    what: `${plain(facts.resource)} ${facts.name}`,
    ...(OWN_GROUPS.test(facts.name) ? { severity: "high", why: "it is a group of Kubernetes' own" } : {}),
  }),
});

export const forceDeleted = incidents({
  id: "force-delete",
  about: "somebody deleted a pod at once, without waiting for its end",
  severity: "low",
  needs: ["metadata"],
  advice: "A pod that is forced away may still run on its node: look there, before its successor uses the same volume.",
  references: ["Kubernetes: force delete StatefulSet pods"],
  wants: `verb:delete resource:pods sub:"" ${NOT_MACHINERY}`,
  reads: "bodies",
  usual: { user: "ann", verb: "delete", resource: "pods", namespace: "a", name: "db-0" },
  hits: [[{ query: "gracePeriodSeconds=0" }], [{ name: "web", request: { gracePeriodSeconds: 0 } }]],
  misses: [
    [{ request: { gracePeriodSeconds: 30 } }],
    [{ resource: "configmaps", name: "x", request: { gracePeriodSeconds: 0 } }],
  ],
  judge: ({ facts, request }) => {
    const query = facts.uri.split("?", 2)[1] ?? "";
    if (!(field(request, "gracePeriodSeconds") === 0 || /(?:^|&)gracePeriodSeconds=0(?:&|$)/.test(query))) return null;
    return {
      did: ["forced", "force"],
      what: `${targetText(facts)} away`,
      ...(/-\d{1,4}$/.test(facts.name)
        ? { severity: "medium", why: "of a StatefulSet there may now be two of the same name" }
        : {}),
    };
  },
});
