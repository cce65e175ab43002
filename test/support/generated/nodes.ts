import { auditLog, type EventFacts, noise } from "../audit-event.ts";

const NODES = 50;
const SECONDS = 600;

interface Caller {
  readonly user: string;
  readonly agent: string;
  readonly perSecond: number;
  readonly verb: string;
  readonly resource: string;
}

/** The talk's cluster of 2,500 nodes and 900 requests a second, fifty times smaller: every rate a fiftieth, the shares the same. */
const OTHERS: readonly Caller[] = [
  { user: "system:apiserver", agent: "kube-apiserver/v1.36.2", perSecond: 40, verb: "get", resource: "services" },
  { user: "system:kube-proxy", agent: "kube-proxy/v1.36.2", perSecond: 20, verb: "list", resource: "endpoints" },
  ...["local-volume-provisioner", "cronjob-controller", "spinnaker", "prometheus", "external-dns"].map(
    (name, at): Caller => ({
      user: `system:serviceaccount:kube-system:${name}`,
      agent: `${name}/1.${at}.0`,
      perSecond: [20, 15, 8, 6, 5][at] ?? 1,
      verb: "list",
      resource: ["persistentvolumes", "jobs", "pods", "endpoints", "ingresses"][at] ?? "pods",
    }),
  ),
  { user: "system:kube-scheduler", agent: "kube-scheduler/v1.36.2", perSecond: 4, verb: "create", resource: "pods" },
  {
    user: "system:kube-controller-manager",
    agent: "kube-controller-manager/v1.36.2",
    perSecond: 32,
    verb: "get",
    resource: "serviceaccounts",
  },
];
const SHRUNK = 50;

/** What one kubelet does, calls a second: together 0.3. */
const KUBELET: readonly (readonly [verb: string, resource: string, subresource: string, perSecond: number])[] = [
  ["get", "nodes", "", 0.1],
  ["patch", "nodes", "status", 0.1],
  ["get", "configmaps", "", 0.03],
  ["get", "secrets", "", 0.024],
  ["patch", "pods", "status", 0.02],
  ["get", "pods", "", 0.014],
  ["create", "events", "", 0.012],
];

export function nodesAre80Percent(): string {
  const events: EventFacts[] = [];
  for (let node = 0; node < NODES; node += 1) {
    const name = `node-${String(node).padStart(2, "0")}`;
    const who = {
      user: `system:node:${name}`,
      groups: ["system:nodes"],
      ip: `10.1.0.${node + 1}`,
      agent: "kubelet/v1.36.2 (linux/amd64) kubernetes/8e16b12",
    };
    KUBELET.forEach(([verb, resource, subresource, perSecond], kind) => {
      const isNode = resource === "nodes";
      const every = 1_000 / perSecond;
      let beat = 0;
      for (let at = every * noise(node * 10 + (isNode ? 0 : kind)); at < SECONDS * 1_000; at += every, beat += 1)
        events.push({
          ...who,
          at: Math.round(at + (verb === "patch" ? 40 : 0) + noise(at + kind) * 200),
          verb,
          resource,
          ...(subresource === "" ? {} : { subresource }),
          ...(isNode ? { name } : { namespace: "shop", name: `${resource}-${node % 8}-${beat % 5}` }),
        });
    });
  }
  OTHERS.forEach(({ perSecond, user, ...rest }, caller) => {
    const every = (1_000 * SHRUNK) / perSecond;
    for (let at = every * noise(caller); at < SECONDS * 1_000; at += every)
      events.push({
        ...rest,
        user,
        at: Math.round(at),
        groups: user.includes("serviceaccount") ? ["system:serviceaccounts"] : ["system:masters"],
      });
  });
  return auditLog(events);
}
