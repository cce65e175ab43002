import { field, type JsonValue, list, text } from "../../lineage/json.ts";
import { NOT_MACHINERY } from "../actors.ts";
import { incidents } from "../incidents.ts";
import { plain } from "../words.ts";

const GROUP = "admissionregistration.k8s.io";
const CONFIGURATIONS = [
  "mutatingwebhookconfigurations",
  "validatingwebhookconfigurations",
  "validatingadmissionpolicies",
  "validatingadmissionpolicybindings",
  "mutatingadmissionpolicies",
  "mutatingadmissionpolicybindings",
]
  .map((resource) => `${resource}.${GROUP}`)
  .join(",");

/** URLs of webhooks that are no service of the cluster. */
function outsideUrls(body: JsonValue | undefined): readonly string[] {
  return list(body, "webhooks").flatMap((webhook) => {
    const url = text(field(webhook, "clientConfig"), "url");
    return url === "" || /^https:\/\/(?:localhost|127\.|10\.|192\.168\.|[\w.-]+\.svc\b)/.test(url) ? [] : [url];
  });
}

export const admissionChanged = incidents({
  id: "webhook-config-changed",
  about: "somebody changed what checks and changes all writes: webhooks and admission policies",
  severity: "medium",
  needs: ["metadata"],
  advice: "Ask what for; look at what was written since, past the check or through the new one.",
  references: [
    "T1546",
    "T1562.001",
    "T1557",
    "Sigma: kubernetes_audit_change_admission_controller",
    "Microsoft: malicious admission controller",
  ],
  wants: `verb:create,update,patch,delete,deletecollection resource:${CONFIGURATIONS} sub:"" ${NOT_MACHINERY}`,
  reads: "bodies",
  usual: { user: "bjorn", resource: `validatingwebhookconfigurations.${GROUP}`, name: "policy" },
  hits: [
    [{ verb: "delete" }],
    [
      {
        user: "leila",
        verb: "create",
        resource: `mutatingwebhookconfigurations.${GROUP}`,
        name: "x",
        request: { webhooks: [{ clientConfig: { url: "https://evil.example.org/m" } }] },
      },
    ],
  ],
  misses: [
    [{ verb: "get" }],
    [{ user: "system:serviceaccount:kube-system:clusterrole-aggregation-controller", verb: "patch" }],
  ],
  judge: ({ facts, request, response }) => {
    const isMutating = facts.resource.startsWith("mutating");
    const told = { key: facts.name };
    if (facts.verb.startsWith("delete"))
      return { ...told, severity: "high", why: "nothing checks such writes any more" };
    const [url] = [...outsideUrls(request), ...outsideUrls(response)];
    if (url !== undefined)
      return {
        ...told,
        what: `${plain(facts.resource)} ${facts.name}, which sends writes to ${url.slice(0, 120)}`,
        severity: isMutating ? "critical" : "high",
        why: "what is written, Secrets included, leaves the cluster",
      };
    return isMutating ? { ...told, severity: "high", why: "it changes what others write" } : told;
  },
});

export const policyDeleted = incidents({
  id: "policy-deleted",
  about: "a person deleted what keeps others within bounds: network policies, quotas, limits, disruption budgets",
  severity: "medium",
  needs: ["metadata"],
  advice: "Ask what for, and create it again.",
  references: ["T1562.004", "Sigma: azure network policy deleted"],
  wants:
    'verb:delete,deletecollection resource:networkpolicies.networking.k8s.io,resourcequotas,limitranges,poddisruptionbudgets.policy,/\\.kyverno\\.io$/,/\\.gatekeeper\\.sh$/ sub:"" actor:human',
  usual: { user: "ann", verb: "delete", resource: "networkpolicies.networking.k8s.io" },
  hits: [[{ namespace: "shop", name: "deny" }], [{ resource: "clusterpolicies.kyverno.io", name: "require-labels" }]],
  misses: [
    [{ user: "system:serviceaccount:kube-system:namespace-controller", verb: "deletecollection", namespace: "shop" }],
    [{ verb: "get", namespace: "shop", name: "deny" }],
  ],
  judge: () => ({}),
});

const AGENTS =
  /^(?:falco|sysdig|datadog|elastic-agent|crowdstrike|falcon|aqua|tetragon|wazuh|audit|neuvector|twistlock|trivy|kubearmor)/i;

export const agentRemoved = incidents({
  id: "security-agent-removed",
  about: "somebody deleted what watches the cluster",
  severity: "high",
  needs: ["metadata"],
  advice: "Ask what for, and bring it back; what happened meanwhile is only in this log.",
  references: ["T1562.001"],
  wants: `verb:delete,deletecollection resource:daemonsets.apps,deployments.apps,statefulsets.apps,namespaces sub:"" ${NOT_MACHINERY}`,
  usual: { user: "ann", verb: "delete", resource: "daemonsets.apps", namespace: "falco", name: "falco" },
  hits: [[{}], [{ resource: "deployments.apps", namespace: "m", name: "datadog-cluster-agent" }]],
  misses: [[{ resource: "deployments.apps", namespace: "shop", name: "web" }], [{ verb: "get" }]],
  judge: ({ facts }) => (AGENTS.test(facts.name) ? {} : null),
});
