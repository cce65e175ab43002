import { duration } from "../../models/numbers.ts";
import type { RequestFacts } from "../../events/request.ts";
import type { SeenRequest, SequenceDetector } from "../contract.ts";
import { markOf } from "../incidents.ts";
import { quote } from "../../queries/print-filter.ts";
import { actorText } from "../words.ts";

const STUCK_US = 300e6;
const MOST = 10_000;
const WANTS =
  "(verb:delete resource:namespaces code:<400) OR (resource:namespaces user:system:serviceaccount:kube-system:namespace-controller)";

interface Leaving {
  readonly deletion: SeenRequest;
  readonly facts: RequestFacts;
  lastUs: number;
  finalized: boolean;
}

export const namespaceStuck: SequenceDetector = {
  kind: "sequence",
  id: "ns-stuck",
  about: "a namespace was deleted and is still being emptied long after",
  severity: "high",
  needs: ["metadata"],
  advice:
    "Read the conditions in its status: what is left there waits for a finalizer whose controller is gone, or for an aggregated API that is down.",
  references: ["Kubernetes: namespaces, finalizers"],
  wants: WANTS,
  reads: "facts",
  usual: {
    user: "system:serviceaccount:kube-system:namespace-controller",
    verb: "delete",
    resource: "namespaces",
    name: "demo",
  },
  hits: [
    [{ user: "ops" }, { at: 5, verb: "update", resource: "namespaces/status", times: 50, every: 10 }],
    [{ user: "ops" }, { at: 700, verb: "get" }],
  ],
  misses: [
    [
      { user: "ops" },
      { at: 5, verb: "update", resource: "namespaces/status", times: 3, every: 1 },
      { at: 10, verb: "update", resource: "namespaces/finalize" },
    ],
    [{ verb: "get", times: 100, every: 10 }],
  ],
  start() {
    const leaving = new Map<string, Leaving>();
    return {
      see(sighting) {
        const { facts } = sighting;
        const known = leaving.get(facts.name);
        if (facts.verb === "delete") {
          if (known === undefined && leaving.size < MOST)
            leaving.set(facts.name, { deletion: markOf(sighting), facts, lastUs: facts.receivedUs, finalized: false });
          return;
        }
        if (known === undefined) return;
        // The last finalize, or a 404, is its end; the name may be used again.
        if (facts.code === 404) leaving.delete(facts.name);
        else known.lastUs = Math.max(known.lastUs, facts.receivedUs);
        if (facts.subresource === "finalize" && facts.code !== null && facts.code < 400) known.finalized = true;
      },
      found: () =>
        [...leaving].flatMap(([name, { deletion, facts, lastUs, finalized }]) => {
          const us = lastUs - deletion.receivedUs;
          if (finalized || !(us > STUCK_US)) return [];
          return [
            {
              severity: "high" as const,
              title: `namespace ${name}, deleted by ${actorText(facts)}, is still there after ${duration(us / 1e3)}`,
              detail: `${actorText(facts)} deleted namespace ${name}, and the namespace controller still works on it ${duration(us / 1e3)} later`,
              subject: { user: facts.user, resource: "namespaces", object: `namespaces/${name}`, namespace: name },
              evidence: {
                terms: `(${WANTS}) name:${quote(name)}`,
              },
            },
          ];
        }),
    };
  },
};
