/** Objects that are written all the time. */
import { duration } from "../../models/numbers.ts";
import { repeated } from "../repeated.ts";
import { personText, within } from "../words.ts";

const MINUTE_S = 60;

export const eventSpam = repeated({
  id: "event-spam",
  about: "something writes Kubernetes Events without end",
  severity: "low",
  needs: ["metadata"],
  advice: "Look at what it says (`ktrail k8s-events`), and mend its cause: each is a write to etcd.",
  references: ["Kubernetes: Event API"],
  terms: "verb:create,patch resource:events,events.events.k8s.io code:<400",
  by: ["user", "useragent"],
  least: 300,
  usual: { user: "system:node:n1", verb: "create", resource: "events", namespace: "a", every: 0.1 },
  hits: [[{ user: "system:serviceaccount:a:b", times: 400 }], [{ verb: "patch", name: "x", times: 900, every: 0.15 }]],
  misses: [[{ times: 100 }], [{ times: 320, every: 2 }]],
  tell: ({ key, row, seconds }) => {
    const rate = row.requests / Math.max(1, seconds);
    if (rate < 5) return null;
    return {
      title: `${personText(key["user"] ?? "")} writes ${rate.toFixed(1)} Events a second: ${row.requests}`,
      detail: `${personText(key["user"] ?? "")} with ${key["useragent"] ?? ""} wrote ${row.requests} Events ${within(row.firstSeen, row.lastSeen)}`,
    };
  },
});

export const statusChurn = repeated({
  id: "status-churn",
  about: "the status of one object is written again and again",
  severity: "low",
  needs: ["metadata"],
  advice: "Write it when it has changed, not at every look; two controllers that correct each other do this too.",
  references: ["Kubernetes API conventions: spec and status"],
  terms: "verb:update,patch sub:status code:<400 -actor:node,controller,scheduler,apiserver",
  by: ["user", "object"],
  least: 60,
  usual: {
    user: "system:serviceaccount:w:operator",
    verb: "update",
    resource: "widgets.example.com/status",
    name: "w",
    every: 5,
  },
  hits: [
    [{ namespace: "a", times: 130 }],
    [{ verb: "patch", resource: "deployments.apps/status", namespace: "a", times: 700, every: 1 }],
  ],
  misses: [
    [{ namespace: "a", times: 70, every: 0.5 }],
    [{ user: "system:node:n1", verb: "patch", resource: "nodes/status", name: "n1", times: 200 }],
  ],
  tell: ({ key, row, seconds }) => {
    if (seconds < 5 * MINUTE_S || row.requests / seconds < 1 / 10) return null;
    const { user = "", object = "" } = key;
    return {
      title: `${personText(user)} writes the status of ${object} every ${duration((seconds / (row.requests - 1)) * 1e3)}`,
      detail: `${personText(user)} wrote the status of ${object} ${row.requests} times ${within(row.firstSeen, row.lastSeen)}`,
    };
  },
});

export const endpointChurn = repeated({
  id: "endpoint-churn",
  about: "the endpoints of a Service change all the time: its pods become ready and unready",
  severity: "low",
  needs: ["metadata"],
  advice: "Look at the readiness probe of its pods, and at what they wait for.",
  references: ["Kubernetes: EndpointSlices"],
  terms: "verb:update,patch resource:endpointslices.discovery.k8s.io code:<400",
  by: ["object"],
  least: 60,
  usual: {
    user: "system:serviceaccount:kube-system:endpointslice-controller",
    verb: "update",
    resource: "endpointslices.discovery.k8s.io",
    namespace: "a",
    name: "web-x",
    every: 1,
  },
  hits: [[{ times: 80, every: 5 }], [{ times: 400 }]],
  misses: [[{ times: 30 }], [{ times: 50, every: 30 }]],
  tell: ({ key, row, seconds }) => {
    if (seconds < 5 * MINUTE_S || row.requests / seconds < 10 / MINUTE_S) return null;
    const object = key["object"] ?? "";
    return {
      title: `the endpoints in ${object} change ${((row.requests / seconds) * MINUTE_S).toFixed(1)} times a minute`,
      detail: `${object} was written ${row.requests} times ${within(row.firstSeen, row.lastSeen)}: the pods behind it become ready and unready`,
    };
  },
});

export const leaseFast = repeated({
  id: "lease-fast",
  about: "a lease is renewed more often than every second",
  severity: "info",
  needs: ["metadata"],
  advice: "A leader renews every two seconds, a node every ten: set renewDeadline and retryPeriod to the defaults.",
  references: ["Kubernetes: leases"],
  terms: "verb:update,patch resource:leases.coordination.k8s.io code:<400",
  by: ["object"],
  least: 100,
  usual: {
    user: "system:serviceaccount:a:b",
    verb: "update",
    resource: "leases.coordination.k8s.io",
    namespace: "a",
    name: "lock",
    times: 120,
  },
  hits: [
    [{ times: 300, every: 0.5 }],
    [{ user: "system:node:n1", verb: "patch", namespace: "kube-node-lease", name: "n1", every: 0.6 }],
  ],
  misses: [[{ every: 2 }], [{ times: 50, every: 0.2 }]],
  tell: ({ key, row, seconds }) => {
    if (row.requests < seconds) return null;
    const object = key["object"] ?? "";
    return {
      title: `lease ${object} is renewed every ${duration((seconds / (row.requests - 1)) * 1e3)}`,
      detail: `lease ${object} was renewed ${row.requests} times ${within(row.firstSeen, row.lastSeen)}`,
    };
  },
});
