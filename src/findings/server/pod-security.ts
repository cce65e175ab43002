/** What Pod Security admission and admission policies note beside what they let pass. */
import { NOT_MACHINERY, SYSTEM_NAMESPACES } from "../actors.ts";
import type { Sample } from "../contract.ts";
import { repeated } from "../repeated.ts";
import { list, personText, plain, within } from "../words.ts";

const VIOLATIONS = "pod-security.kubernetes.io/audit-violations";
const EXEMPT = "pod-security.kubernetes.io/exempt";
const ERROR = "pod-security.kubernetes.io/error";
const FAILURE = "validation.policy.admission.k8s.io/validation_failure";

function written(annotations: Readonly<Record<string, string>>, more: Partial<Sample[number]> = {}): Sample {
  return [
    {
      user: "ci",
      verb: "create",
      resource: "deployments.apps",
      namespace: "shop",
      name: "web",
      code: 201,
      annotations,
      ...more,
    },
  ];
}

export const podSecurityViolation = repeated({
  id: "psa-violation",
  about: "workloads are written that Pod Security admission would refuse at the level that is audited",
  severity: "low",
  needs: ["annotations"],
  advice: "Mend them before the namespace enforces the level: the annotation names each check.",
  references: ["Kubernetes: Pod Security admission", "Kubernetes: Pod Security standards"],
  terms: `annotation:${VIOLATIONS}=* -${SYSTEM_NAMESPACES} ${NOT_MACHINERY}`,
  by: ["namespace"],
  least: 1,
  hits: [
    written({
      [VIOLATIONS]:
        'would violate PodSecurity "restricted:latest": allowPrivilegeEscalation != false (container "c" must set securityContext.allowPrivilegeEscalation=false)',
    }),
    written(
      { [VIOLATIONS]: 'would violate PodSecurity "baseline:latest": hostNetwork (pod uses hostNetwork)' },
      { user: "bob", resource: "pods" },
    ),
  ],
  misses: [
    written({ "pod-security.kubernetes.io/enforce-policy": "privileged:latest" }),
    written(
      { [VIOLATIONS]: 'would violate PodSecurity "restricted:latest": x' },
      { user: "system:serviceaccount:kube-system:replicaset-controller", resource: "pods" },
    ),
  ],
  async tell({ key, row, own, store }) {
    const namespace = key["namespace"] ?? "";
    const objects = await store.groups(own, ["object"]);
    const notes = await store.groups(own, [`annotation:${VIOLATIONS}`]);
    const texts = notes.map((note) => note.key[`annotation:${VIOLATIONS}`] ?? "");
    const levels = new Set(texts.flatMap((text) => /PodSecurity "([^"]{1,60})"/.exec(text)?.[1] ?? []));
    const checks = new Set(
      texts.flatMap((text) =>
        [
          ...text
            .slice(0, 2_000)
            .matchAll(/(?:": |, )([A-Za-z]{3,30}(?: (?:!= \w+|volumes|namespaces|capabilities))?) \(/g),
        ].map((found) => found[1] ?? ""),
      ),
    );
    return {
      title: `workloads in ${namespace} violate Pod Security ${list(levels)}: ${row.requests} writes`,
      detail: `${row.requests} writes of ${objects.length} workloads in ${namespace} violate Pod Security ${list(levels)}${checks.size === 0 ? "" : ` (${list(checks)})`}, and were let pass`,
    };
  },
});

export const podSecurityExempt = repeated({
  id: "psa-exempt-or-error",
  about: "pods were let pass without Pod Security admission: by an exception, or since it failed",
  severity: "medium",
  needs: ["annotations"],
  advice: "Take users and runtime classes out of the exemptions; errors fail open: look at the namespace's labels.",
  references: ["Kubernetes: Pod Security admission, exemptions"],
  terms: `((annotation:${EXEMPT}=user,runtimeClass -${SYSTEM_NAMESPACES}) OR annotation:${ERROR}=*)`,
  by: ["user", "namespace"],
  least: 1,
  hits: [written({ [EXEMPT]: "user" }), written({ [ERROR]: "failed to load namespace" }, { times: 3 })],
  misses: [written({ [EXEMPT]: "namespace" }), written({ [EXEMPT]: "user" }, { namespace: "kube-system" })],
  async tell({ key, row, own, store }) {
    const { user = "", namespace = "" } = key;
    const [failed] = await store.groups(`${own} annotation:${ERROR}=*`, []);
    const why = (failed?.requests ?? 0) > 0 ? "Pod Security admission failed" : "they are exempt from it";
    return {
      title: `${personText(user)} wrote pods in ${namespace} past Pod Security: ${row.requests} requests`,
      detail: `${row.requests} writes by ${personText(user)} in ${namespace} were not checked ${within(row.firstSeen, row.lastSeen)}: ${why}`,
      ...((failed?.requests ?? 0) > 0 ? { severity: "high", why: "a check that fails lets everything pass" } : {}),
    };
  },
});

export const policyFailure = repeated({
  id: "vap-failure",
  about: "writes break an admission policy that only takes note",
  severity: "low",
  needs: ["annotations"],
  advice: "Mend them before the binding gets the action Deny: the annotation names policy and message.",
  references: ["Kubernetes: validating admission policy"],
  terms: `annotation:${FAILURE}=* ${NOT_MACHINERY}`,
  by: ["user", "resource"],
  least: 1,
  hits: [
    written({ [FAILURE]: '[{"message":"too many","policy":"replicas","binding":"b","validationActions":["Audit"]}]' }),
    written(
      { [FAILURE]: '[{"message":"no label","policy":"labels","binding":"b","validationActions":["Audit","Warn"]}]' },
      { times: 5 },
    ),
  ],
  misses: [
    written({}),
    written({ [FAILURE]: "[]" }, { user: "system:serviceaccount:kube-system:deployment-controller" }),
  ],
  async tell({ key, row, own, store }) {
    const { user = "", resource = "" } = key;
    const notes = await store.groups(own, [`annotation:${FAILURE}`]);
    const policies = new Set(
      notes.flatMap((note) =>
        [...(note.key[`annotation:${FAILURE}`] ?? "").slice(0, 4_000).matchAll(/"policy":"([^"]{1,253})"/g)].map(
          (found) => found[1] ?? "",
        ),
      ),
    );
    const what = policies.size === 0 ? "an admission policy" : `admission policy ${list(policies)}`;
    return {
      title: `${personText(user)} breaks ${what} with ${plain(resource)}: ${row.requests} writes`,
      detail: `${row.requests} writes of ${resource} by ${personText(user)} break ${what}, which only takes note ${within(row.firstSeen, row.lastSeen)}`,
    };
  },
});
