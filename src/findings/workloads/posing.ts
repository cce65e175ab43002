/** Pods that nobody's controller made. */
import { list as listOf, field, text } from "../../lineage/json.ts";
import { isSystemNamespace } from "../actors.ts";
import { incidents } from "../incidents.ts";
import { repeated } from "../repeated.ts";
import { list, personText, targetText } from "../words.ts";

/** What a control plane's nodes run from files by design; the name of a mirror pod ends in its node's. */
const OF_THE_CLUSTER =
  /^(?:kube-(?:apiserver|controller-manager|scheduler|proxy|vip)|etcd|cloud-controller-manager|haproxy|keepalived|nginx-proxy|kube-rbac-proxy-crio|openshift-)/;
/** A node writes its mirror pods when it joins. */
const JOINING_US = 600e6;
const MOST_KEPT = 10_000;

export const staticPod = incidents({
  id: "static-pod",
  about: "a node runs a pod from a file of its own that was not there before: no scheduler and no admission saw it",
  severity: "medium",
  needs: ["metadata"],
  advice: "Look at /etc/kubernetes/manifests on that node, and at who can write there.",
  references: ["T1610", "T1543", "SCC: GKE Static Pod Created"],
  wants: 'verb:create,delete (resource:pods sub:"" user:system:node:* OR resource:nodes sub:"" verb:create) code:<400',
  usual: { user: "system:node:worker-1", verb: "create", resource: "pods", name: "agent-worker-1" },
  hits: [
    [{ namespace: "default", name: "tools-worker-1" }],
    [
      { resource: "nodes", name: "worker-1" },
      { at: 4_000, namespace: "kube-system" },
    ],
  ],
  misses: [
    [
      { resource: "nodes", name: "worker-1" },
      { at: 20, namespace: "kube-system" },
      { at: 900, verb: "delete", namespace: "kube-system" },
      { namespace: "kube-system" },
    ],
    [{ user: "system:node:cp-1", namespace: "kube-system", name: "kube-apiserver-cp-1" }],
  ],
  judging() {
    const known = new Set<string>();
    const joined = new Map<string, number>();
    return ({ facts, request }) => {
      if (facts.resource === "nodes") {
        if (joined.size < MOST_KEPT) joined.set(facts.user, facts.receivedUs);
        return null;
      }
      const name = facts.name === "" ? text(field(request, "metadata"), "name") : facts.name;
      const pod = `${facts.namespace}/${name}`;
      const isKnown = known.has(pod);
      if (known.size < MOST_KEPT) known.add(pod);
      if (facts.verb !== "create" || isKnown) return null;
      const isJoining = facts.receivedUs - (joined.get(facts.user) ?? Number.NEGATIVE_INFINITY) <= JOINING_US;
      if (isJoining || (facts.namespace === "kube-system" && OF_THE_CLUSTER.test(name))) return null;
      return { did: ["runs", "run"], what: `pod ${pod} from a file of its own` };
    };
  },
});

/** As a ReplicaSet or a DaemonSet of the cluster's own names its pods. */
const CONTROLLER_MADE =
  /^(?:kube-proxy|kube-flannel|calico-node|cilium|aws-node|canal|weave-net|node-local-dns|konnectivity-agent|csi-[a-z-]{1,40})-[bcdfghjklmnpqrstvwxz2456789]{5}$|-[bcdfghjklmnpqrstvwxz2456789]{8,10}-[bcdfghjklmnpqrstvwxz2456789]{5}$/;

export const podMasquerade = incidents({
  id: "pod-masquerade",
  about: "somebody made a pod by hand whose name looks as if a controller had made it",
  severity: "medium",
  needs: ["metadata"],
  advice: "Look at its image and what it mounts; nothing of the cluster brings it back when it is deleted.",
  references: ["T1036.005", "SCC: Pod masquerading"],
  wants: 'verb:create resource:pods sub:"" actor:human,anonymous,other name:*',
  reads: "bodies",
  usual: { user: "simon", verb: "create", resource: "pods", namespace: "shop" },
  hits: [
    [{ namespace: "kube-system", name: "coredns-7d8f9cbb54-x7k2p" }],
    [{ namespace: "default", name: "kube-proxy-x7k2p", request: { metadata: { name: "kube-proxy-x7k2p" } } }],
  ],
  misses: [
    [{ name: "debug-tools" }],
    [
      {
        name: "web-7d8f9cbb54-x7k2p",
        request: { metadata: { name: "web-7d8f9cbb54-x7k2p", ownerReferences: [{ kind: "ReplicaSet" }] } },
      },
    ],
  ],
  judge: ({ facts, request }) => {
    const metadata = field(request, "metadata");
    const isOwned = listOf(metadata, "ownerReferences").length > 0 || text(metadata, "generateName") !== "";
    if (isOwned || !CONTROLLER_MADE.test(facts.name)) return null;
    const told = { what: `${targetText(facts)}, named as if a controller had made it` };
    return isSystemNamespace(facts.namespace)
      ? { ...told, severity: "high", why: "it hides among the cluster's own" }
      : told;
  },
});

const MANY = 10;

export const podDirect = repeated({
  id: "pod-direct",
  about: "people run pods that belong to nothing: no controller brings them back",
  severity: "info",
  needs: ["metadata"],
  advice: "Use a Deployment or a Job for what is to stay, and delete what was for a look.",
  references: ["Kubernetes: configuration best practices", "Panther: pod created in default namespace"],
  terms: 'verb:create resource:pods sub:"" actor:human code:<400',
  by: ["user", "namespace"],
  least: 3,
  usual: { user: "ann", verb: "create", resource: "pods", namespace: "shop" },
  hits: [[{ times: 4, every: 30 }], [{ namespace: "default", times: 20, every: 30 }]],
  misses: [[{}], [{ user: "system:serviceaccount:kube-system:replicaset-controller", times: 30 }]],
  async tell({ key, row, own, store }) {
    const { user = "", namespace = "" } = key;
    const names = (await store.groups(own, ["name"])).flatMap((each) => each.key["name"] || []);
    const isMany = row.requests >= MANY;
    const what = names.length === 0 ? "" : `: ${list(names)}`;
    return {
      title: `${personText(user)} made ${row.requests} pods in ${namespace} that belong to nothing`,
      detail: `${personText(user)} created ${row.requests} pods in ${namespace} directly${what}`,
      ...(isMany ? { severity: "low", why: "it is a habit" } : {}),
    };
  },
});
