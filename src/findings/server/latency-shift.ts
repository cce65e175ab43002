import { duration } from "../../models/numbers.ts";
import { termsForKey } from "../../queries/filter-term.ts";
import type { AggregateDetector, Draft } from "../contract.ts";
import { joined } from "../terms.ts";
import { plain } from "../words.ts";

const ALL = 'long:false -resource:"" code:<500';
/** Of each half. */
const LEAST = 100;
const LEAST_SECONDS = 120;
const TIMES = 3;
/** What is fast stays fast for whoever waits. */
const LEAST_MS = 200;

const READ = { user: "ops", verb: "list", resource: "pods", namespace: "a" } as const;

export const latencyShift: AggregateDetector = {
  kind: "aggregate",
  id: "latency-shift",
  about: "the same requests take several times as long as before",
  severity: "medium",
  needs: ["metadata"],
  advice:
    "Compare the two times: what was rolled out, who began to ask more, how many objects there are; `latency-layer` tells where the time goes.",
  references: ["Kubernetes: API call latency SLO"],
  hits: [
    [
      { ...READ, times: 200, every: 1, latencyMs: 20 },
      { ...READ, at: 200, times: 200, every: 1, latencyMs: 600 },
    ],
    [
      { ...READ, verb: "create", resource: "jobs.batch", code: 201, times: 150, every: 2, latencyMs: 90 },
      { ...READ, verb: "create", resource: "jobs.batch", code: 201, at: 300, times: 150, every: 2, latencyMs: 300 },
    ],
  ],
  misses: [
    [
      { ...READ, times: 200, every: 1, latencyMs: 2 },
      { ...READ, at: 200, times: 200, every: 1, latencyMs: 30 },
    ],
    [
      { ...READ, times: 60, every: 3, latencyMs: 20 },
      { ...READ, at: 200, times: 60, every: 3, latencyMs: 900 },
    ],
  ],
  async detect(store) {
    const { from, to, seconds } = store.span;
    if (from === null || to === null || seconds < LEAST_SECONDS || store.requests < 2 * LEAST) return [];
    const middle = new Date((Date.parse(from) + Date.parse(to)) / 2).toISOString();
    const by = ["verb", "resource"] as const;
    const first = await store.groups(joined(ALL, `until:${middle}`), by, { latency: true });
    const before = new Map(first.map((row) => [JSON.stringify(row.key), row]));
    const drafts: Draft[] = [];
    for (const row of await store.groups(joined(ALL, `since:${middle}`), by, { latency: true })) {
      const earlier = before.get(JSON.stringify(row.key));
      if (row.requests < LEAST || earlier === undefined || earlier.requests < LEAST) continue;
      const [p99, was] = [row.latencyMs?.p99 ?? 0, earlier.latencyMs?.p99 ?? 0];
      if (p99 < LEAST_MS || p99 < was * TIMES) continue;
      const { verb = "", resource = "" } = row.key;
      const terms = joined(ALL, ...termsForKey(row.key), `since:${middle}`, `latency:>${was}ms`);
      drafts.push({
        severity: "medium",
        title: `${verb} ${plain(resource)} takes ${(p99 / Math.max(was, 0.001)).toFixed(1)} times as long as before: p99 ${duration(was)}, then ${duration(p99)}`,
        detail: `of ${row.requests} requests since ${middle.slice(11, 19)} the slowest hundredth took ${duration(p99)} or more, of ${earlier.requests} before ${duration(was)}; the filter opens those that took longer than that`,
        subject: { resource },
        evidence: { terms },
      });
    }
    return drafts;
  },
};
