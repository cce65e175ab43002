import { termsForKey } from "../../queries/filter-term.ts";
import type { AggregateDetector } from "../contract.ts";
import { joined } from "../terms.ts";
import { draftsOf } from "../repeated.ts";
import { list, plain, within } from "../words.ts";

const FAILED = 'code:500 verb:create,update,patch,delete,deletecollection -resource:"" decision:allow';
const LEAST = 3;
const MESSAGE = /failed calling webhook "([^"]{1,253})"/;

export const webhookFailing: AggregateDetector = {
  kind: "aggregate",
  id: "webhook-failing",
  about: "an admission webhook that cannot be reached blocks writes",
  severity: "high",
  needs: ["messages"],
  advice:
    "Mend the webhook's service or certificate (the message tells which), or set its failurePolicy to Ignore or narrow its namespaceSelector until then.",
  references: ["Kubernetes: admission webhook good practices"],
  usual: { user: "a", verb: "create", resource: "configmaps", namespace: "m", code: 500, times: 5 },
  hits: [
    [
      {
        name: "c",
        reason: "InternalError",
        message:
          'Internal error occurred: failed calling webhook "strict.example.com": failed to call webhook: Post "https://x": dial tcp: connection refused',
      },
    ],
    [
      {
        user: "system:serviceaccount:kube-system:replicaset-controller",
        resource: "pods",
        message: 'Internal error occurred: failed calling webhook "w.example.com": context deadline exceeded',
        times: 30,
        every: 1,
      },
    ],
  ],
  misses: [
    [{ name: "c", message: "etcdserver: request timed out" }],
    [{ name: "c", message: 'Internal error occurred: failed calling webhook "strict.example.com": x', times: 2 }],
  ],
  async detect(store) {
    const all = await store.groups(FAILED, ["user", "resource", "namespace"]);
    const rows = all.filter(({ requests }) => requests >= LEAST);
    return draftsOf(rows, async (row) => {
      const { user = "", resource = "", namespace = "" } = row.key;
      const own = joined(FAILED, ...termsForKey(row.key));
      const messages = await store.messages(own, 200);
      const webhooks = new Map<string, string>();
      let failed = 0;
      for (const message of messages) {
        const name = MESSAGE.exec(message)?.[1];
        if (name === undefined) continue;
        failed += 1;
        webhooks.set(name, message.slice(message.lastIndexOf(": ") + 2).slice(0, 200));
      }
      if (failed < LEAST || failed < messages.length / 2) return null;
      const isPods = plain(resource) === "pods" || plain(resource) === "leases";
      const names = list(webhooks.keys());
      return {
        severity: isPods ? "critical" : "high",
        title: `webhook ${names} fails and blocks writes of ${plain(resource)}${namespace === "" ? "" : ` in ${namespace}`}: ${row.requests} × 500`,
        detail: `${row.requests} writes of ${resource}${namespace === "" ? "" : ` in ${namespace}`} by ${user} failed ${within(row.firstSeen, row.lastSeen)} since webhook ${names} could not be called: ${list(new Set(webhooks.values()), 2)}`,
        ...(isPods ? { why: "pods can't be started" } : {}),
        subject: { user, resource, ...(namespace === "" ? {} : { namespace }) },
        evidence: { terms: own, counted: row },
      };
    });
  },
};
