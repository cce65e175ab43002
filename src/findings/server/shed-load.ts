import { percent } from "../../models/numbers.ts";
import { termsForKey } from "../../queries/filter-term.ts";
import type { AggregateDetector, Draft } from "../contract.ts";
import { MACHINERY } from "../actors.ts";
import { joined } from "../terms.ts";
import { personText, plain, within } from "../words.ts";

/** By priority and fairness or the limit of requests in flight; evictions and starting watch caches answer 429 too, with a reason. */
const SHED = "code:429 -resource:pods/eviction";
const LEAST = 3;

export const shedLoad: AggregateDetector = {
  kind: "aggregate",
  id: "server-429",
  about: "the API server sheds load: requests are refused with 429",
  severity: "medium",
  needs: ["metadata"],
  advice:
    "Slow the client down (it should wait as Retry-After says), or give it a FlowSchema and priority level of its own, so that it fills nobody else's.",
  references: ["Kubernetes: API priority and fairness", "T1499"],
  usual: { user: "janitor", verb: "list", resource: "configmaps", namespace: "a", times: 50 },
  hits: [
    [{ code: 429, decision: "", every: 0.1 }],
    [{ user: "system:node:n1", verb: "get", resource: "pods", name: "p", code: 429, decision: "", times: 5 }],
  ],
  misses: [
    [{ user: "ops", verb: "create", resource: "pods/eviction", name: "p", code: 429, reason: "TooManyRequests" }],
    [{ every: 0.1 }],
  ],
  async detect(store) {
    const drafts: Draft[] = [];
    const [all] = await store.groups(SHED, []);
    const share = (all?.requests ?? 0) / Math.max(1, store.requests);
    for (const row of await store.groups(SHED, ["user", "useragent"])) {
      if (row.requests < LEAST) continue;
      const { user = "", useragent = "" } = row.key;
      const own = joined(...termsForKey(row.key));
      const [sent] = await store.groups(own, []);
      const [machinery] = await store.groups(joined(SHED, own, MACHINERY), []);
      const [mostly] = await store.groups(joined(SHED, own), ["verb", "resource", "namespace"]);
      const isMachinery = (machinery?.requests ?? 0) > 0;
      const total = sent?.requests ?? row.requests;
      const what = `${mostly?.key["verb"] ?? ""} ${plain(mostly?.key["resource"] ?? "")}`;
      const namespace = mostly?.key["namespace"] ?? "";
      drafts.push({
        severity: isMachinery ? "critical" : share > 0.01 ? "high" : "medium",
        title: `${personText(user)} is throttled: ${row.requests} of ${total} requests refused with 429`,
        detail: `${row.requests} of ${total} requests of ${personText(user)} with ${useragent}, mostly ${what}, were refused with 429 ${within(row.firstSeen, row.lastSeen)}`,
        ...(isMachinery
          ? { why: "the cluster's own machinery is refused" }
          : share > 0.01
            ? { why: `${percent(share)} of all requests are refused` }
            : {}),
        subject: {
          user,
          useragent,
          resource: mostly?.key["resource"] ?? "",
          ...(namespace === "" ? {} : { namespace }),
        },
        evidence: { terms: joined(SHED, own), counted: row },
      });
    }
    return drafts;
  },
};
