import { termsForKey } from "../../queries/filter-term.ts";
import type { AggregateDetector, Draft } from "../contract.ts";
import { NOT_MACHINERY } from "../actors.ts";
import { joined } from "../terms.ts";
import { list, personText, plain, within } from "../words.ts";

/** Whole collections, read from etcd's newest state: neither cut into pages nor served from the cache of watches. */
const WHOLE = `verb:list sub:"" ns:"" code:2xx -resource:"" -uri:/[?&]limit=[1-9]/ -uri:/[?&]resourceVersion=[^&]/ -uri:*resourceVersionMatch=* -uri:*fieldSelector=* -uri:*sendInitialEvents=* ${NOT_MACHINERY}`;
/** What a cluster has many of; of anything else a whole list is small. */
const MANY =
  "resource:pods,events,events.events.k8s.io,secrets,configmaps,replicasets.apps,endpointslices.discovery.k8s.io,jobs.batch,services,serviceaccounts,deployments.apps";
const LEAST = 5;

export const listUnpaginated: AggregateDetector = {
  kind: "aggregate",
  id: "load-list-unpaginated",
  about: "a client reads whole collections of all namespaces at once, from etcd, again and again",
  severity: "low",
  needs: ["metadata"],
  advice: "Ask in pages (limit=500 and continue), take resourceVersion=0, or keep a watch (an informer) instead.",
  references: ["Kubernetes API concepts: retrieving large results sets in chunks"],
  usual: { user: "inventory", verb: "list", resource: "pods", times: 10, every: 2 },
  hits: [
    [{}],
    [
      { resource: "configmaps", query: "resourceVersion=", times: 3 },
      { resource: "secrets", times: 3 },
    ],
  ],
  misses: [[{ query: "limit=500" }], [{ query: "resourceVersion=0" }]],
  async detect(store) {
    const terms = `${WHOLE} ${MANY}`;
    const drafts: Draft[] = [];
    for (const row of await store.groups(terms, ["user", "useragent"], { latency: true })) {
      if (row.requests < LEAST) continue;
      const { user = "", useragent = "" } = row.key;
      const own = joined(terms, ...termsForKey(row.key));
      const resources = (await store.groups(own, ["resource"])).map(({ key }) => plain(key["resource"] ?? ""));
      const seconds = Math.max(1, (Date.parse(row.lastSeen) - Date.parse(row.firstSeen)) / 1e3);
      const isOften = row.requests >= 10 && row.requests / seconds > 1 / 60;
      const isSlow = (row.latencyMs?.p50 ?? 0) > 1_000;
      drafts.push({
        severity: isSlow ? "high" : isOften ? "medium" : "low",
        title: `${personText(user)} lists all ${list(resources)} of the cluster at once: ${row.requests} times, ${within(row.firstSeen, row.lastSeen)}`,
        detail: `${personText(user)} with ${useragent} listed ${list(resources)} of all namespaces ${row.requests} times without limit and without resourceVersion`,
        ...(isSlow
          ? { why: "half of them take more than a second" }
          : isOften
            ? { why: "more than one a minute" }
            : {}),
        subject: { user, useragent, ...(resources.length === 1 ? { resource: resources[0] ?? "" } : {}) },
        evidence: { terms: own, counted: row },
      });
    }
    return drafts;
  },
};
