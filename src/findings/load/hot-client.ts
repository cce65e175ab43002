import { duration, percent, rate } from "../../models/numbers.ts";
import { termsForKey } from "../../queries/filter-term.ts";
import type { GroupRow } from "../../queries/contract.ts";
import type { AggregateDetector, Draft, FindingStore } from "../contract.ts";
import { joined, windowTerms } from "../terms.ts";
import { list, personText } from "../words.ts";
import { fleetSize } from "./fleet.ts";

const LEAST_SHARE = 0.25;
const LEAST = 1_000;
/** Of a burst: the share while it lasts, and requests a second. */
const LEAST_SHARE_OF_ITS_TIME = 0.5;
const LEAST_RATE = 20;
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
  usual: { user: "batch", verb: "list", resource: "pods", times: 1_200, every: 0.01 },
  hits: [
    [
      { resource: "configmaps", namespace: "a" },
      { user: "other", verb: "get", namespace: "a", name: "p", times: 500, every: 0.1 },
    ],
    [
      { user: "a", verb: "create", namespace: "a", times: 2_000 },
      { user: "b", verb: "get", namespace: "a", name: "p", times: 200, every: 0.1 },
    ],
    // A burst amid much else.
    [
      { user: "other", verb: "get", namespace: "a", name: "p", times: 4_000, every: 0.1 },
      { at: 100, resource: "configmaps", namespace: "a" },
    ],
  ],
  misses: [
    [{ resource: "configmaps", namespace: "a", times: 900 }],
    [
      { user: "system:kube-scheduler", times: 1_500 },
      { user: "other", verb: "get", namespace: "a", name: "p", times: 500, every: 0.1 },
    ],
  ],
  async detect(store) {
    const drafts: Draft[] = [];
    for (const row of await store.groups(CLIENTS, ["user", "useragent"])) {
      if (row.requests < LEAST) break;
      const { user = "", useragent = "" } = row.key;
      const own = joined(...termsForKey(row.key));
      const seconds = Math.max(1, (Date.parse(row.lastSeen) - Date.parse(row.firstSeen)) / 1e3);
      const whole = row.requests / Math.max(1, store.requests);
      const share = whole >= LEAST_SHARE ? whole : await shareOfItsTime(store, row, seconds);
      // A fleet is told by load-fleet.
      if (share === null || (await fleetSize(store, own, row.requests)) !== null) continue;
      const calls = (await store.groups(own, ["verb", "resource"])).slice(0, 3);
      const what = list(
        calls.map(({ key, requests }) => `${key["verb"]} ${key["resource"]} (${percent(requests / row.requests)})`),
      );
      const all = share === whole ? "all requests" : `all requests of its ${duration(seconds * 1e3)}`;
      drafts.push({
        severity: whole > 0.5 ? "high" : "medium",
        title: `${personText(user)} makes ${percent(share)} of ${all}: ${row.requests}, ${rate(row.requests / seconds)}`,
        detail: `${personText(user)} with ${useragent} makes ${row.requests} of ${store.requests} requests${share === whole ? "" : `, ${percent(share)} of those between its first and its last`}, mostly ${what}`,
        ...(whole > 0.5 ? { why: "more than half of all requests" } : {}),
        subject: { user, useragent },
        evidence: { terms: own, counted: row },
      });
    }
    return drafts;
  },
};

/** Of the requests between its first and its last; null where that is less than half, or slow. */
async function shareOfItsTime(store: FindingStore, row: GroupRow, seconds: number): Promise<number | null> {
  if (row.requests / seconds < LEAST_RATE) return null;
  const window = windowTerms(Date.parse(row.firstSeen) * 1e3, Date.parse(row.lastSeen) * 1e3 + 999);
  const [all] = await store.groups(window, []);
  const share = row.requests / Math.max(row.requests, all?.requests ?? 0);
  return share >= LEAST_SHARE_OF_ITS_TIME ? share : null;
}
