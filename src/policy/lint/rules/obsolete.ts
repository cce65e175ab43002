import type { Policy } from "../../contract.ts";
import type { Finding, MeaningRule } from "../contract.ts";
import { ofRule } from "../findings.ts";

const USERS: Readonly<Record<string, string>> = {
  "system:unsecured": "the insecure port was removed in Kubernetes 1.24",
  kubelet: "kubelets are system:node:NAME since 1.7",
};
/** Only a log can tell: some installers still run it so. */
const USERS_UNLESS_SEEN: Readonly<Record<string, string>> = {
  "system:kube-proxy": "kube-proxy usually is system:serviceaccount:kube-system:kube-proxy",
};
const GROUPS: Readonly<Record<string, string>> = {
  extensions: "no API server serves it since 1.22",
  "settings.k8s.io": "PodPresets were removed in 1.20",
  "auditregistration.k8s.io": "AuditSinks were removed in 1.19",
};
const RESOURCES: Readonly<Record<string, string>> = {
  "policy/podsecuritypolicies": "removed in 1.25",
  "policy/podsecuritypolicies/use": "removed in 1.25",
};

export const obsolete: MeaningRule = {
  of: "meaning",
  id: "obsolete",
  severity: "info",
  about: "Users and groups that no API server of today knows.",
  hits: [
    { text: 'rules: [{level: None, users: ["system:unsecured"]}]', says: "insecure port" },
    { text: "rules: [{level: None, resources: [{group: extensions}]}]", says: "1.22" },
    { text: "rules: [{level: None, resources: [{group: policy, resources: [podsecuritypolicies]}]}]", says: "1.25" },
  ],
  misses: [
    'rules: [{level: None, users: ["system:kube-proxy", "system:kube-scheduler"], resources: [{group: policy}]}]',
  ],
  check: ({ policy, log }) => {
    if (log === null || log.events === 0) return found(policy, USERS);
    const unseen = Object.entries(USERS_UNLESS_SEEN).filter(([user]) => !log.users.has(user));
    return found(policy, { ...USERS, ...Object.fromEntries(unseen) });
  },
};

function found(policy: Policy, users: Readonly<Record<string, string>>): readonly Finding[] {
  return policy.rules.flatMap((rule, at) => [
    ...rule.users.flatMap(({ text, place }) =>
      Object.hasOwn(users, text) ? [ofRule(at, place, `user ${text}: ${users[text] ?? ""}`, "leave it out")] : [],
    ),
    ...rule.resources.flatMap(({ group, place, resources }) => [
      ...(Object.hasOwn(GROUPS, group)
        ? [ofRule(at, place, `group ${group}: ${GROUPS[group] ?? ""}`, "leave it out")]
        : []),
      ...resources.flatMap((word) => {
        const why = RESOURCES[`${group}/${word.text}`];
        return why === undefined ? [] : [ofRule(at, word.place, `${word.text} of ${group}: ${why}`, "leave it out")];
      }),
    ]),
  ]);
}
