import { repeated } from "../repeated.ts";
import { list, personText, within } from "../words.ts";

const FIVE_MINUTES_S = 300;

export const evictionWave = repeated({
  id: "eviction-wave",
  about: "many pods are taken away by the cluster within minutes: a node is lost, full, or others are more important",
  severity: "medium",
  needs: ["metadata"],
  advice: "Look at the nodes they ran on: `ktrail why` on one of the pods names the cause.",
  references: ["Kubernetes: taint-based eviction", "Kubernetes: pod priority and preemption"],
  terms:
    "verb:delete resource:pods code:<300 (user:system:serviceaccount:kube-system:taint-eviction-controller,system:serviceaccount:kube-system:pod-garbage-collector OR actor:scheduler)",
  by: ["user"],
  least: 10,
  usual: {
    user: "system:serviceaccount:kube-system:taint-eviction-controller",
    verb: "delete",
    resource: "pods",
    namespace: "a",
    name: "p",
  },
  hits: [[{ times: 15, every: 1 }], [{ user: "system:kube-scheduler", times: 30, every: 2 }]],
  misses: [[{ times: 4 }], [{ user: "system:serviceaccount:kube-system:replicaset-controller", times: 40 }]],
  async tell({ key, row, own, store, seconds }) {
    if (row.requests < 10 * Math.max(1, seconds / FIVE_MINUTES_S)) return null;
    const namespaces = (await store.groups(own, ["namespace"])).map((each) => each.key["namespace"] ?? "");
    const who = personText(key["user"] ?? "");
    return {
      title: `${who} took ${row.requests} pods away in ${list(namespaces)}, ${within(row.firstSeen, row.lastSeen)}`,
      detail: `${who} deleted ${row.requests} pods in ${list(namespaces)} ${within(row.firstSeen, row.lastSeen)}`,
    };
  },
});
