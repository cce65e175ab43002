import { termsForKey } from "../../queries/filter-term.ts";
import type { AggregateDetector, Severity } from "../contract.ts";
import { joined } from "../terms.ts";
import { draftsOf } from "../repeated.ts";
import { list, plain, within } from "../words.ts";

/** Health endpoints of a starting process say 500 by design; what webhooks break is told of them. */
const ERRORS = "code:5xx -path:/healthz*,/readyz*,/livez*,/startupz*";
/** Read of each group: they are alike. */
const MESSAGES = 20;
const LEAST = 3;

interface Kind {
  readonly pattern: RegExp;
  readonly says: string;
  readonly severity: Severity;
}
const KINDS: readonly Kind[] = [
  { pattern: /database space exceeded/, says: "etcd is full", severity: "critical" },
  {
    pattern: /etcdserver|etcd cluster is unavailable|leader changed/,
    says: "etcd does not answer in time",
    severity: "high",
  },
  { pattern: /conversion webhook/, says: "a conversion webhook fails", severity: "high" },
  { pattern: /panic/i, says: "the API server's handler panicked", severity: "critical" },
  { pattern: /context deadline exceeded|[Tt]imeout|timed out/, says: "it took too long", severity: "medium" },
  {
    pattern: /service unavailable|no endpoints|connection refused/,
    says: "what should answer is away",
    severity: "high",
  },
];

export const serverErrors: AggregateDetector = {
  kind: "aggregate",
  id: "server-5xx",
  about: "requests fail in the API server or behind it",
  severity: "medium",
  needs: ["messages"],
  advice: "Look at what the message names: etcd, an aggregated API, a slow layer; clients see these as outages.",
  references: ["Kubernetes: troubleshooting clusters"],
  usual: { user: "a", verb: "update", resource: "pods", code: 500, times: 5 },
  hits: [
    [{ namespace: "a", name: "x", message: "etcdserver: request timed out" }],
    [{ verb: "list", resource: "pods.metrics.k8s.io", code: 503, message: "service unavailable", every: 1 }],
  ],
  misses: [
    [{ user: "system:anonymous", verb: "get", resource: "/readyz", times: 30, every: 1 }],
    [{ namespace: "a", name: "x", message: 'Internal error occurred: failed calling webhook "x"' }],
  ],
  async detect(store) {
    const rows = (await store.groups(ERRORS, ["resource", "code"])).filter(({ requests }) => requests >= LEAST);
    return draftsOf(rows, async (row) => {
      const { resource = "", code = "" } = row.key;
      const own = joined(ERRORS, ...termsForKey(row.key));
      const messages = await store.messages(own, MESSAGES);
      if (messages.filter((message) => message.includes("failed calling webhook")).length > messages.length / 2)
        return null;
      const kinds = KINDS.filter(({ pattern }) => messages.some((message) => pattern.test(message)));
      const [users, isMany] = usersOf(await store.groups(own, ["user"]));
      return {
        severity: kinds[0]?.severity ?? "medium",
        title: `${row.requests} × ${code} on ${resource.startsWith("/") ? resource : plain(resource)}, ${within(row.firstSeen, row.lastSeen)}${kinds.length === 0 ? "" : `: ${list(kinds.map(({ says }) => says))}`}`,
        detail: `${row.requests} requests for ${resource} failed with ${code} ${within(row.firstSeen, row.lastSeen)}, of ${users}${messages[0] === undefined ? "" : `: ${messages[0].slice(0, 200)}`}`,
        ...(kinds.length === 0 ? {} : { why: kinds[0]?.says ?? "" }),
        subject: { resource, ...(isMany ? {} : { user: users }) },
        evidence: { terms: own, counted: row },
      };
    });
  },
};

function usersOf(rows: readonly { readonly key: Readonly<Record<string, string>> }[]): readonly [string, boolean] {
  return [list(rows.map(({ key }) => key["user"] ?? "")), rows.length !== 1];
}
