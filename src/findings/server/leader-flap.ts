import type { RequestFacts } from "../../events/request.ts";
import { quote } from "../../queries/print-filter.ts";
import { field, number, text } from "../../lineage/json.ts";
import { termsForKey } from "../../queries/filter-term.ts";
import type { AggregateDetector, Draft, FindingStore, Sighting } from "../contract.ts";
import { draftsOf } from "../repeated.ts";
import { joined, windowTerms } from "../terms.ts";
import { objectOf } from "../words.ts";

/** A holder that has not renewed for so long has lost it: leaders renew every 2 s, and hold a lease for 15. */
const PAUSE_US = 8e6;
const LEAST = 2;
/** Leases looked at, the busiest first, and writes of each. */
const MOST_LEASES = 200;
const MOST_WRITES = 50_000;
/** The beginning of what is known of a lease. */
const FIRST_US = 60e6;
const MOST_READ = 400;
const WANTS =
  "verb:update,patch resource:leases.coordination.k8s.io code:<300 -ns:kube-node-lease -name:apiserver-* -user:system:apiserver";

export const leaderFlap: AggregateDetector = {
  kind: "aggregate",
  id: "leader-flap",
  about: "a component loses its leadership again and again: meanwhile nobody does its work",
  severity: "high",
  needs: ["metadata", "request bodies"],
  advice: "Look at latency and 5xx right before each: a leader that can't renew its lease in time gives up.",
  references: ["Kubernetes: leases, leader election"],
  usual: {
    user: "system:kube-scheduler",
    verb: "update",
    resource: "leases.coordination.k8s.io",
    namespace: "a",
    name: "lock",
  },
  hits: [
    [0, 1, 2, 3].map((at) => ({
      at: at * 60,
      ip: `10.0.0.${(at % 2) + 1}`,
      namespace: "kube-system",
      name: "kube-scheduler",
      times: 20,
      every: 2,
    })),
    [0, 1, 2].map((at) => ({
      at: at * 40,
      user: "system:serviceaccount:a:operator",
      ip: `10.0.0.${at + 1}`,
      times: 10,
      every: 2,
    })),
    // Each by another account.
    [0, 1, 2].map((at) => ({ at: at * 40, user: `system:serviceaccount:a:operator-${at}`, times: 10, every: 2 })),
    // From one place, told by the lease itself.
    [0, 1, 2, 3].map((at) => ({
      at: at * 60,
      user: "system:serviceaccount:a:operator",
      times: 3,
      every: 10,
      request: { spec: { holderIdentity: `operator-${at}`, leaseTransitions: at } },
    })),
  ],
  misses: [
    [0, 1].map((at) => ({
      at: at * 60,
      ip: `10.0.0.${at + 1}`,
      namespace: "kube-system",
      name: "kube-scheduler",
      times: 20,
      every: 2,
    })),
    [0, 1, 2, 3, 4, 5].map((at) => ({ at: at * 2, user: "system:serviceaccount:a:b", ip: `10.0.0.${(at % 2) + 1}` })),
  ],
  async detect(store) {
    const rows = await store.groups(WANTS, ["object", "user", "ip", "useragent"]);
    const [early, late] = await bothEnds(store);
    const leases = [...Map.groupBy(rows, ({ key }) => key["object"] ?? "")].slice(0, MOST_LEASES);
    return draftsOf(leases, async ([object, holders]) => {
      const own = joined(WANTS, ...termsForKey({ object }));
      const changed = holders.length > 1 ? await handedOver(store, object, own, holders.length) : null;
      return changed ?? countedByItself(store, own, early.get(object), late.get(object));
    });
  },
};

/** By who renews it, and from where. */
async function handedOver(store: FindingStore, object: string, own: string, holders: number): Promise<Draft | null> {
  const writes = (await store.requestsOf(own, MOST_WRITES)) ?? [];
  const takeovers = writes.filter((facts, at) => {
    const before = writes[at - 1];
    // Behind an address that many share holders take turns without a pause: that is no change.
    return (
      before !== undefined && holderOf(before) !== holderOf(facts) && facts.receivedUs - before.receivedUs >= PAUSE_US
    );
  });
  const [first] = writes;
  if (takeovers.length < LEAST || first === undefined) return null;
  const isOne = takeovers.every(({ user }) => user === first.user);
  return {
    severity: "high",
    ...told(object, `${takeovers.length} times`),
    detail: `lease ${object} went ${takeovers.length} times from one of ${holders} holders to another, each time after a pause`,
    subject: { ...(isOne ? { user: first.user } : {}), resource: first.resource, object, namespace: first.namespace },
    evidence: {
      terms: isOne ? joined(own, `user:${quote(first.user)}`) : own,
      marks: takeovers.map(({ seq, receivedUs }) => ({ seq, receivedUs, auditID: "" })),
      requests: takeovers.length,
    },
  };
}

/** Of each lease the first and the last renewal with its body, as far as they are among the first and the last of all. */
async function bothEnds(
  store: FindingStore,
): Promise<readonly [ReadonlyMap<string, Sighting>, ReadonlyMap<string, Sighting>]> {
  const bodies = joined(WANTS, "level:Request,RequestResponse");
  const [all] = await store.groups(bodies, []);
  if (all === undefined || all.requests < LEAST) return [new Map(), new Map()];
  const begin = Date.parse(all.firstSeen) * 1e3;
  const early = await store.sightings(joined(bodies, windowTerms(begin, begin + FIRST_US)), MOST_READ);
  const late = await store.sightings(bodies, MOST_READ);
  const byLease = (sightings: readonly Sighting[]): ReadonlyMap<string, Sighting> =>
    new Map(sightings.map((sighting) => [objectOf(sighting.facts), sighting]));
  return [byLease(early.toReversed()), byLease(late)];
}

/** By the count of changes that the lease itself keeps. */
async function countedByItself(
  store: FindingStore,
  own: string,
  early: Sighting | undefined,
  late: Sighting | undefined,
): Promise<Draft | null> {
  const changes = transitionsOf(late) - transitionsOf(early);
  if (!(changes >= LEAST) || late === undefined) return null;
  const terms = joined(own, "level:Request,RequestResponse");
  const [counted] = await store.groups(terms, []);
  const { user, resource, namespace } = late.facts;
  const object = objectOf(late.facts);
  return {
    severity: "high",
    ...told(object, `${changes} times`),
    detail: `lease ${object} counts ${changes} more changes of its holder at the end than at the beginning of the log; ${text(field(late.request, "spec"), "holderIdentity")} has it last`,
    subject: { user, resource, object, namespace },
    evidence: { terms, ...(counted === undefined ? {} : { counted }) },
  };
}

function told(object: string, times: string): Pick<Draft, "title"> {
  return { title: `lease ${object} changes its leader: ${times}` };
}

function holderOf({ ip, useragent, user }: RequestFacts): string {
  return `${ip} ${useragent} ${user}`;
}

function transitionsOf(sighting: Sighting | undefined): number {
  return number(field(sighting?.request, "spec"), "leaseTransitions") ?? Number.NaN;
}
