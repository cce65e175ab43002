import { duration } from "../../models/numbers.ts";
import type { AggregateDetector, Draft, Sample, Step } from "../contract.ts";
import { joined, windowTerms } from "../terms.ts";
import { list, personText, plain } from "../words.ts";

/** What informers begin with: a page that goes on is none. */
const LISTS = 'verb:list code:<400 -resource:"" -actor:human -uri:*continue=* long:false';
const STEP_MS = 5_000;
/** Of a long log. */
const MOST_STEPS = 20_000;
const LEAST_CLIENTS = 10;
/** Times the usual number of lists in two steps. */
const LEAST_TIMES = 5;
/** After a restart everybody lists. */
const AFTER_RESTART_US = 120e6;
/** What came before has to be long enough to know what is usual. */
const LEAST_BEFORE_US = 60e6;
const MOST_WAVES = 5;

function wave(at: number, clients: number): Sample {
  return Array.from({ length: clients }, (_, client) => ({
    at: at + client * 0.1,
    user: `system:serviceaccount:apps:operator-${client}`,
    ua: `operator-${client}/1`,
    verb: "list",
    resource: "configmaps",
    query: "resourceVersion=0",
  }));
}

const USUAL = {
  user: "system:serviceaccount:apps:board",
  verb: "list",
  resource: "pods",
  namespace: "apps",
  times: 30,
  every: 10,
} as const;

export const relistWave: AggregateDetector = {
  kind: "aggregate",
  id: "load-relist-wave",
  about: "many clients list everything anew within seconds: they lost their watches at the same time",
  severity: "medium",
  needs: ["metadata"],
  advice:
    "Look at what cut them off: a load balancer or network that was changed, an API server that went away, a certificate that was renewed.",
  references: ["Kubernetes API concepts: efficient detection of changes"],
  hits: [
    [USUAL, ...wave(150, 14)],
    [USUAL, ...wave(100, 11), ...wave(200, 20)],
  ],
  misses: [
    [USUAL, ...wave(150, 6)],
    [
      USUAL,
      { at: 150, user: "system:serviceaccount:apps:one", verb: "list", resource: "secrets", namespace: "a", times: 60 },
    ],
  ],
  async detect(store) {
    const stepMs = Math.max(STEP_MS, Math.ceil(store.span.seconds / MOST_STEPS) * 1e3);
    const windows = wavesIn(await store.perStep(LISTS, stepMs), stepMs * 1e3);
    if (windows.length === 0) return [];
    const { restarts } = await store.continuity();
    const drafts: Draft[] = [];
    for (const [fromUs, toUs] of windows) {
      const own = joined(LISTS, windowTerms(fromUs, toUs));
      const clients = await store.groups(own, ["user", "useragent", "ip"]);
      if (clients.length < LEAST_CLIENTS) continue;
      const [counted] = await store.groups(own, []);
      const ms = counted === undefined ? 0 : Date.parse(counted.lastSeen) - Date.parse(counted.firstSeen);
      const kinds = (await store.groups(own, ["resource"])).map(({ key }) => plain(key["resource"] ?? ""));
      const isRestart = restarts.some(({ to }) => {
        const startUs = Date.parse(to) * 1e3;
        return startUs <= toUs && fromUs - startUs <= AFTER_RESTART_US;
      });
      drafts.push({
        severity: isRestart ? "info" : "medium",
        title: `${clients.length} clients listed anew within ${duration(ms)}: ${counted?.requests ?? 0} lists of ${list(kinds, 3)}`,
        detail: `${clients.length} clients, ${list(clients.map(({ key }) => personText(key["user"] ?? "")))} among them, made ${counted?.requests ?? 0} lists of ${list(kinds)} at once`,
        ...(isRestart ? { why: "an API server had been started" } : {}),
        subject: {},
        evidence: { terms: own, ...(counted === undefined ? {} : { counted }) },
      });
    }
    return drafts;
  },
};

/** Two steps in a row with many more lists than usual, the greatest ones, in order of time. */
function wavesIn(steps: readonly Step[], stepUs: number): (readonly [number, number])[] {
  const lists = steps.reduce((sum, { requests }) => sum + requests, 0);
  const begin = steps[0]?.fromUs ?? 0;
  const usual = (lists / Math.max(1, steps.length)) * 2;
  const least = Math.max(LEAST_CLIENTS, usual * LEAST_TIMES);
  const found: { fromUs: number; lists: number }[] = [];
  for (let at = 0; at < steps.length; at += 1) {
    const { fromUs, requests } = steps[at] as Step;
    const both = requests + (steps[at + 1]?.requests ?? 0);
    if (requests === 0 || both < least || fromUs - begin < LEAST_BEFORE_US) continue;
    found.push({ fromUs, lists: both });
    at += 1;
  }
  return found
    .sort((a, b) => b.lists - a.lists)
    .slice(0, MOST_WAVES)
    .sort((a, b) => a.fromUs - b.fromUs)
    .map(({ fromUs }) => [fromUs, fromUs + 2 * stepUs - 1]);
}
