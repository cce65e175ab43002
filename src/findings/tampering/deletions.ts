import { termsForKey } from "../../queries/filter-term.ts";
import { NOT_MACHINERY } from "../actors.ts";
import type { AggregateDetector, Draft } from "../contract.ts";
import { incidents } from "../incidents.ts";
import { joined } from "../terms.ts";
import { list, personText, plain, within } from "../words.ts";

const EVENTS = "resource:events,events.events.k8s.io";
const OF_EVENTS = `verb:delete,deletecollection code:<400 ${EVENTS} ${NOT_MACHINERY}`;
const MANY_EVENTS = 20;

export const eventsDeleted: AggregateDetector = {
  kind: "aggregate",
  id: "events-deleted",
  about: "somebody deleted Kubernetes Events: traces of what happened",
  severity: "medium",
  wholeRun: true,
  needs: ["metadata"],
  advice: "`ktrail k8s-events FILE` shows those the log still has; ask what for.",
  references: ["T1070", "Microsoft: delete Kubernetes events", "Sigma: kubernetes_audit_events_deleted"],
  usual: { user: "tomasz", verb: "deletecollection", resource: "events", namespace: "payments" },
  hits: [[{}], [{ verb: "delete", namespace: "search", name: "x.1", times: 30, every: 0.2 }]],
  misses: [[{ user: "system:serviceaccount:kube-system:namespace-controller" }], [{ verb: "list" }]],
  async detect(store) {
    const drafts: Draft[] = [];
    for (const row of await store.groups(OF_EVENTS, ["user"])) {
      const user = row.key["user"] ?? "";
      const own = joined(OF_EVENTS, ...termsForKey(row.key));
      const [collections] = await store.groups(joined(own, "verb:deletecollection"), []);
      const namespaces = (await store.groups(own, ["namespace"])).map(({ key }) => key["namespace"] ?? "");
      const isMany = row.requests >= MANY_EVENTS || (collections?.requests ?? 0) > 0;
      drafts.push({
        severity: isMany ? "high" : "medium",
        title: `${personText(user)} deleted Events in ${list(namespaces)}: ${row.requests} requests, ${within(row.firstSeen, row.lastSeen)}`,
        detail: `${user} deleted Events in ${list(namespaces)} with ${row.requests} requests, ${collections?.requests ?? 0} of them for whole namespaces`,
        ...(isMany ? { why: "all of a namespace, or many" } : {}),
        subject: { user, resource: "events", ...(namespaces.length === 1 ? { namespace: namespaces[0] ?? "" } : {}) },
        evidence: { terms: own, counted: row },
      });
    }
    return drafts;
  },
};

const DELETES = `verb:delete code:<400 sub:"" ${NOT_MACHINERY} -resource:events,events.events.k8s.io,leases.coordination.k8s.io`;
const LEAST_KINDS = 20;
const LEAST = 50;
const PRECIOUS = /^(?:persistentvolumes|persistentvolumeclaims|namespaces|secrets|customresourcedefinitions)$/;

export const massDelete: AggregateDetector = {
  kind: "aggregate",
  id: "mass-delete",
  about: "one identity deletes objects in numbers",
  severity: "medium",
  wholeRun: true,
  needs: ["metadata"],
  advice: "If it was a mistake: `ktrail object KIND/NAME FILE --manifest` writes what was deleted to apply again.",
  references: ["T1485", "GuardDuty: Impact"],
  usual: { user: "ann", verb: "delete", resource: "pods", namespace: "a", name: "p", times: 15 },
  hits: [
    [{ times: 60, every: 0.5 }],
    [
      { resource: "secrets", every: 0.5 },
      { resource: "configmaps", every: 0.5 },
    ],
  ],
  misses: [[{ every: 0.5 }], [{ user: "system:serviceaccount:kube-system:generic-garbage-collector", times: 500 }]],
  async detect(store) {
    const drafts: Draft[] = [];
    for (const row of await store.groups(DELETES, ["user", "useragent"])) {
      const { user = "", useragent = "" } = row.key;
      if (row.requests < LEAST_KINDS) break;
      const own = joined(DELETES, ...termsForKey(row.key));
      const kinds = await store.groups(own, ["resource"]);
      const ms = Date.parse(row.lastSeen) - Date.parse(row.firstSeen);
      if (row.requests < LEAST && kinds.length < 2) continue;
      // As fast as in five minutes; a pipeline that replaces things deletes all day.
      if (row.requests / Math.max(1, ms / 300_000) < LEAST_KINDS) continue;
      const precious = kinds.filter(({ key }) => PRECIOUS.test(plain(key["resource"] ?? "")));
      const isPipeline = user.startsWith("system:serviceaccount:");
      drafts.push({
        severity: isPipeline ? "low" : precious.length > 0 ? "high" : "medium",
        title: `${personText(user)} deleted ${row.requests} objects: ${list(kinds.map(({ key, requests }) => `${requests} ${plain(key["resource"] ?? "")}`))}, ${within(row.firstSeen, row.lastSeen)}`,
        detail: `${user} with ${useragent} deleted ${row.requests} objects of ${kinds.length} kinds ${within(row.firstSeen, row.lastSeen)}`,
        ...(precious.length > 0 && !isPipeline
          ? { why: `${list(precious.map(({ key }) => key["resource"] ?? ""))} are among them` }
          : {}),
        subject: { user, useragent },
        evidence: { terms: own, counted: row },
      });
    }
    return drafts;
  },
};

export const collectionDeleted = incidents({
  id: "collection-deleted",
  about: "a person deleted all objects of a kind in one request",
  severity: "high",
  needs: ["metadata"],
  advice: "If it was a mistake: `ktrail object KIND/NAME FILE --manifest` writes what was deleted to apply again.",
  references: ["T1485"],
  wants:
    "verb:deletecollection actor:human -resource:events,events.events.k8s.io -uri:*labelSelector=* -uri:*fieldSelector=*",
  usual: { user: "viktor", verb: "deletecollection", resource: "configmaps", namespace: "team" },
  hits: [[{}], [{ resource: "pods" }]],
  misses: [
    [{ resource: "pods", query: "labelSelector=app%3Dweb" }],
    [{ user: "system:serviceaccount:kube-system:namespace-controller" }],
  ],
  judge: ({ facts }) => {
    const isPrecious = PRECIOUS.test(plain(facts.resource));
    return {
      did: ["deleted", "delete"],
      what: `all ${plain(facts.resource)}${facts.namespace === "" ? " of the cluster" : ` in ${facts.namespace}`} in one request`,
      ...(isPrecious ? { severity: "critical" as const, why: "what was in them is gone with them" } : {}),
    };
  },
});
