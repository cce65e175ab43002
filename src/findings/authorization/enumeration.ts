import { termsForKey } from "../../queries/filter-term.ts";
import { NOT_MACHINERY } from "../actors.ts";
import type { AggregateDetector, Draft } from "../contract.ts";
import { joined } from "../terms.ts";
import { list, personText, plain, within } from "../words.ts";

const REFUSED = `code:403 decision:forbid ${NOT_MACHINERY} -user:system:anonymous -user:""`;
const LEAST = 5;
/** Dashboards ask for whatever there is, right after discovery. */
const DASHBOARDS = /^(?:k9s|lens|headlamp|octant|kubernetes-dashboard|freelens)/i;

export const enumeration: AggregateDetector = {
  kind: "aggregate",
  id: "authz-enumeration",
  about: "one user tries many doors and is refused at them",
  severity: "medium",
  wholeRun: true,
  needs: ["annotations"],
  advice: "Ask what for; look at what they were allowed before and after.",
  references: ["T1613", "T1069", "Elastic: multiple_forbidden_requests_by_user"],
  usual: { user: "eve", verb: "list" },
  hits: [
    ["pods", "secrets", "nodes", "configmaps", "services"].map((resource) => ({
      resource,
      code: 403,
      decision: "forbid" as const,
    })),
    ["a", "b", "c", "d", "e"].map((name) => ({
      verb: "get",
      resource: `${name}s.example.com`,
      namespace: "a",
      name,
      code: 403,
      decision: "forbid" as const,
    })),
  ],
  misses: [
    [{ resource: "nodes", code: 403, decision: "forbid", times: 30, every: 2 }],
    ["pods", "secrets", "nodes", "configmaps", "services"].map((resource) => ({ resource })),
  ],
  async detect(store) {
    const drafts: Draft[] = [];
    const rows = await store.groups(REFUSED, ["user", "useragent", "verb", "resource"]);
    for (const own of Map.groupBy(rows, ({ key }) => JSON.stringify([key["user"], key["useragent"]])).values()) {
      const { user = "", useragent = "" } = own[0]?.key ?? {};
      const resources = new Set(own.map(({ key }) => key["resource"] ?? ""));
      const requests = own.reduce((sum, row) => sum + row.requests, 0);
      // Each a few times: who asks for the same for ever is in a loop.
      if (resources.size < LEAST || requests > resources.size * 15) continue;
      const wants = own.some(({ key }) => /^secrets|exec$|token$/.test(key["resource"] ?? ""));
      const isDashboard = DASHBOARDS.test(useragent);
      const first = own.reduce((a, { firstSeen }) => (firstSeen < a ? firstSeen : a), own[0]?.firstSeen ?? "");
      const last = own.reduce((a, { lastSeen }) => (lastSeen > a ? lastSeen : a), "");
      drafts.push({
        severity: isDashboard ? "low" : wants ? "high" : "medium",
        title: `${personText(user)} tried ${resources.size} things it may not: ${list([...resources].map(plain), 5)}, ${within(first, last)}`,
        detail: `${user} with ${useragent} was refused ${requests} times for ${resources.size} resources: ${list(resources, 8)}`,
        ...(wants && !isDashboard ? { why: "Secrets, tokens or commands in pods are among them" } : {}),
        subject: { user, useragent },
        evidence: { terms: joined(REFUSED, ...termsForKey({ user, useragent })) },
        attempt: true,
      });
    }
    return drafts;
  },
};
