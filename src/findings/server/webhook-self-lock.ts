import type { Sample } from "../contract.ts";
import { repeated } from "../repeated.ts";
import { within } from "../words.ts";

/** Whose service is called: `Post "https://policy.guard.svc:443/validate?timeout=10s": …`. */
const CALLED = /failed calling webhook "([^"]{1,253})".{0,200}?https:\/\/([a-z0-9-]{1,63})\.([a-z0-9-]{1,63})\.svc/s;
const MOST_MESSAGES = 100;

function refused(namespace: string, service: string): Sample {
  return [
    {
      user: "system:serviceaccount:kube-system:replicaset-controller",
      verb: "create",
      resource: "pods",
      namespace,
      code: 500,
      message: `Internal error occurred: failed calling webhook "w.guard.example.com": failed to call webhook: Post "https://${service}.svc:443/validate?timeout=10s": no endpoints available for service "policy"`,
      times: 6,
      every: 5,
    },
  ];
}

export const webhookSelfLock = repeated({
  id: "webhook-self-lock",
  about: "a webhook that is down blocks the pods it is made of: it cannot come back by itself",
  severity: "critical",
  needs: ["messages"],
  advice:
    "Delete its configuration or set failurePolicy: Ignore until its pods run; then leave its own namespace out of it (namespaceSelector).",
  references: ["Kubernetes: admission webhook good practices, avoid deadlocks"],
  terms: "code:500 verb:create resource:pods,replicasets.apps,deployments.apps decision:allow",
  by: ["namespace"],
  least: 3,
  hits: [refused("guard", "policy.guard"), refused("cattle-system", "rancher-webhook.cattle-system")],
  misses: [
    refused("shop", "policy.guard"),
    [
      {
        user: "a",
        verb: "create",
        resource: "pods",
        namespace: "guard",
        code: 500,
        message: "etcdserver: timeout",
        times: 9,
      },
    ],
  ],
  async tell({ key, row, own, store }) {
    const { namespace = "" } = key;
    for (const message of await store.messages(own, MOST_MESSAGES)) {
      const [, webhook = "", service = "", home = ""] = CALLED.exec(message) ?? [];
      if (home !== namespace || home === "") continue;
      return {
        title: `webhook ${webhook} blocks its own pods in ${namespace}: ${row.requests} × 500`,
        detail: `${row.requests} writes in ${namespace} failed ${within(row.firstSeen, row.lastSeen)}, since webhook ${webhook} is served by ${service} in the same namespace and could not be called`,
      };
    }
    return null;
  },
});
