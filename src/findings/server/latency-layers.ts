/** Where the time of slow requests goes, as their annotations say: only what takes more than 500 ms has them. */
import { duration } from "../../models/numbers.ts";
import type { AggregateDetector, Draft, FindingStore, Sample } from "../contract.ts";
import { repeated } from "../repeated.ts";
import { list, plain, within } from "../words.ts";

const PREFIX = "apiserver.latency.k8s.io/";
const LEAST = 5;

interface Layer {
  readonly key: string;
  readonly what: string;
  readonly do: string;
}

const LAYERS: readonly Layer[] = [
  {
    key: "etcd",
    what: "etcd",
    do: "Look at etcd's disks and size: etcd_disk_wal_fsync_duration_seconds, defragmentation.",
  },
  {
    key: "response-write",
    what: "writing the answer",
    do: "The answer is large or the client reads slowly: limit, fields, or a watch instead of lists.",
  },
  { key: "authentication", what: "authentication", do: "Look at the token webhook or the OIDC provider." },
  { key: "authorization", what: "authorization", do: "Look at the authorization webhook, and let it be cached." },
  {
    key: "decode-response-object",
    what: "an aggregated API or a conversion webhook",
    do: "Look at the server that answers for the group.",
  },
];

const SLOW = { user: "ops", verb: "list", resource: "pods", latencyMs: 2_000 } as const;

function slow(key: string, value: string, times: number): Sample {
  return [{ ...SLOW, times, every: 2, annotations: { [`${PREFIX}total`]: "2s", [`${PREFIX}${key}`]: value } }];
}

export const latencyLayer: AggregateDetector = {
  kind: "aggregate",
  id: "latency-layer",
  about: "requests are slow in one layer of the API server: etcd, writing, log-in",
  severity: "medium",
  needs: ["annotations"],
  advice: "Look at that layer: the filter opens its requests.",
  references: ["Kubernetes: audit annotations apiserver.latency.k8s.io"],
  hits: [slow("etcd", "1.9s", 8), slow("response-write", "800ms", 5)],
  misses: [slow("etcd", "1.9s", 3), slow("etcd", "120ms", 20)],
  async detect(store) {
    const drafts: Draft[] = [];
    for (const layer of LAYERS) {
      const draft = await layerDraft(store, layer);
      if (draft !== null) drafts.push(draft);
    }
    return drafts;
  },
};

async function layerDraft(store: FindingStore, { key, what, do: advice }: Layer): Promise<Draft | null> {
  const terms = `annotation:${PREFIX}${key}>=500ms`;
  const [row] = await store.groups(terms, []);
  if (row === undefined || row.requests < LEAST) return null;
  const kinds = (await store.groups(terms, ["resource"])).map((each) => plain(each.key["resource"] ?? "") || "paths");
  const [long] = await store.groups(`annotation:${PREFIX}${key}>=5s`, []);
  const isLong = (long?.requests ?? 0) >= LEAST;
  return {
    severity: isLong ? "high" : "medium",
    title: `${what} takes more than half a second: ${row.requests} requests for ${list(kinds, 3)}`,
    detail: `${row.requests} requests for ${list(kinds)} spent 500 ms or more in ${what} ${within(row.firstSeen, row.lastSeen)}`,
    ...(isLong ? { why: `${long?.requests ?? 0} of them spent more than 5 s in it` } : {}),
    subject: {},
    evidence: { terms, counted: row },
    advice,
  };
}

export const queueing = repeated({
  id: "server-queueing",
  about: "requests wait in a queue of the API server before they are looked at",
  severity: "medium",
  needs: ["annotations"],
  advice:
    "See who fills the level: `top --by user --sort sum` of the same minutes; give the noisy one a FlowSchema of its own.",
  references: ["Kubernetes: API priority and fairness"],
  terms: `annotation:${PREFIX}apf-queue-wait>=100ms`,
  by: [],
  least: LEAST,
  hits: [slow("apf-queue-wait", "400ms", 6), slow("apf-queue-wait", "1.5s", 40)],
  misses: [slow("apf-queue-wait", "20ms", 40), slow("apf-queue-wait", "1.5s", 2)],
  async tell({ row, own, store }) {
    const users = (await store.groups(own, ["user"])).map(({ key }) => key["user"] ?? "");
    return {
      title: `${row.requests} requests waited in a queue of the API server`,
      detail: `${row.requests} requests of ${list(users)} waited 100 ms or more in a queue ${within(row.firstSeen, row.lastSeen)}`,
    };
  },
});

export const webhookSlow: AggregateDetector = {
  kind: "aggregate",
  id: "webhook-slow",
  about: "admission webhooks make writes slow",
  severity: "medium",
  needs: ["annotations"],
  advice:
    "Look at the webhook's own latency and replicas; set its timeoutSeconds low, and narrow what it is asked about.",
  references: ["Kubernetes: admission webhook good practices"],
  usual: { user: "ci", verb: "create", resource: "pods", namespace: "a", times: 6, every: 2 },
  hits: [
    [{ latencyMs: 3_000, annotations: { [`${PREFIX}mutating-webhook`]: "2.8s" } }],
    [
      {
        verb: "patch",
        resource: "deployments.apps",
        name: "x",
        latencyMs: 900,
        times: 9,
        annotations: { [`${PREFIX}validating-webhook`]: "700ms" },
      },
    ],
  ],
  misses: [
    [{ annotations: { [`${PREFIX}mutating-webhook`]: "80ms" } }],
    [{ times: 3, annotations: { [`${PREFIX}mutating-webhook`]: "2s" } }],
  ],
  async detect(store) {
    const drafts: Draft[] = [];
    for (const kind of ["mutating", "validating"]) {
      const terms = `annotation:${PREFIX}${kind}-webhook>=500ms`;
      const [row] = await store.groups(terms, []);
      if (row === undefined || row.requests < LEAST) continue;
      const kinds = (await store.groups(terms, ["resource"])).map((each) => plain(each.key["resource"] ?? ""));
      const ms = Date.parse(row.lastSeen) - Date.parse(row.firstSeen);
      const [slowest] = await store.groups(`annotation:${PREFIX}${kind}-webhook>=5s`, []);
      const isLong = (slowest?.requests ?? 0) >= LEAST;
      drafts.push({
        severity: isLong ? "high" : "medium",
        title: `${kind} webhooks take more than half a second: ${row.requests} writes of ${list(kinds, 3)}`,
        detail: `${row.requests} writes of ${list(kinds)} waited 500 ms or more for ${kind} webhooks, within ${duration(ms)}`,
        ...(isLong ? { why: `${slowest?.requests ?? 0} of them waited more than 5 s` } : {}),
        subject: {},
        evidence: { terms, counted: row },
      });
    }
    return drafts;
  },
};
