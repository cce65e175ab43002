import { percent, rate } from "../../models/numbers.ts";
import { termsForKey } from "../../queries/filter-term.ts";
import type { AggregateDetector, Draft } from "../contract.ts";
import { joined } from "../terms.ts";
import { list, personText } from "../words.ts";
import { fleetSize } from "./fleet.ts";

const LEAST_SHARE = 0.25;
const LEAST = 1_000;
const CLIENTS = "-actor:node,apiserver,controller,scheduler";

export const hotClient: AggregateDetector = {
  kind: "aggregate",
  id: "load-hot-client",
  about: "one client makes a large share of all requests",
  severity: "medium",
  needs: ["metadata"],
  advice:
    "Look at what it does with which period (`ktrail top FILE --by verb,resource -q USER`); give it a FlowSchema of its own.",
  references: ["Kubernetes: API priority and fairness"],
  hits: [
    [
      { user: "batch", verb: "list", resource: "configmaps", namespace: "a", times: 1_200, every: 0.01 },
      { user: "other", verb: "get", resource: "pods", namespace: "a", name: "p", times: 500, every: 0.1 },
    ],
    [
      { user: "a", verb: "create", resource: "pods", namespace: "a", times: 2_000, every: 0.01 },
      { user: "b", verb: "get", resource: "pods", namespace: "a", name: "p", times: 200, every: 0.1 },
    ],
  ],
  misses: [
    [{ user: "batch", verb: "list", resource: "configmaps", namespace: "a", times: 900, every: 0.01 }],
    [
      { user: "system:kube-scheduler", verb: "list", resource: "pods", times: 1_500, every: 0.01 },
      { user: "other", verb: "get", resource: "pods", namespace: "a", name: "p", times: 500, every: 0.1 },
    ],
  ],
  async detect(store) {
    const drafts: Draft[] = [];
    for (const row of await store.groups(CLIENTS, ["user", "useragent"])) {
      const share = row.requests / Math.max(1, store.requests);
      if (row.requests < LEAST || share < LEAST_SHARE) break;
      const { user = "", useragent = "" } = row.key;
      const own = joined(...termsForKey(row.key));
      // Told by load-fleet.
      if ((await fleetSize(store, own, row.requests)) !== null) continue;
      const calls = (await store.groups(own, ["verb", "resource"])).slice(0, 3);
      const what = list(
        calls.map(({ key, requests }) => `${key["verb"]} ${key["resource"]} (${percent(requests / row.requests)})`),
      );
      const seconds = Math.max(1, (Date.parse(row.lastSeen) - Date.parse(row.firstSeen)) / 1e3);
      drafts.push({
        severity: share > 0.5 ? "high" : "medium",
        title: `${personText(user)} makes ${percent(share)} of all requests: ${row.requests}, ${rate(row.requests / seconds)}`,
        detail: `${personText(user)} with ${useragent} makes ${row.requests} of ${store.requests} requests, mostly ${what}`,
        ...(share > 0.5 ? { why: "more than half of all requests" } : {}),
        subject: { user, useragent },
        evidence: { terms: own, counted: row },
      });
    }
    return drafts;
  },
};
