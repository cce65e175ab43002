import { auditLog, type EventFacts, noise } from "../audit-event.ts";

const DAYS = 5;
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** When the API server is away, and for how long. */
const RESTARTS = [1.4 * DAY, 3.65 * DAY];
const AWAY = 20 * MINUTE;
/** After a restart every client lists anew: slow for a while. */
const SPIKE = 30 * MINUTE;

const LISTS: readonly (readonly [resource: string, usual: number, spike: number])[] = [
  ["endpoints", 300, 2_600],
  ["pods", 180, 1_400],
  ["services", 40, 260],
  ["nodes", 25, 120],
];

/** Five days of lists, one of each resource every four minutes; the API server is away twice, lists are slow for half an hour after. */
export function daysOfListLatency(): string {
  const events: EventFacts[] = [];
  LISTS.forEach(([resource, usual, spike], kind) => {
    for (let at = kind * 7_000; at < DAYS * DAY; at += 4 * MINUTE) {
      const since = Math.min(...RESTARTS.filter((start) => at >= start).map((start) => at - start));
      if (since < AWAY) continue;
      const isSlow = since < AWAY + SPIKE;
      const latencyMs = Math.round((isSlow ? spike : usual) * (0.8 + 0.2 * noise(at + kind)));
      events.push({
        at,
        latencyMs,
        verb: "list",
        resource,
        user: "system:serviceaccount:monitoring:prometheus",
        groups: ["system:serviceaccounts"],
        agent: "prometheus/3.1.0",
        ip: "10.2.0.9",
      });
    }
  });
  for (let at = 0; at < DAYS * DAY; at += MINUTE / 2) {
    if (RESTARTS.some((start) => at >= start && at < start + AWAY)) continue;
    const lease = { verb: "update", resource: "leases", apiGroup: "coordination.k8s.io", namespace: "kube-system" };
    events.push({
      at,
      ...lease,
      name: "kube-scheduler",
      user: "system:kube-scheduler",
      agent: "kube-scheduler/v1.36.2",
    });
  }
  return auditLog(events);
}

/** An hour of one cluster's kubelets and its scheduler getting pods; more nodes, slower answers. */
export function cluster(nodes: number, getPodMs: number): string {
  const events: EventFacts[] = [];
  for (let at = 0; at < 60 * MINUTE; at += 1_500) {
    const node = Math.floor(noise(at) * nodes);
    const who = {
      user: `system:node:node-${node}`,
      groups: ["system:nodes"],
      agent: "kubelet/v1.36.2",
      ip: `10.1.${node >> 8}.${node & 255}`,
    };
    const shop = { namespace: "shop", name: `web-${node}` };
    const slow = 0.6 + 0.8 * noise(at + 1) ** 2;
    events.push({ ...who, ...shop, at, verb: "get", resource: "pods", latencyMs: Math.round(getPodMs * slow) });
    if (at % 9_000 === 0)
      events.push({
        ...who,
        ...shop,
        at: at + 300,
        verb: "patch",
        resource: "pods",
        subresource: "status",
        latencyMs: Math.round(2 * getPodMs * slow),
      });
  }
  return auditLog(events);
}
