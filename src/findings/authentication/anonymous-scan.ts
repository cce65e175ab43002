import { termsForKey } from "../../queries/filter-term.ts";
import type { AggregateDetector, Draft } from "../contract.ts";
import { joined } from "../terms.ts";
import { list, plain, within } from "../words.ts";

const REFUSED = "user:system:anonymous code:401,403";
const LEAST = 5;

export const anonymousScan: AggregateDetector = {
  kind: "aggregate",
  id: "auth-anonymous-scan",
  about: "somebody who said nothing of who they are tries many doors, and is refused",
  severity: "medium",
  needs: ["metadata"],
  advice: "Find what runs at this address; close the way to the API server for it, and keep anonymous access off.",
  references: [
    "T1046",
    "T1613",
    "Elastic: endpoint_permission_enumeration_by_anonymous",
    "Splunk: scanning by unauthenticated IP",
  ],
  usual: { user: "system:anonymous", verb: "get", resource: "/api", ip: "203.0.113.9" },
  hits: [
    [
      { verb: "list", resource: "secrets", code: 403, decision: "forbid" },
      { verb: "list", resource: "pods", code: 403, decision: "forbid" },
      { code: 403, decision: "forbid" },
      { resource: "/apis", code: 403, decision: "forbid" },
      { resource: "/metrics", code: 403, decision: "forbid" },
    ],
    ["pods", "secrets", "nodes", "configmaps", "services", "jobs.batch"].map((resource) => ({
      user: "system:anonymous",
      verb: "list",
      resource,
      code: 403,
      decision: "forbid" as const,
      ip: "198.51.100.3",
    })),
  ],
  misses: [
    [{ resource: "/", code: 403, decision: "forbid", times: 50 }],
    [
      { resource: "/healthz", times: 5 },
      { code: 403, decision: "forbid" },
    ],
  ],
  async detect(store) {
    const drafts: Draft[] = [];
    const tried = await store.groups(REFUSED, ["ip", "verb", "resource"]);
    const doors = Map.groupBy(tried, ({ key }) => key["ip"] ?? "");
    for (const row of await store.groups(REFUSED, ["ip"])) {
      const ip = row.key["ip"] ?? "";
      const own = doors.get(ip) ?? [];
      if (own.length < LEAST) continue;
      const [letIn] = await store.groups(
        joined(
          "user:system:anonymous decision:allow code:<400 -resource:/healthz,/livez,/readyz,/version",
          ...termsForKey(row.key),
        ),
        [],
      );
      const got = letIn?.requests ?? 0;
      const what = list(
        own.map(({ key }) => `${key["verb"]} ${plain(key["resource"] ?? "")}`),
        5,
      );
      drafts.push({
        severity: got > 0 ? "critical" : "medium",
        title: `somebody at ${ip} tries ${own.length} doors without a name: ${row.requests} refused, ${within(row.firstSeen, row.lastSeen)}`,
        detail: `${row.requests} anonymous requests from ${ip} for ${own.length} different things were refused: ${what}`,
        ...(got > 0 ? { why: `${got} of its requests were let in` } : {}),
        subject: { user: "system:anonymous", ip },
        evidence: { terms: joined(REFUSED, ...termsForKey(row.key)), counted: row },
      });
    }
    return drafts;
  },
};
