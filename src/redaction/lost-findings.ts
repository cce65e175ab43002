/**
 * Findings that go by what is replaced or masked. `all`: a redacted log does not give them; otherwise less of them, or with
 * another severity.
 */
export const LOST_FINDINGS: readonly {
  readonly id: string;
  readonly loses: "all" | "some";
  readonly because: string;
}[] = [
  { id: "configmap-credentials", loses: "all", because: "the credentials it looks for are masked" },
  { id: "env-credentials", loses: "all", because: "the credentials it looks for are masked" },
  { id: "csr-certificate-used", loses: "some", because: "whom a certificate names is in the certificate's request" },
  { id: "csr-client-cert", loses: "some", because: "whom a certificate names is in the certificate's request" },
  { id: "exec-command", loses: "some", because: "files and hosts on command lines are replaced" },
  { id: "workload-command", loses: "all", because: "files and hosts on command lines are replaced" },
  { id: "ephemeral-container", loses: "some", because: "images and commands raise its severity" },
  { id: "image-odd", loses: "all", because: "images have pseudonyms" },
  { id: "policy-deleted", loses: "all", because: "types of custom resources have pseudonyms" },
  { id: "security-agent-removed", loses: "all", because: "agents are known by name" },
  {
    id: "audit-config-changed",
    loses: "all",
    because: "settings of platforms are custom resources, which have pseudonyms",
  },
  { id: "auth-legacy-token-refused", loses: "all", because: "the Secrets that tokens come from are masked" },
  { id: "shell-in-uri", loses: "all", because: "paths that no API has are replaced" },
  { id: "audit-hygiene", loses: "all", because: "what is masked or replaced is shorter: events are as large no more" },
  { id: "webhook-self-lock", loses: "all", because: "hosts that messages name are replaced" },
  { id: "webhook-fail-open", loses: "some", because: "names of security webhooks raise its severity" },
];
