/** What the audit log itself should not have, or has lost. */
import { repeated } from "../repeated.ts";
import { list, plain, within } from "../words.ts";

export const secretInLog = repeated({
  id: "secret-in-log",
  about: "the audit log has the bodies of Secrets or tokens: whoever reads it has them",
  severity: "high",
  needs: ["request bodies"],
  advice:
    "Log secrets, configmaps, tokenreviews and serviceaccounts/token at Metadata (`ktrail policy lint`), and keep this log as the Secrets themselves.",
  references: ["CIS 3.2.2", "Kubernetes: auditing"],
  terms:
    "resource:secrets,serviceaccounts/token,tokenreviews.authentication.k8s.io level:Request,RequestResponse code:<400",
  by: ["resource"],
  least: 1,
  usual: { user: "ann", verb: "get", resource: "secrets", namespace: "a", name: "s" },
  hits: [
    [{ response: { kind: "Secret", data: { p: "eA==" } } }],
    [
      {
        verb: "create",
        resource: "serviceaccounts/token",
        request: { spec: {} },
        response: { status: { token: "x" } },
      },
    ],
  ],
  misses: [[{}], [{ resource: "configmaps", response: { kind: "ConfigMap" } }]],
  async tell({ key, row, own, store }) {
    const resource = key["resource"] ?? "";
    const verbs = (await store.groups(own, ["verb"])).map((each) => each.key["verb"] ?? "");
    return {
      title: `${row.requests} requests for ${plain(resource)} are in this log with their bodies`,
      detail: `${row.requests} requests (${list(verbs)}) for ${resource} are logged with their bodies ${within(row.firstSeen, row.lastSeen)}`,
    };
  },
});

export const bodiesTruncated = repeated({
  id: "audit-truncated",
  about: "the API server took bodies out of the log for their size",
  severity: "info",
  needs: ["annotations"],
  advice: "Raise --audit-log-truncate-max-event-size, or log that resource at a lower level.",
  references: ["Kubernetes: auditing, batching and truncating"],
  terms: "annotation:audit.k8s.io/truncated=true",
  by: ["resource"],
  least: 1,
  usual: { user: "ann", verb: "list", resource: "pods" },
  hits: [
    [{ annotations: { "audit.k8s.io/truncated": "true" } }],
    [
      {
        user: "ci",
        verb: "update",
        resource: "configmaps",
        namespace: "a",
        name: "x",
        annotations: { "audit.k8s.io/truncated": "true" },
        times: 5,
      },
    ],
  ],
  misses: [[{}], [{ annotations: { "audit.k8s.io/truncated": "false" } }]],
  tell: ({ key, row }) => ({
    title: `bodies of ${plain(key["resource"] ?? "")} were too large for the log: ${row.requests} requests`,
    detail: `${row.requests} requests for ${key["resource"] ?? ""} lost their bodies for their size ${within(row.firstSeen, row.lastSeen)}`,
  }),
});

/** A line that every reader of the log has to hold at once. */
const LARGE = "bytes:>256Ki";

export const auditHygiene = repeated({
  id: "audit-hygiene",
  about: "single events of the log are very large: what writes, ships and reads it has to hold each of them",
  severity: "info",
  needs: ["metadata"],
  advice:
    "Log that resource at level Metadata, or leave out managed fields (omitManagedFields: true) and the answers of its lists.",
  references: ["Kubernetes: audit policy, omitManagedFields"],
  terms: LARGE,
  by: ["resource", "verb"],
  least: 1,
  hits: [[large("list", 400_000)], [large("update", 300_000)]],
  misses: [[large("list", 1_000)], [{ user: "ann", verb: "list", resource: "pods", times: 40 }]],
  tell: ({ key, row }) => {
    const what = `${key["verb"] ?? ""} ${plain(key["resource"] ?? "")}`;
    return {
      title: `${row.requests === 1 ? "one event" : `${row.requests} events`} of ${what} ${row.requests === 1 ? "is" : "are"} larger than 256 KiB`,
      detail: `${row.requests} requests (${what}) take more than 256 KiB of the log each`,
    };
  },
});

function large(verb: string, bytes: number) {
  return {
    user: "ann",
    verb,
    resource: "configmaps",
    namespace: "a",
    name: "x",
    response: { data: { text: "x".repeat(bytes) } },
  } as const;
}
