import { duration } from "../../models/numbers.ts";
import type { AggregateDetector } from "../contract.ts";
import { joined, windowTerms } from "../terms.ts";
import { serverTerms, serverText } from "./server-text.ts";

export const logGap: AggregateDetector = {
  kind: "aggregate",
  id: "log-gap",
  about: "the log is silent for longer than its traffic explains",
  severity: "medium",
  needs: ["metadata"],
  advice: "Part of the log is missing, or the API server was away: what did not happen in this time cannot be told.",
  references: ["docs/restarts.md", "T1562.008"],
  usual: { user: "a", verb: "get", resource: "configmaps", times: 200, every: 0.5 },
  hits: [
    [
      { namespace: "a", name: "x" },
      { at: 300, namespace: "a", name: "x" },
    ],
    [
      { user: "b", verb: "list", resource: "pods", times: 900, every: 1 },
      { at: 1_400, user: "b", verb: "list", resource: "pods", times: 900, every: 1 },
    ],
  ],
  misses: [[{ namespace: "a", name: "x" }], [{ namespace: "a", name: "x", times: 10, every: 60 }]],
  async detect(store) {
    const { gaps, restarts } = await store.continuity();
    return gaps
      .filter(({ from, apiserver }) => !restarts.some((other) => other.from === from && other.apiserver === apiserver))
      .map(({ apiserver, from, to, seconds }) => ({
        severity: seconds > 300 ? ("high" as const) : ("medium" as const),
        title: `nothing of ${serverText(apiserver)} for ${duration(seconds * 1e3)}: ${from.slice(11, 19)}–${to.slice(11, 19)}`,
        detail: `no request of ${serverText(apiserver)} is in the log between ${from} and ${to}, though there is traffic on either side`,
        ...(seconds > 300 ? { why: "longer than five minutes" } : {}),
        subject: { apiserver },
        evidence: {
          terms: joined(serverTerms(apiserver), windowTerms(Date.parse(to) * 1e3, Date.parse(to) * 1e3 + 1e6)),
        },
      }));
  },
};
