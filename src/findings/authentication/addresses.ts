/** Addresses that say something by themselves: ones on the user's list, and ones that a client only claims. */
import type { AggregateDetector, Draft, FindingStore } from "../contract.ts";
import { NOT_MACHINERY } from "../actors.ts";
import { repeated } from "../repeated.ts";
import { joined } from "../terms.ts";
import { termsForKey } from "../../queries/filter-term.ts";
import { list, personText, within } from "../words.ts";

/** Addresses asked for at a time. */
const AT_ONCE = 500;

export const knownBadAddress: AggregateDetector = {
  kind: "aggregate",
  id: "auth-known-bad-ip",
  about: "somebody came from an address that is on your list of bad ones (`--bad-addresses FILE`)",
  severity: "high",
  needs: ["metadata"],
  advice: "Find out whose credential it was and renew it; let nobody reach the API server from there.",
  references: ["T1090", "GuardDuty: MaliciousIPCaller, TorIPCaller", "Panther: ioc_activity"],
  usual: { user: "ann", verb: "list", resource: "pods" },
  hits: [
    [{ ip: "203.0.113.66" }],
    [{ user: "", verb: "get", resource: "/api", ip: "198.51.100.9", code: 401, times: 3 }],
  ],
  misses: [[{ ip: "203.0.113.67" }], [{ ip: "10.0.0.1", times: 30 }]],
  async detect(store) {
    const drafts: Draft[] = [];
    for (let at = 0; at < store.knownBad.length; at += AT_ONCE) {
      const terms = `ip:${store.knownBad.slice(at, at + AT_ONCE).join(",")}`;
      for (const row of await store.groups(terms, ["ip", "user"])) {
        const { ip = "", user = "" } = row.key;
        const own = joined(...termsForKey(row.key));
        const [got] = await store.groups(joined(own, "code:<400"), []);
        const gotIn = got?.requests ?? 0;
        const who = user === "" ? "somebody" : personText(user);
        drafts.push({
          severity: gotIn > 0 && user !== "system:anonymous" ? "critical" : "high",
          title: `${who} came from ${ip}, which is on the list of bad addresses: ${row.requests} requests, ${gotIn} answered`,
          detail: `${who} asked ${row.requests} times from ${ip} ${within(row.firstSeen, row.lastSeen)}; ${gotIn} requests were answered`,
          ...(gotIn > 0 && user !== "system:anonymous" ? { why: "it was let in with a credential" } : {}),
          subject: { ip, ...(user === "" ? {} : { user }) },
          evidence: { terms: own, counted: row },
          ...(gotIn === 0 ? { attempt: true } : {}),
        });
      }
    }
    return drafts;
  },
};

/** The API server's own machine: nobody who calls from elsewhere has such an address. */
const LOOPBACK = "127.0.0.0/8,::1/128,0.0.0.0/32,169.254.169.254/32";
/** Claimed addresses of one client from one place: more than one has behind one way in. */
const MOST_CLAIMS = 3;
const MOST_LOOKED_AT = 2_000;

export const forwardedForged = repeated({
  id: "auth-forwarded-forged",
  about: "a client claims to come from elsewhere (X-Forwarded-For), in a way that no proxy does",
  severity: "low",
  needs: ["metadata"],
  advice: "Never let anybody in by the first of sourceIPs: only the last one, `ip:`, is told by the connection.",
  references: ["T1036", "Kubernetes: audit event sourceIPs"],
  terms: `-forwarded:"" ${NOT_MACHINERY}`,
  by: ["user", "ip", "useragent"],
  least: 1,
  usual: { user: "ann", verb: "list", resource: "pods", ip: "10.0.0.9" },
  hits: [
    [{ forwarded: ["127.0.0.1"] }],
    ["203.0.113.1", "203.0.113.2", "203.0.113.3", "203.0.113.4"].map((claimed) => ({
      user: "",
      verb: "get",
      resource: "/api",
      ip: "10.0.0.9",
      forwarded: [claimed],
      code: 401,
      decision: "" as const,
    })),
  ],
  misses: [
    [{ forwarded: ["192.0.2.7"], times: 50 }],
    ["192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4"].map((claimed) => ({
      user: `person-${claimed}`,
      verb: "list",
      resource: "pods",
      ip: "10.0.0.9",
      forwarded: [claimed],
    })),
  ],
  async tell({ key, row, own, store }) {
    const { user = "", ip = "" } = key;
    const [inside] = await store.groups(joined(own, `forwarded:${LOOPBACK}`), []);
    const claimed = inside === undefined ? await claimsOf(own, store) : new Set<string>();
    if (inside === undefined && claimed.size <= MOST_CLAIMS) return null;
    const who = user === "" ? "somebody" : personText(user);
    const what =
      inside === undefined
        ? `to come from ${claimed.size} addresses`
        : `${inside.requests === 1 ? "once" : `${inside.requests} times`} to come from the API server's own machine`;
    return {
      title: `${who} at ${ip} claims ${what}`,
      detail: `${who} with ${key["useragent"] ?? ""} at ${ip} made ${row.requests} requests ${within(row.firstSeen, row.lastSeen)} that claim ${what}${claimed.size === 0 ? "" : `: ${list(claimed)}`}`,
    };
  },
});

async function claimsOf(terms: string, store: FindingStore): Promise<Set<string>> {
  const requests = (await store.requestsOf(terms, MOST_LOOKED_AT)) ?? [];
  return new Set(requests.flatMap(({ sourceIPs }) => sourceIPs.slice(0, -1)));
}
