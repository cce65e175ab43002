/** One program on many nodes: each asks little, all of them together much. */
import { duration, percent, rate } from "../../models/numbers.ts";
import { termsForKey } from "../../queries/filter-term.ts";
import type { AggregateDetector, Draft, FindingStore, Sample } from "../contract.ts";
import { joined } from "../terms.ts";
import { list, personText, plain } from "../words.ts";

const LEAST_ADDRESSES = 3;
/** Of a fleet's requests, those of the one that asks most. */
const MOST_OF_ONE = 0.5;
const LEAST_SHARE = 0.2;
const LEAST = 1_000;
const AGENTS = "-actor:node,apiserver,controller,scheduler,anonymous";
/** Kubelets ask a lot by design: from so many a second of each on it is more than that. */
const LEAST_OF_KUBELET = 10;

/** From how many addresses the requests that `terms` select come, where none of them makes most of them; else null. */
export async function fleetSize(store: FindingStore, terms: string, requests: number): Promise<number | null> {
  const addresses = await store.groups(terms, ["ip"]);
  const most = addresses[0]?.requests ?? 0;
  return addresses.length >= LEAST_ADDRESSES && most <= requests * MOST_OF_ONE ? addresses.length : null;
}

/** `nodes` of them, all at the same time or one after the other. */
function fleet(nodes: number, times: number, apart: number, user = "system:serviceaccount:logs:agent"): Sample {
  return Array.from({ length: nodes }, (_, at) => ({
    at: at * apart,
    user,
    ua: "agent/2.1",
    ip: `10.1.0.${at + 1}`,
    verb: "list",
    resource: "pods",
    times,
    every: 10,
  }));
}

export const loadFleet: AggregateDetector = {
  kind: "aggregate",
  id: "load-fleet",
  about: "a program that runs on every node makes a large share of all requests",
  severity: "medium",
  needs: ["metadata"],
  advice:
    "Let it watch instead of list, ask for its own node only (fieldSelector=spec.nodeName), and spread its period with jitter: every new node adds one more.",
  references: ["Kubernetes: considerations for large clusters"],
  hits: [
    fleet(12, 100, 0.8),
    Array.from({ length: 4 }, (_, at) => ({
      at: at * 0.01,
      user: `system:node:n${at}`,
      ua: "kubelet/v1.36.2",
      ip: `10.1.0.${at + 1}`,
      verb: "get",
      resource: "configmaps",
      namespace: "a",
      name: "c",
      times: 1_000,
      every: 0.08,
    })),
  ],
  misses: [
    fleet(2, 700, 1),
    [
      ...fleet(12, 100, 0.8),
      { user: "board", verb: "list", resource: "configmaps", namespace: "a", times: 6_000, every: 0.1 },
    ],
  ],
  async detect(store) {
    const agents = await store.groups(AGENTS, ["user", "useragent"]);
    const drafts: (Draft | null)[] = [];
    for (const row of agents) {
      if (!isMuch(store, row.requests)) break;
      const { user = "", useragent = "" } = row.key;
      const own = joined(...termsForKey(row.key));
      const size = await fleetSize(store, own, row.requests);
      if (size !== null)
        drafts.push(await draftOf(store, own, size, `${personText(user)} (${useragent})`, { user, useragent }));
    }
    const nodes = await store.groups("actor:node", ["user"]);
    const requests = nodes.reduce((sum, row) => sum + row.requests, 0);
    const isMore = requests / nodes.length / Math.max(1, store.span.seconds) >= LEAST_OF_KUBELET;
    if (nodes.length >= LEAST_ADDRESSES && isMore && isMuch(store, requests))
      drafts.push(await draftOf(store, "actor:node", nodes.length, "kubelets", {}));
    return drafts.filter((draft) => draft !== null);
  },
};

function isMuch(store: FindingStore, requests: number): boolean {
  return requests >= LEAST && requests / Math.max(1, store.requests) >= LEAST_SHARE;
}

async function draftOf(
  store: FindingStore,
  terms: string,
  size: number,
  who: string,
  subject: Draft["subject"],
): Promise<Draft | null> {
  const [counted] = await store.groups(terms, []);
  if (counted === undefined) return null;
  const seconds = Math.max(1, (Date.parse(counted.lastSeen) - Date.parse(counted.firstSeen)) / 1e3);
  const calls = (await store.groups(terms, ["verb", "resource"])).slice(0, 3);
  const what = list(calls.map(({ key }) => `${key["verb"]} ${plain(key["resource"] ?? "") || "paths"}`));
  const cadence = await store.cadence(terms);
  // Calls that come together are one beat: of a fleet that means all of it in a tenth of its period.
  const isTogether = cadence !== null && cadence.kind === "regular" && cadence.calls / cadence.beats >= size / 2;
  const each = duration((seconds / Math.max(1, counted.requests / size)) * 1e3);
  return {
    severity: "medium",
    title: `${who} at ${size} addresses make ${percent(counted.requests / Math.max(1, store.requests))} of all requests: each one every ${each}, together ${rate(counted.requests / seconds)}`,
    detail: `${who} at ${size} addresses made ${counted.requests} of ${store.requests} requests, mostly ${what}${isTogether ? `; they come all at once, every ${duration(cadence.periodMs)}` : ""}`,
    ...(isTogether ? { why: "they ask all at the same moment" } : {}),
    subject,
    evidence: { terms, counted },
  };
}
