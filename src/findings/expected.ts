import type { Expectation } from "./contract.ts";

/**
 * Operators whose work is what detectors look for, by account and by program: a user agent alone is anybody's. A user's
 * findings.yaml adds to these.
 */
const OPERATORS: readonly {
  readonly ids: readonly string[];
  readonly users: readonly string[];
  readonly useragent: string;
  readonly because: string;
}[] = [
  {
    ids: ["secrets-list-all", "secrets-burst"],
    users: ["*:external-secrets*"],
    useragent: "external-secrets*",
    because: "external-secrets keeps Secrets",
  },
  {
    ids: ["secrets-list-all", "secrets-burst", "secrets-written"],
    users: ["*:cert-manager*"],
    useragent: "cert-manager*",
    because: "cert-manager keeps certificates in Secrets",
  },
  { ids: ["secrets-list-all"], users: ["*:sealed-secrets*"], useragent: "*", because: "sealed-secrets keeps Secrets" },
  {
    ids: ["secrets-list-all"],
    users: ["*:kube-state-metrics"],
    useragent: "kube-state-metrics*",
    because: "kube-state-metrics counts Secrets",
  },
  {
    ids: ["secrets-list-all", "secrets-burst", "load-list-unpaginated"],
    users: ["*:velero*", "*:backup"],
    useragent: "velero*",
    because: "velero backs up everything",
  },
  {
    ids: ["secrets-list-all", "rbac-*", "secrets-burst"],
    users: ["*:argocd-*"],
    useragent: "argocd*",
    because: "Argo CD applies what is in Git",
  },
  {
    ids: ["secrets-list-all", "rbac-*", "secrets-burst"],
    users: ["*:flux-system:*"],
    useragent: "*-controller/*",
    because: "Flux applies what is in Git",
  },
  {
    ids: ["secrets-list-all"],
    users: ["*:ingress-*", "*:nginx-ingress*"],
    useragent: "nginx-ingress*",
    because: "ingress controllers read certificates",
  },
  {
    ids: ["secrets-list-all"],
    users: ["*:traefik*"],
    useragent: "traefik*",
    because: "ingress controllers read certificates",
  },
  {
    ids: ["secrets-list-all", "webhook-config-changed"],
    users: ["*:istio*"],
    useragent: "pilot-discovery*",
    because: "istio keeps certificates and webhooks",
  },
  {
    ids: ["webhook-config-changed", "rbac-*", "secrets-list-all"],
    users: ["*:kyverno*"],
    useragent: "kyverno*",
    because: "kyverno keeps its webhooks",
  },
  {
    ids: ["webhook-config-changed", "secrets-list-all"],
    users: ["*:gatekeeper*"],
    useragent: "gatekeeper*",
    because: "gatekeeper keeps its webhooks",
  },
  {
    ids: ["webhook-config-changed"],
    users: ["*:cert-manager-cainjector"],
    useragent: "cainjector*",
    because: "cainjector fills in certificates",
  },
];

export const EXPECTED: readonly Expectation[] = OPERATORS.flatMap(({ ids, users, useragent, because }) =>
  users.map((user) => ({ ids, user: `system:serviceaccount:${user}`, useragent, because, from: "built in" })),
);
