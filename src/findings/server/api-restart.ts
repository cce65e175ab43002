import type { AggregateDetector } from "../contract.ts";
import { duration } from "../../models/numbers.ts";
import { joined, windowTerms } from "../terms.ts";
import { serverText, serverTerms } from "./server-text.ts";

export const apiRestart: AggregateDetector = {
  kind: "aggregate",
  id: "apiserver-restart",
  about: "an API server was started anew",
  severity: "medium",
  needs: ["metadata"],
  advice:
    "Look at what its process says of its end (memory, liveness probe, a deployment); clients that fail while one API server is away know only one address.",
  references: ["docs/restarts.md"],
  hits: [
    [
      { user: "a", verb: "get", resource: "configmaps", namespace: "a", name: "x", times: 20, every: 1 },
      {
        at: 30,
        user: "system:apiserver",
        verb: "get",
        resource: "clusterroles.rbac.authorization.k8s.io",
        name: "system:discovery",
        annotations: { "apiserver.k8s.io/startup": "early=true self=false loopback=true" },
        times: 5,
      },
      { at: 31, user: "a", verb: "get", resource: "configmaps", namespace: "a", name: "x", times: 20, every: 1 },
    ],
    [
      { user: "a", verb: "get", resource: "pods", namespace: "a", name: "x", times: 40, every: 1 },
      {
        at: 60,
        user: "system:apiserver",
        verb: "get",
        resource: "priorityclasses.scheduling.k8s.io",
        name: "system-node-critical",
        annotations: { "apiserver.k8s.io/startup": "early=true self=false loopback=true" },
        times: 5,
      },
      { at: 61, user: "a", verb: "get", resource: "pods", namespace: "a", name: "x", times: 40, every: 1 },
    ],
  ],
  misses: [
    [{ user: "a", verb: "get", resource: "configmaps", namespace: "a", name: "x", times: 60, every: 1 }],
    [
      { user: "a", verb: "get", resource: "configmaps", namespace: "a", name: "x", times: 20, every: 1 },
      { at: 120, user: "a", verb: "get", resource: "configmaps", namespace: "a", name: "x", times: 20, every: 1 },
    ],
  ],
  async detect(store) {
    const { restarts } = await store.continuity();
    const hour = 3_600_000;
    return restarts
      .filter(({ from }) => from !== null)
      .map((restart) => {
        const { apiserver, from, to, seconds, ready, ended, cutOff, evidence, confidence } = restart;
        const at = Date.parse(to);
        const near = restarts.filter(
          (other) => other.apiserver === apiserver && Math.abs(Date.parse(other.to) - at) < hour,
        ).length;
        const how = ended === "killed" ? "was killed" : ended === "shutdown" ? "was shut down" : "ended";
        const cut = cutOff === 0 ? "" : `, ${cutOff} requests were never answered`;
        const start = evidence.filter(({ query, kind }) => query !== null && kind !== "cut-off" && kind !== "shutdown");
        const toUs = at * 1e3;
        const best = start.sort((a, b) => b.requests - a.requests)[0];
        return {
          severity: near > 2 || ended === "killed" ? ("high" as const) : ("medium" as const),
          title: `${serverText(apiserver)} ${how} and started anew: away ${clockOf(from)}–${clockOf(ready ?? to)}, ${duration((seconds ?? 0) * 1e3)} without a request${cut}`,
          detail: `${serverText(apiserver)} ${how} after ${from}; the first request of the new process came at ${to}${ready === null ? "" : `, and it was ready at ${ready}`}${cut} (${confidence})`,
          ...(near > 2
            ? { why: `${near} starts within an hour` }
            : ended === "killed"
              ? { why: "it was not shut down in good order" }
              : {}),
          subject: { apiserver },
          evidence: { terms: best?.query ?? joined(serverTerms(apiserver), windowTerms(toUs, toUs + 15e6)) },
        };
      });
  },
};

function clockOf(iso: string | null): string {
  return (iso ?? "").slice(11, 19);
}
