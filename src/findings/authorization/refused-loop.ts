import { rate } from "../../models/numbers.ts";
import { termsForKey } from "../../queries/filter-term.ts";
import type { AggregateDetector, Draft, Severity } from "../contract.ts";
import { joined } from "../terms.ts";
import { personText, plain, within } from "../words.ts";

const LEAST = 10;
const REFUSED = "code:403 decision:forbid";
/** Fewer are enough where they come for long: 10 in a log of any length are no accident of one command. */
const LEAST_SECONDS = 20;

export const refusedLoop: AggregateDetector = {
  kind: "aggregate",
  id: "authz-403-loop",
  about: "a subject keeps asking for what it may not",
  severity: "medium",
  needs: ["annotations"],
  advice:
    "Grant exactly this, if it is needed (`ktrail rbac FILE --user USER --refused` writes the role), or take the call away: a default of a chart, a feature that is off, a missing restriction to namespaces.",
  references: ["T1078"],
  usual: { user: "dev", verb: "list", resource: "nodes", code: 403, decision: "forbid", times: 30, every: 3 },
  hits: [
    [{ user: "system:serviceaccount:ingress:traefik", resource: "secrets" }],
    [{ verb: "get", name: "n1", times: 12, every: 30 }],
  ],
  misses: [[{ times: 9, every: 60 }], [{ verb: "create", resource: "pods", namespace: "a", decision: "allow" }]],
  async detect(store) {
    const rows = await store.groups(REFUSED, ["user", "verb", "resource", "namespace"]);
    return rows.flatMap((row): readonly Draft[] => {
      const { user = "", verb = "", resource = "", namespace = "" } = row.key;
      const seconds = (Date.parse(row.lastSeen) - Date.parse(row.firstSeen)) / 1e3;
      // Anonymous callers are of another kind: who scans is told by what is tried.
      if (row.requests < LEAST || seconds < LEAST_SECONDS || user === "" || user === "system:anonymous") return [];
      const perSecond = row.requests / Math.max(1, seconds);
      const share = row.requests / Math.max(1, store.requests);
      const isOften = perSecond >= 1 || share > 0.05;
      const severity: Severity = isOften ? "high" : "medium";
      const where = resource.startsWith("/") ? "" : namespace === "" ? " in all namespaces" : ` in ${namespace}`;
      return [
        {
          severity,
          title: `${personText(user)} may not ${verb} ${resource.startsWith("/") ? resource : plain(resource)}${where}: ${row.requests} × 403, ${within(row.firstSeen, row.lastSeen)}`,
          detail: `${personText(user)} asked ${row.requests} times to ${verb} ${resource}${where} (${rate(perSecond)}) and was refused each time`,
          ...(isOften ? { why: perSecond >= 1 ? "more than one a second" : "more than 5 % of all requests" } : {}),
          subject: { user, resource, ...(namespace === "" ? {} : { namespace }) },
          evidence: { terms: joined(REFUSED, ...termsForKey(row.key)), counted: row },
        },
      ];
    });
  },
};
