import { percent } from "../../models/numbers.ts";
import { quote } from "../../queries/print-filter.ts";
import type { AggregateDetector, Draft, Sample } from "../contract.ts";
import { list, plain } from "../words.ts";

/** `mutation.webhook.admission.k8s.io/round_0_index_1`: every call of a mutating webhook, and whether it changed anything. */
const PREFIX = "mutation.webhook.admission.k8s.io/";
const ROUNDS = ["round_0", "round_1"] as const;
/** Webhooks that one request passes, as far as they are looked at. */
const MOST_INDEXES = 6;
const CHANGES = "verb:update,patch code:<400";
const LEAST = 50;
const LEAST_SHARE = 0.2;

interface Webhook {
  readonly configuration: string;
  readonly name: string;
  called: number;
  mutated: number;
  /** Terms of its answers that changed the object. */
  readonly terms: string[];
}

function called(mutated: boolean, times: number, verb = "update"): Sample {
  return [
    {
      user: "system:serviceaccount:apps:operator",
      verb,
      resource: "deployments.apps",
      namespace: "shop",
      name: "web",
      times,
      every: 1,
      annotations: {
        [`${PREFIX}round_0_index_0`]: JSON.stringify({
          configuration: "inject",
          webhook: "inject.example.com",
          mutated,
        }),
      },
    },
  ];
}

export const webhookMutatesHot: AggregateDetector = {
  kind: "aggregate",
  id: "webhook-mutates-hot",
  about: "a mutating webhook changes a large share of all updates: whoever wrote them may write them again",
  severity: "low",
  needs: ["annotations"],
  advice:
    "Let it change objects when they are created, and leave updates as they are; what it adds anew each time is a fight with whoever applies.",
  references: ["Kubernetes: admission webhook good practices"],
  hits: [called(true, 80), [...called(true, 60, "patch"), ...called(false, 100)]],
  misses: [called(true, 30), [...called(true, 60), ...called(false, 400)], called(true, 200, "create")],
  async detect(store) {
    const [any] = await store.groups(`${CHANGES} annotation:${PREFIX}*=*`, []);
    if ((any?.requests ?? 0) < LEAST) return [];
    const webhooks = new Map<string, Webhook>();
    for (const round of ROUNDS) {
      for (let index = 0; index < MOST_INDEXES; index += 1) {
        const key = `${PREFIX}${round}_index_${index}`;
        const rows = await store.groups(`${CHANGES} annotation:${key}=*`, [`annotation:${key}`]);
        if (rows.length === 0) break;
        for (const { key: values, requests } of rows) add(webhooks, key, values[`annotation:${key}`] ?? "", requests);
      }
    }
    const drafts: Draft[] = [];
    for (const { configuration, name, called: calls, mutated, terms } of webhooks.values()) {
      if (mutated < LEAST || mutated < calls * LEAST_SHARE) continue;
      const evidence = `${CHANGES} (${terms.join(" OR ")})`;
      const kinds = (await store.groups(evidence, ["resource"])).map(({ key }) => plain(key["resource"] ?? ""));
      drafts.push({
        severity: "low",
        title: `webhook ${name} changes ${percent(mutated / calls)} of the updates it sees: ${mutated} of ${list(kinds, 3)}`,
        detail: `webhook ${name} of configuration ${configuration} changed ${mutated} of ${calls} updates of ${list(kinds)}`,
        subject: {},
        evidence: { terms: evidence },
      });
    }
    return drafts;
  },
};

function add(webhooks: Map<string, Webhook>, key: string, value: string, requests: number): void {
  const configuration = /"configuration":"([^"]{1,253})"/.exec(value)?.[1] ?? "";
  const name = /"webhook":"([^"]{1,253})"/.exec(value)?.[1];
  if (name === undefined) return;
  const id = `${configuration}/${name}`;
  const own = webhooks.get(id) ?? { configuration, name, called: 0, mutated: 0, terms: [] };
  webhooks.set(id, own);
  own.called += requests;
  if (!value.includes('"mutated":true')) return;
  own.mutated += requests;
  own.terms.push(`annotation:${key}=${quote(value)}`);
}
