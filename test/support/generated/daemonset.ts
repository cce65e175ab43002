import { auditLog, type EventFacts, noise } from "../audit-event.ts";

const MINUTE = 60_000;
const NODES = 20;
/** When the DaemonSet's new version rolls out. */
const ROLLED_OUT = 20 * MINUTE;
const END = 30 * MINUTE;

/** A cluster of 20 nodes; a DaemonSet's update makes each of its pods list all pods every three seconds instead of once a minute. */
export function daemonSetTriplesLoad(): string {
  const events: EventFacts[] = [
    {
      at: ROLLED_OUT - 4_000,
      verb: "patch",
      resource: "daemonsets",
      apiGroup: "apps",
      namespace: "monitoring",
      name: "node-agent",
      user: "carol@example.com",
      groups: ["sre"],
      agent: "kubectl/v1.36.2 (linux/amd64) kubernetes/8e16b12",
      ip: "127.0.0.52",
    },
  ];
  for (let node = 0; node < NODES; node += 1) {
    const ip = `10.1.0.${node + 1}`;
    const kubelet = { user: `system:node:worker-${node}`, groups: ["system:nodes"], agent: "kubelet/v1.36.2", ip };
    const agent = { user: "system:serviceaccount:monitoring:node-agent", groups: ["system:serviceaccounts"], ip };
    for (let at = noise(node) * 10_000; at < END; at += 10_000)
      events.push({ ...kubelet, at: Math.round(at), verb: "get", resource: "nodes", name: `worker-${node}` });
    for (let at = noise(node + 99) * MINUTE; at < ROLLED_OUT; at += MINUTE)
      events.push({
        ...agent,
        at: Math.round(at),
        verb: "list",
        resource: "pods",
        agent: "node-agent/1.8.0",
        latencyMs: 40,
      });
    for (let at = ROLLED_OUT + noise(node) * 3_000; at < END; at += 3_000)
      events.push({
        ...agent,
        at: Math.round(at),
        verb: "list",
        resource: "pods",
        agent: "node-agent/1.9.0",
        latencyMs: 60,
      });
  }
  return auditLog(events);
}
