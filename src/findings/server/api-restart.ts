import type { AggregateDetector } from "../contract.ts";
import { duration } from "../../models/numbers.ts";
import { joined, windowTerms } from "../terms.ts";
import { startAt, trafficFrom } from "./restart-samples.ts";
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
      trafficFrom(0, "configmaps", 20),
      startAt(30, "clusterroles.rbac.authorization.k8s.io", "system:discovery"),
      trafficFrom(31, "configmaps", 20),
    ],
    [
      trafficFrom(0, "pods", 40),
      startAt(60, "priorityclasses.scheduling.k8s.io", "system-node-critical"),
      trafficFrom(61, "pods", 40),
    ],
  ],
  misses: [[trafficFrom(0, "configmaps", 60)], [trafficFrom(0, "configmaps", 20), trafficFrom(120, "configmaps", 20)]],
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
