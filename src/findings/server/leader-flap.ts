import type { RequestFacts } from "../../events/request.ts";
import { quote } from "../../queries/print-filter.ts";
import type { Mark, SequenceDetector } from "../contract.ts";
import { markOf } from "../incidents.ts";
import { onTerms } from "../terms.ts";
import { objectOf } from "../words.ts";

/** A holder that has not renewed for so long has lost it: leaders renew every 2 s, and hold a lease for 15. */
const PAUSE_US = 8e6;
const LEAST = 2;
const MOST = 5_000;
const WANTS =
  "verb:update,patch resource:leases.coordination.k8s.io code:<300 -ns:kube-node-lease -name:apiserver-* -user:system:apiserver";

interface Lease {
  readonly facts: RequestFacts;
  readonly takeovers: Mark[];
  readonly holders: Set<string>;
  holder: string;
  lastUs: number;
}

export const leaderFlap: SequenceDetector = {
  kind: "sequence",
  id: "leader-flap",
  about: "a component loses its leadership again and again: meanwhile nobody does its work",
  severity: "high",
  needs: ["metadata"],
  advice: "Look at latency and 5xx right before each: a leader that can't renew its lease in time gives up.",
  references: ["Kubernetes: leases, leader election"],
  wants: WANTS,
  reads: "facts",
  hits: [
    [0, 1, 2, 3].map((at) => ({
      at: at * 60,
      user: "system:kube-scheduler",
      ip: `10.0.0.${(at % 2) + 1}`,
      verb: "update",
      resource: "leases.coordination.k8s.io",
      namespace: "kube-system",
      name: "kube-scheduler",
      times: 20,
      every: 2,
    })),
    [0, 1, 2].map((at) => ({
      at: at * 40,
      user: "system:serviceaccount:a:operator",
      ip: `10.0.0.${at + 1}`,
      verb: "update",
      resource: "leases.coordination.k8s.io",
      namespace: "a",
      name: "lock",
      times: 10,
      every: 2,
    })),
  ],
  misses: [
    [0, 1].map((at) => ({
      at: at * 60,
      user: "system:kube-scheduler",
      ip: `10.0.0.${at + 1}`,
      verb: "update",
      resource: "leases.coordination.k8s.io",
      namespace: "kube-system",
      name: "kube-scheduler",
      times: 20,
      every: 2,
    })),
    [0, 1, 2, 3, 4, 5].map((at) => ({
      at: at * 2,
      user: "system:serviceaccount:a:b",
      ip: `10.0.0.${(at % 2) + 1}`,
      verb: "update",
      resource: "leases.coordination.k8s.io",
      namespace: "a",
      name: "lock",
    })),
  ],
  start() {
    const leases = new Map<string, Lease>();
    return {
      see(sighting) {
        const { facts } = sighting;
        const holder = `${facts.ip} ${facts.useragent} ${facts.user}`;
        const object = objectOf(facts);
        const lease = leases.get(object);
        if (lease === undefined) {
          if (leases.size < MOST)
            leases.set(object, { facts, takeovers: [], holders: new Set([holder]), holder, lastUs: facts.receivedUs });
          return;
        }
        // Behind an address that many share holders take turns without a pause: that is no change.
        if (holder !== lease.holder && facts.receivedUs - lease.lastUs >= PAUSE_US) {
          if (lease.takeovers.length < MOST) lease.takeovers.push(markOf(sighting));
          if (lease.holders.size < 100) lease.holders.add(holder);
        }
        lease.holder = holder;
        lease.lastUs = facts.receivedUs;
      },
      found: () =>
        [...leases].flatMap(([object, { facts, takeovers, holders }]) =>
          takeovers.length < LEAST
            ? []
            : [
                {
                  severity: "high" as const,
                  title: `${facts.namespace}/${facts.name} changes its leader: ${takeovers.length} times`,
                  detail: `lease ${facts.namespace}/${facts.name} went ${takeovers.length} times from one of ${holders.size} holders to another, each time after a pause`,
                  subject: { user: facts.user, resource: facts.resource, object, namespace: facts.namespace },
                  evidence: {
                    terms: `verb:update,patch code:<300 ${onTerms(facts)} user:${quote(facts.user)}`,
                    marks: takeovers,
                    requests: takeovers.length,
                  },
                },
              ],
        ),
    };
  },
};
