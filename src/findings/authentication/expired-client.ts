import { duration } from "../../models/numbers.ts";
import { termsForKey } from "../../queries/filter-term.ts";
import { isComponent } from "../actors.ts";
import type { AggregateDetector, Draft } from "../contract.ts";
import { joined } from "../terms.ts";
import { personText } from "../words.ts";

const LEAST = 3;
const LEAST_MS = 20_000;

export const expiredClient: AggregateDetector = {
  kind: "aggregate",
  id: "auth-expired-client",
  about: "a client that worked is no longer let in: its certificate or token has run out",
  severity: "high",
  needs: ["metadata"],
  advice: "Renew its client certificate (kubeadm: kubeadm certs check-expiration) or its token.",
  references: ["T1078", "Kubernetes: certificate management with kubeadm"],
  usual: { user: "ann", verb: "list", resource: "pods", ip: "10.9.9.9", ua: "kubectl/v1.31.4" },
  hits: [
    [{}, { at: 10, user: "", code: 401, times: 5, every: 20 }],
    [
      { user: "system:node:n1", verb: "get", resource: "nodes", name: "n1", ip: "10.9.9.1", ua: "kubelet/v1.31.4" },
      {
        at: 10,
        user: "",
        verb: "get",
        resource: "nodes",
        name: "n1",
        code: 401,
        ip: "10.9.9.1",
        ua: "kubelet/v1.31.4",
        times: 30,
        every: 10,
      },
    ],
  ],
  misses: [
    [{}, { at: 10, user: "", code: 401, times: 5, every: 20 }, { at: 120 }],
    [{ user: "", code: 401, times: 5, every: 20 }],
  ],
  async detect(store) {
    const drafts: Draft[] = [];
    for (const row of await store.groups("code:401", ["ip", "useragent"])) {
      const { ip = "", useragent = "" } = row.key;
      const ms = Date.parse(row.lastSeen) - Date.parse(row.firstSeen);
      if (row.requests < LEAST || ms < LEAST_MS) continue;
      const own = termsForKey(row.key);
      const users = await store.groups(joined('code:<400 -user:""', ...own), ["user"]);
      const last = users.reduce((a, { lastSeen }) => (lastSeen > a ? lastSeen : a), "");
      // Several behind one address can't be told apart: who still gets in may be another one.
      if (last === "" || last > row.firstSeen) continue;
      const user = users.find(({ lastSeen }) => lastSeen === last)?.key["user"] ?? "";
      const isOfCluster = isComponent(useragent);
      drafts.push({
        severity: isOfCluster ? "critical" : "high",
        title: `${personText(user)} at ${ip} is no longer let in: ${row.requests} × 401 for ${duration(ms)}`,
        detail: `${useragent} at ${ip}, last let in as ${user} at ${last}, was refused with 401 ${row.requests} times since ${row.firstSeen}`,
        ...(isOfCluster ? { why: "it is a component of the cluster" } : {}),
        subject: { user, ip, useragent },
        evidence: { terms: joined("code:401", ...own), counted: row },
      });
    }
    return drafts;
  },
};
