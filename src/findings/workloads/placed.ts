/** Workloads that are put where a scheduler, or an owner, would not put them. */
import { field, text } from "../../lineage/json.ts";
import { isSystemNamespace, NOT_MACHINERY } from "../actors.ts";
import { incidents } from "../incidents.ts";
import { targetText } from "../words.ts";
import { podSpecOf, WORKLOADS } from "./pod-spec.ts";

const POD = { verb: "create", resource: "pods", namespace: "shop", name: "t", code: 201 };

export const bypassesScheduler = incidents({
  id: "pod-bypasses-scheduler",
  about: "somebody puts a pod on a node of their choice, past the scheduler",
  severity: "medium",
  needs: ["metadata", "request bodies"],
  advice:
    "Use a node selector or affinity; what names its node ignores taints, and may be meant for that node's secrets.",
  references: ["T1610", "Kubernetes: nodeName"],
  wants: `verb:create (resource:pods/binding OR resource:pods sub:"" -name:node-debugger-*) ${NOT_MACHINERY}`,
  reads: "bodies",
  usual: { verb: "create", resource: "pods/binding", namespace: "shop", name: "t" },
  hits: [
    [{ user: "eve" }],
    [{ user: "eve", ...POD, request: { spec: { nodeName: "control-plane-1", containers: [{ name: "c" }] } } }],
  ],
  misses: [
    [{ user: "system:kube-scheduler" }],
    [{ user: "ann", ...POD, request: { spec: { containers: [{ name: "c" }] } } }],
  ],
  judge: ({ facts, request }) => {
    const node = text(field(request, "spec"), "nodeName");
    if (facts.subresource === "binding")
      return { did: ["bound", "bind"], what: `pod ${facts.namespace}/${facts.name} to a node, as a scheduler does` };
    return node === "" ? null : { what: `${targetText(facts)} on node ${node}, past the scheduler` };
  },
});

export const controllerAccount = incidents({
  id: "pod-controller-sa",
  about: "somebody runs a pod with the service account of one of the cluster's own controllers",
  severity: "high",
  needs: ["request bodies"],
  advice: "Delete it: such an account may do nearly everything.",
  references: ["T1078", "Elastic: pod created with a sensitive service account"],
  wants: `verb:create,update,patch ${WORKLOADS} ns:kube-system ${NOT_MACHINERY}`,
  reads: "bodies",
  usual: { user: "eve", verb: "create", resource: "pods", namespace: "kube-system", name: "t" },
  hits: [
    [{ request: { spec: { serviceAccountName: "clusterrole-aggregation-controller", containers: [{ name: "c" }] } } }],
    [
      {
        resource: "deployments.apps",
        name: "x",
        request: {
          spec: {
            template: { spec: { serviceAccountName: "generic-garbage-collector", containers: [{ name: "c" }] } },
          },
        },
      },
    ],
  ],
  misses: [
    [{ user: "ops", request: { spec: { serviceAccountName: "metrics-server", containers: [{ name: "c" }] } } }],
    [
      {
        user: "ops",
        namespace: "shop",
        request: { spec: { serviceAccountName: "ingress-controller", containers: [{ name: "c" }] } },
      },
    ],
  ],
  judge: (sighting) => {
    const spec = podSpecOf(sighting);
    const account = spec === null ? "" : text(spec, "serviceAccountName") || text(spec, "serviceAccount");
    return /-controller$|^(?:generic-garbage-collector|horizontal-pod-autoscaler|persistent-volume-binder|token-cleaner|bootstrap-signer|root-ca-cert-publisher)$/.test(
      account,
    )
      ? { what: `${targetText(sighting.facts)} with the service account of ${account}` }
      : null;
  },
});

export const newDaemonSet = incidents({
  id: "workload-new-daemonset",
  about: "a person made a DaemonSet: something that runs on every node",
  severity: "low",
  needs: ["metadata"],
  advice: "Ask what for, if it did not come through the pipeline.",
  references: ["T1610", "T1543.005", "Panther: k8s daemonset created"],
  wants: 'verb:create resource:daemonsets.apps sub:"" actor:human',
  usual: { user: "eve", verb: "create", resource: "daemonsets.apps", namespace: "shop", name: "agent" },
  hits: [[{}], [{ namespace: "kube-system" }]],
  misses: [[{ user: "system:serviceaccount:ci:deployer" }], [{ verb: "get" }]],
  judge: ({ facts }) =>
    isSystemNamespace(facts.namespace) ? { severity: "medium", why: "it is in a namespace of the cluster itself" } : {},
});

export const nodeVolume = incidents({
  id: "pv-hostpath",
  about: "somebody made a volume of a node's own directory: whoever claims it has that directory",
  severity: "medium",
  needs: ["request bodies"],
  advice: "Use a storage class; a local volume belongs to its provisioner.",
  references: ["T1611", "Kubernetes: persistent volumes, hostPath"],
  wants: `verb:create,update,patch resource:persistentvolumes sub:"" ${NOT_MACHINERY} -user:system:serviceaccount:*provisioner*`,
  reads: "bodies",
  usual: { user: "eve", verb: "create", resource: "persistentvolumes", name: "x" },
  hits: [
    [{ name: "root", request: { spec: { hostPath: { path: "/" } } } }],
    [{ name: "etc", request: { spec: { local: { path: "/etc/kubernetes" } } } }],
  ],
  misses: [
    [{ user: "ops", request: { spec: { csi: { driver: "d" } } } }],
    [
      {
        user: "system:serviceaccount:local-path:local-path-provisioner",
        request: { spec: { hostPath: { path: "/opt/x" } } },
      },
    ],
  ],
  judge: ({ facts, request }) => {
    const spec = field(request, "spec");
    const path = text(field(spec, "hostPath"), "path") || text(field(spec, "local"), "path");
    if (path === "") return null;
    return {
      what: `volume ${facts.name} of the node's ${path}`,
      ...(/^\/(?:$|etc|root|var\/lib\/(?:kubelet|etcd)|proc|sys)/.test(path)
        ? { severity: "high", why: "the node's own secrets are there" }
        : {}),
    };
  },
});

export const rogueNode = incidents({
  id: "node-rogue",
  about: "a node was made by somebody who is not that node",
  severity: "high",
  needs: ["metadata"],
  advice: "Find out who has a bootstrap token or a node's credential; delete the node and the token.",
  references: ["T1078", "Falco: Untrusted Node Successfully Joined the Cluster"],
  wants:
    'verb:create resource:nodes sub:"" -actor:controller,apiserver -user:system:cloud-controller-manager,system:serviceaccount:karpenter:*,system:serviceaccount:*:*autoscaler*',
  usual: { verb: "create", resource: "nodes", name: "worker-9" },
  hits: [[{ user: "eve" }], [{ user: "system:node:worker-1", code: 403 }]],
  misses: [[{ user: "system:node:worker-9" }], [{ user: "system:cloud-controller-manager" }]],
  // A kubelet may write the name into the body alone.
  judge: ({ facts }) =>
    facts.user.startsWith("system:node:") && (facts.name === "" || facts.user === `system:node:${facts.name}`)
      ? null
      : {},
});

export const nodeChanged = incidents({
  id: "node-changed-by-person",
  about: "a person changed or deleted a node: its labels, taints, or that nothing is to run on it",
  severity: "info",
  needs: ["metadata"],
  advice: "A drain is ordinary; of labels and taints look at what they let in.",
  references: ["Kubernetes: safely drain a node"],
  wants: 'verb:patch,update,delete resource:nodes sub:"" actor:human',
  usual: { user: "ann", verb: "patch", resource: "nodes", name: "worker-1" },
  hits: [[{}], [{ verb: "delete" }]],
  misses: [[{ user: "system:node:worker-1" }], [{ verb: "get" }]],
  judge: ({ facts }) => (facts.verb === "delete" ? { severity: "low", why: "its pods are gone with it" } : {}),
});
