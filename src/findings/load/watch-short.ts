import { duration } from "../../models/numbers.ts";
import { termsForKey } from "../../queries/filter-term.ts";
import type { AggregateDetector, Draft } from "../contract.ts";
import { joined } from "../terms.ts";
import { personText, plain } from "../words.ts";

const WATCHES =
  "verb:watch code:2xx -stage:ResponseStarted,RequestReceived -ua:kubectl* -actor:controller,apiserver,scheduler";
const LEAST = 20;
/** A client-go reflector asks for 5 to 10 minutes, and the API server ends none earlier than its timeout. */
const SHORT_MS = 60_000;

export const watchShort: AggregateDetector = {
  kind: "aggregate",
  id: "load-watch-short",
  about: "watches of a client end after seconds and are opened anew",
  severity: "low",
  needs: ["metadata"],
  advice: "Look for a timeout of the client or of a load balancer in between: a watch is meant to live for minutes.",
  references: ["Kubernetes API concepts: efficient detection of changes"],
  usual: { user: "sync", verb: "watch", resource: "services", latencyMs: 1_000, times: 30, every: 1 },
  hits: [
    [{}],
    [{ user: "system:serviceaccount:a:b", resource: "pods", namespace: "a", times: 25, every: 30, latencyMs: 29_000 }],
  ],
  misses: [[{ times: 12 }], [{ every: 400, latencyMs: 390_000 }]],
  async detect(store) {
    const drafts: Draft[] = [];
    for (const row of await store.groups(WATCHES, ["user", "useragent", "resource"])) {
      if (row.requests < LEAST) break;
      const { user = "", useragent = "", resource = "" } = row.key;
      const own = joined(WATCHES, ...termsForKey(row.key));
      const [short] = await store.groups(joined(own, `latency:<${SHORT_MS}ms`), []);
      if ((short?.requests ?? 0) < row.requests * 0.5) continue;
      const cadence = await store.cadence(own);
      const [lists] = await store.groups(joined(`verb:list`, ...termsForKey(row.key)), []);
      const relists = (lists?.requests ?? 0) >= row.requests / 2;
      const every = cadence === null ? "" : `, one every ${duration(cadence.periodMs)}`;
      drafts.push({
        severity: relists ? "medium" : "low",
        title: `${personText(user)} opens its watch of ${plain(resource)} anew again and again: ${row.requests} times${every}`,
        detail: `${short?.requests ?? 0} of ${row.requests} watches of ${resource} by ${personText(user)} with ${useragent} ended within a minute${every}`,
        ...(relists ? { why: "each is followed by a whole list" } : {}),
        subject: { user, useragent, resource },
        evidence: { terms: own, counted: row },
      });
    }
    return drafts;
  },
};
