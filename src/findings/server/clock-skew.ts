import { duration } from "../../models/numbers.ts";
import { termsForKey } from "../../queries/filter-term.ts";
import { field, text } from "../../lineage/json.ts";
import { medianOf } from "../../queries/cadence.ts";
import type { AggregateDetector, Draft, FindingStore, Sample, Sighting } from "../contract.ts";
import { joined } from "../terms.ts";
import { list, personText } from "../words.ts";
import { serverTerms } from "./server-text.ts";

/** A lease says when its holder renewed it, by the holder's clock, just before it is sent. */
const LEASES = "verb:create,update,patch resource:leases.coordination.k8s.io level:Request,RequestResponse code:<400";
const LEAST_MS = 5_000;
const MUCH_MS = 60_000;
/** Leases read of all, and of one holder. */
const MOST_READ = 600;
const READ = 9;
const LEAST_READ = 3;
/** Holders looked at more closely. */
const MOST_HOLDERS = 100;
/** Of the holders, those that are off by the same: then it is the API server that is. */
const MOST_AS_OFF = 0.8;

function lease(user: string, skewMs: number, at = 0): Sample {
  return Array.from({ length: 5 }, (_, beat) => ({
    at: at + beat * 10,
    user,
    verb: "update",
    resource: "leases.coordination.k8s.io",
    namespace: "kube-node-lease",
    name: user,
    request: {
      spec: { renewTime: new Date(Date.parse("2026-11-21T10:00:00Z") + (at + beat * 10) * 1e3 + skewMs).toISOString() },
    },
  }));
}

export const clockSkew: AggregateDetector = {
  kind: "aggregate",
  id: "clock-skew",
  about: "a clock is wrong: of a client, a node or an API server",
  severity: "medium",
  needs: ["request bodies"],
  advice:
    "Look at time synchronisation (chronyd, systemd-timesyncd) there: certificates, tokens and leases depend on it, and times of the log cannot be compared.",
  references: ["Kubernetes: leases", "T1070.006"],
  hits: [
    [...lease("system:node:n1", 20_000), ...lease("system:node:n2", 0, 1), ...lease("system:node:n3", 0, 2)],
    [...lease("system:node:n1", -90_000), ...lease("system:node:n2", 0, 1)],
  ],
  misses: [
    [...lease("system:node:n1", -2_000), ...lease("system:node:n2", 0, 1)],
    [{ user: "system:node:n1", verb: "update", resource: "leases.coordination.k8s.io", namespace: "k", name: "n1" }],
  ],
  async detect(store) {
    return [...serverDrafts(store), ...(await holderDrafts(store))];
  },
};

function serverDrafts({ clocks }: FindingStore): Draft[] {
  return clocks
    .filter(({ aheadMs, plusMinusMs }) => Math.abs(aheadMs) - plusMinusMs > LEAST_MS)
    .map(({ apiserver, of, aheadMs, plusMinusMs }) => ({
      ...severityOf(aheadMs),
      title: `the clock of API server ${apiserver} is ${offText(aheadMs)} that of ${of}`,
      detail: `the clock of API server ${apiserver} is ${offText(aheadMs)} that of ${of}, give or take ${duration(plusMinusMs)}: the versions of what both wrote prove it`,
      subject: { apiserver },
      evidence: { terms: serverTerms(apiserver) },
    }));
}

interface Holder {
  readonly user: string;
  readonly own: string;
  readonly aheadMs: number;
}

async function holderDrafts(store: FindingStore): Promise<Draft[]> {
  const newest = Map.groupBy(await store.sightings(LEASES, MOST_READ), ({ facts }) => facts.user);
  const holders: Holder[] = [];
  for (const [user, few] of newest) {
    const own = joined(LEASES, ...termsForKey({ user }));
    // One that waited in a queue is no clock: who seems to be off is looked at again.
    const isSure = few.length >= LEAST_READ || Math.abs(aheadOf(few)) <= LEAST_MS;
    const read = isSure || holders.length >= MOST_HOLDERS ? few : await store.sightings(own, READ);
    const aheadMs = aheadOf(read);
    if (read.length >= LEAST_READ && !Number.isNaN(aheadMs)) holders.push({ user, own, aheadMs });
  }
  const off = holders.filter(({ aheadMs }) => Math.abs(aheadMs) > LEAST_MS);
  const common = medianOf(Float64Array.from(holders.map(({ aheadMs }) => aheadMs)));
  const alike = holders.filter(({ aheadMs }) => Math.abs(aheadMs - common) <= LEAST_MS);
  if (Math.abs(common) > LEAST_MS && holders.length > 2 && alike.length >= holders.length * MOST_AS_OFF)
    return [
      {
        ...severityOf(common),
        title: `the clock of the API server is ${offText(-common)} those of its clients`,
        detail: `the leases of ${alike.length} of ${holders.length} clients, ${list(alike.map(({ user }) => personText(user)))}, were renewed ${duration(Math.abs(common))} ${common > 0 ? "after" : "before"} the API server received them, by their clocks`,
        subject: {},
        evidence: { terms: LEASES },
      },
    ];
  return off.map(({ user, own, aheadMs }) => ({
    ...severityOf(aheadMs),
    title: `the clock of ${personText(user)} is ${offText(aheadMs)} that of the API server`,
    detail: `${personText(user)} says that it renewed its leases ${duration(Math.abs(aheadMs))} ${aheadMs > 0 ? "after" : "before"} the API server received them (the middle one of several)`,
    subject: { user, resource: "leases.coordination.k8s.io" },
    evidence: { terms: own },
  }));
}

/** The middle one of what they say they are ahead, in milliseconds; NaN where none says when it was. */
function aheadOf(leases: readonly Sighting[]): number {
  const ahead = leases
    .map(({ facts, request }) => Date.parse(text(field(request, "spec"), "renewTime")) - facts.receivedUs / 1e3)
    .filter((ms) => !Number.isNaN(ms));
  return medianOf(Float64Array.from(ahead));
}

function offText(aheadMs: number): string {
  return `${duration(Math.abs(aheadMs))} ${aheadMs > 0 ? "ahead of" : "behind"}`;
}

function severityOf(aheadMs: number): Pick<Draft, "severity" | "why"> {
  return Math.abs(aheadMs) > MUCH_MS
    ? { severity: "high", why: "certificates and tokens are refused, or taken too long, when clocks differ by minutes" }
    : { severity: "medium" };
}
