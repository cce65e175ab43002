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
  hits: [
    [
      {
        user: "ann",
        verb: "get",
        resource: "secrets",
        namespace: "a",
        name: "s",
        response: { kind: "Secret", data: { p: "eA==" } },
      },
    ],
    [
      {
        user: "ann",
        verb: "create",
        resource: "serviceaccounts/token",
        namespace: "a",
        name: "s",
        code: 201,
        request: { spec: {} },
        response: { status: { token: "x" } },
      },
    ],
  ],
  misses: [
    [{ user: "ann", verb: "get", resource: "secrets", namespace: "a", name: "s" }],
    [{ user: "ann", verb: "get", resource: "configmaps", namespace: "a", name: "s", response: { kind: "ConfigMap" } }],
  ],
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
  hits: [
    [{ user: "ann", verb: "list", resource: "pods", annotations: { "audit.k8s.io/truncated": "true" } }],
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
  misses: [
    [{ user: "ann", verb: "list", resource: "pods" }],
    [{ user: "ann", verb: "list", resource: "pods", annotations: { "audit.k8s.io/truncated": "false" } }],
  ],
  tell: ({ key, row }) => ({
    title: `bodies of ${plain(key["resource"] ?? "")} were too large for the log: ${row.requests} requests`,
    detail: `${row.requests} requests for ${key["resource"] ?? ""} lost their bodies for their size ${within(row.firstSeen, row.lastSeen)}`,
  }),
});
