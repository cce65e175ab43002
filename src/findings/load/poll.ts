import { duration } from "../../models/numbers.ts";
import { termsForKey } from "../../queries/filter-term.ts";
import type { AggregateDetector, Draft } from "../contract.ts";
import { NOT_MACHINERY } from "../actors.ts";
import { joined } from "../terms.ts";
import { personText, plain, within } from "../words.ts";

/** Elections and health are polled by design; metrics can't be watched. */
const POLLS = `verb:list,get code:2xx -resource:"" -resource:leases,nodes/proxy,pods/log -resource:/metrics\\.k8s\\.io/ ${NOT_MACHINERY}`;
const LEAST = 20;
const LONGEST_MS = 60_000;
/** Of the time between the first and the last. */
const LEAST_COVERED = 0.6;
/** Groups looked at for their period. */
const MOST = 200;

export const poll: AggregateDetector = {
  kind: "aggregate",
  id: "load-poll",
  about: "a client asks for the same again and again at a regular period, where it could watch",
  severity: "low",
  needs: ["metadata"],
  advice: "Watch it (an informer): the API server then tells of changes, and of nothing else.",
  references: ["Kubernetes API concepts: efficient detection of changes"],
  usual: { user: "board", verb: "list", resource: "pods", namespace: "shop", times: 40, every: 3 },
  hits: [[{}], [{ verb: "get", resource: "configmaps", name: "x", times: 30, every: 10 }]],
  misses: [[{ times: 15 }], [{}, { verb: "watch", times: 2 }]],
  async detect(store) {
    const drafts: Draft[] = [];
    const rows = await store.groups(POLLS, ["user", "useragent", "verb", "path"]);
    for (const row of rows.slice(0, MOST)) {
      if (row.requests < LEAST) break;
      const { user = "", useragent = "", verb = "", path = "" } = row.key;
      const own = joined(POLLS, ...termsForKey(row.key));
      const cadence = await store.cadence(own);
      if (cadence === null || cadence.kind !== "regular" || cadence.periodMs > LONGEST_MS) continue;
      if (cadence.beats < LEAST) continue;
      // Some short waits for something (a rollout, a job) are no poll.
      const ms = Date.parse(row.lastSeen) - Date.parse(row.firstSeen);
      if (cadence.periodMs * cadence.beats < ms * LEAST_COVERED) continue;
      const [target] = await store.groups(own, ["resource", "namespace"]);
      const { resource = "", namespace = "" } = target?.key ?? {};
      const [watches] = await store.groups(joined(`verb:watch`, ...termsForKey({ user, useragent, resource })), []);
      if ((watches?.requests ?? 0) > 0) continue;
      const what = `${plain(resource)}${namespace === "" ? "" : ` in ${namespace}`}`;
      drafts.push({
        severity: row.requests / Math.max(1, store.requests) > 0.05 ? "medium" : "low",
        title: `${personText(user)} polls: ${verb} ${what} every ${duration(cadence.periodMs)}, ${row.requests} times`,
        detail: `${personText(user)} with ${useragent} asked for ${path} ${row.requests} times ${within(row.firstSeen, row.lastSeen)}, every ${duration(cadence.periodMs)} give or take ${duration(cadence.jitterMs)}, and never watches`,
        subject: { user, useragent, resource, ...(namespace === "" ? {} : { namespace }) },
        evidence: { terms: own, counted: row },
      });
    }
    return drafts;
  },
};
