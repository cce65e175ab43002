import { duration, rate } from "../../models/numbers.ts";
import { termsForKey } from "../../queries/filter-term.ts";
import { isComponent } from "../actors.ts";
import type { AggregateDetector, Draft } from "../contract.ts";
import { joined } from "../terms.ts";
import { within } from "../words.ts";

const REFUSED = "code:401 -ua:kube-probe*,GoogleHC*,ELB-HealthChecker*";
const LEAST = 10;
const SOON_US = 300_000;
/** Clients that send one credential for ever; scripts may send another one each time. */
const KEEPS_ONE = /^(?:kubectl|kubelet|kube-|k9s|helm|terraform|argocd|[a-z-]+\/v\d+\.\d+\.\d+ \()/;

export const badCredentials: AggregateDetector = {
  kind: "aggregate",
  id: "auth-bad-credentials",
  about: "one address is refused as unknown again and again, and never got in",
  severity: "medium",
  needs: ["metadata"],
  advice:
    "Find what runs at this address; renew its certificate or token if it is yours, close the way to it if it is not.",
  references: [
    "T1110",
    "T1078",
    "Sigma: kubernetes_audit_unauthorized_unauthenticated_actions",
    "Panther: multiple 401/403",
  ],
  usual: { verb: "list", resource: "pods", ip: "10.9.9.9", ua: "kubectl/v1.31.4" },
  hits: [
    [{ namespace: "a", code: 401, times: 20, every: 2 }],
    [{ resource: "secrets", namespace: "a", code: 401, ua: "python-requests/2", times: 120, every: 0.2 }],
  ],
  misses: [[{ code: 401, times: 9, every: 2 }], [{ user: "ann" }, { code: 401, times: 20, every: 2 }]],
  async detect(store) {
    const drafts: Draft[] = [];
    for (const row of await store.groups(REFUSED, ["ip", "useragent"])) {
      const { ip = "", useragent = "" } = row.key;
      const own = termsForKey(row.key);
      const ms = Date.parse(row.lastSeen) - Date.parse(row.firstSeen);
      if (row.requests < LEAST || (row.requests / Math.max(1, ms)) * SOON_US < LEAST) continue;
      // A pair that worked before is told by auth-expired-client.
      const [worked] = await store.groups(joined("code:<400", ...own), []);
      if ((worked?.requests ?? 0) > 0) continue;
      const perSecond = row.requests / Math.max(1, ms / 1e3);
      const isGuessing = !KEEPS_ONE.test(useragent) && perSecond >= 1;
      const [target, others] = await store.groups(joined(REFUSED, ...own), ["verb", "path"]);
      const isMany = row.requests > 100 || others !== undefined;
      const what = others === undefined ? `${target?.key["verb"]} ${target?.key["path"]}` : "many things";
      const isExpired = KEEPS_ONE.test(useragent) && !isGuessing;
      drafts.push({
        severity: isGuessing || isMany ? "high" : "medium",
        title: isExpired
          ? `${useragent} at ${ip} is not let in: ${row.requests} × 401, ${within(row.firstSeen, row.lastSeen)}: its certificate or token has run out or is wrong`
          : `${ip} tries credentials: ${row.requests} × 401, ${within(row.firstSeen, row.lastSeen)}, none got in`,
        detail: `${row.requests} requests from ${ip} with ${useragent} (${what}) were refused with 401 within ${duration(ms)} (${rate(perSecond)}), and none was let in`,
        ...(isGuessing
          ? { why: "so many so fast look like guessing" }
          : isMany
            ? { why: "many requests, or many different ones" }
            : {}),
        subject: { ip, useragent },
        evidence: { terms: joined(REFUSED, ...own), counted: row },
        ...(isComponent(useragent)
          ? { advice: "Renew its client certificate (kubeadm certs check-expiration), or its token." }
          : {}),
      });
    }
    return drafts;
  },
};
