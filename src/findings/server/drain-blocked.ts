import { duration } from "../../models/numbers.ts";
import { termsForKey } from "../../queries/filter-term.ts";
import type { AggregateDetector } from "../contract.ts";
import { joined } from "../terms.ts";
import { personText, within } from "../words.ts";

const REFUSED = "code:429 resource:pods/eviction verb:create";
const LEAST = 5;

export const drainBlocked: AggregateDetector = {
  kind: "aggregate",
  id: "drain-blocked",
  about: "a pod is not let go: its disruption budget refuses the eviction again and again",
  severity: "low",
  needs: ["metadata"],
  advice: "Look at the PodDisruptionBudget of the pod: more replicas, or a larger maxUnavailable, let the drain go on.",
  references: ["Kubernetes: specifying a disruption budget"],
  usual: { user: "ops", verb: "create", resource: "pods/eviction", namespace: "a", name: "web-0", code: 429, every: 5 },
  hits: [
    [{ reason: "TooManyRequests", times: 6 }],
    [{ user: "system:serviceaccount:kube-system:cluster-autoscaler", times: 200, every: 10 }],
  ],
  misses: [[{ times: 4 }], [{ code: 201, times: 10 }]],
  async detect(store) {
    const rows = await store.groups(REFUSED, ["user", "namespace", "name"]);
    return rows
      .filter(({ requests }) => requests >= LEAST)
      .map((row) => {
        const { user = "", namespace = "", name = "" } = row.key;
        const ms = Date.parse(row.lastSeen) - Date.parse(row.firstSeen);
        const severity = ms > 3_600_000 ? ("high" as const) : ms > 600_000 ? ("medium" as const) : ("low" as const);
        return {
          severity,
          title: `pod ${namespace}/${name} may not be evicted: ${row.requests} tries by ${personText(user)}, ${within(row.firstSeen, row.lastSeen)}`,
          detail: `${personText(user)} tried ${row.requests} times to evict pod ${namespace}/${name}, and a disruption budget refused each time (429)`,
          ...(severity === "low" ? {} : { why: `it has gone on for ${duration(ms)}` }),
          subject: { user, resource: "pods/eviction", object: `${namespace}/pods/${name}`, namespace },
          evidence: { terms: joined(REFUSED, ...termsForKey(row.key)), counted: row },
        };
      });
  },
};
