import { auditLog, type EventFacts, noise } from "../audit-event.ts";

const KUBELET = {
  user: "system:node:worker-7",
  groups: ["system:nodes"],
  ip: "10.0.0.7",
  agent: "kubelet/v1.36.2 (linux/amd64) kubernetes/8e16b12",
};
const CONFIG_MAPS = 12;
const HOURS = 1.5;

/** A kubelet that gets and patches its Node every ~10 s, and gets each of its ConfigMaps every ~6 min, each from a moment of its own. */
export function kubelet(): string {
  const events: EventFacts[] = [];
  const end = HOURS * 3_600_000;
  for (let at = 0; at < end; at += 10_000 + noise(at) * 300) {
    events.push({ ...KUBELET, at, verb: "get", resource: "nodes", name: "worker-7" });
    events.push({ ...KUBELET, at: at + 60, verb: "patch", resource: "nodes", subresource: "status", name: "worker-7" });
  }
  for (let map = 0; map < CONFIG_MAPS; map += 1) {
    const target = { verb: "get", resource: "configmaps", namespace: "demo", name: `settings-${map}` };
    for (let at = (map * 360_000) / CONFIG_MAPS; at < end; at += 360_000 + noise(at + map) * 20_000)
      events.push({ ...KUBELET, ...target, at });
  }
  return auditLog(events);
}
