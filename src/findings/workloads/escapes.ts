/** Workloads that are let out of their containers, as whoever wrote them asked for. */
import { field, list, text } from "../../lineage/json.ts";
import { NOT_MACHINERY } from "../actors.ts";
import type { Sighting } from "../contract.ts";
import { incidents, type Judgement } from "../incidents.ts";
import { list as listText, targetText } from "../words.ts";
import { allContainers, dangerOfContainer, isTrue, podSpecOf, WORKLOADS } from "./pod-spec.ts";

const WRITES = `verb:create,update,patch ${WORKLOADS} ${NOT_MACHINERY}`;
function judged(sighting: Sighting, dangers: readonly string[], isWorse: string | undefined): Judgement | null {
  if (dangers.length === 0) return null;
  const { facts } = sighting;
  const isPerson = facts.actorClass === "human";
  const why = isWorse ?? (isPerson ? "a person did, not a pipeline" : undefined);
  return {
    what: `${targetText(facts)}, ${listText(dangers)}`,
    ...(why === undefined
      ? {}
      : { severity: isWorse !== undefined && isPerson ? ("critical" as const) : ("high" as const), why }),
  };
}

export const podPrivileged = incidents({
  id: "pod-privileged",
  about: "somebody runs a privileged container: it is as good as root on its node",
  severity: "medium",
  needs: ["request bodies"],
  advice: "Give it the one capability it needs instead, and let Pod Security admission refuse the rest.",
  references: [
    "T1610",
    "T1611",
    "Falco: Create Privileged Pod",
    "Stratus: k8s.privilege-escalation.privileged-pod",
    "GuardDuty: PrivilegedContainer",
  ],
  wants: WRITES,
  reads: "bodies",
  usual: {
    user: "erik",
    verb: "create",
    resource: "pods",
    namespace: "shop",
    name: "t",
    request: { spec: { containers: [{ name: "c", securityContext: { privileged: true } }] } },
  },
  hits: [
    [{}],
    [
      {
        resource: "daemonsets.apps",
        namespace: "kube-system",
        request: {
          spec: {
            template: {
              spec: {
                initContainers: [{ name: "c", securityContext: { privileged: true } }],
                containers: [{ name: "d" }],
              },
            },
          },
        },
      },
    ],
  ],
  misses: [
    [{ request: { spec: { containers: [{ name: "c", securityContext: { privileged: false } }] } } }],
    [{ user: "system:serviceaccount:kube-system:replicaset-controller" }],
  ],
  judge: (sighting) => {
    const spec = podSpecOf(sighting);
    if (
      spec === null ||
      !allContainers(spec).some((container) => isTrue(field(container, "securityContext"), "privileged"))
    )
      return null;
    const host = isTrue(spec, "hostPID") ? "it sees the processes of its node too" : undefined;
    return judged(sighting, ["privileged"], host);
  },
});

export const podHostNamespace = incidents({
  id: "pod-host-namespace",
  about: "somebody runs a pod in the namespaces of its node: its network, processes or memory",
  severity: "medium",
  needs: ["request bodies"],
  advice: "Take hostNetwork, hostPID and hostIPC away; Pod Security admission (baseline) refuses them.",
  references: ["T1611", "Falco: Create HostNetwork/HostPid/HostIPC Pod", "Elastic: pod_created_with_hostnetwork"],
  wants: WRITES,
  reads: "bodies",
  usual: { user: "hugo", verb: "create", resource: "pods", namespace: "shop", name: "t" },
  hits: [
    [{ request: { spec: { hostNetwork: true, containers: [{ name: "c" }] } } }],
    [
      {
        resource: "cronjobs.batch",
        namespace: "a",
        request: {
          spec: { jobTemplate: { spec: { template: { spec: { hostPID: true, containers: [{ name: "c" }] } } } } },
        },
      },
    ],
  ],
  misses: [[{ request: { spec: { hostNetwork: false, containers: [{ name: "c" }] } } }], [{}]],
  judge: (sighting) => {
    const spec = podSpecOf(sighting);
    if (spec === null) return null;
    const kinds = (["hostNetwork", "hostPID", "hostIPC"] as const).filter((key) => isTrue(spec, key));
    return judged(sighting, kinds.length === 0 ? [] : [`with ${listText(kinds)}`], undefined);
  },
});

const SENSITIVE =
  /^\/(?:$|etc(?:\/|$)|root(?:\/|$)|home(?:\/|$)|proc(?:\/|$)|sys(?:\/|$)|var\/?$|var\/log|var\/lib\/(?:kubelet|etcd|docker|containerd)|run\/(?:containerd|crio|docker)|var\/run\/.*\.sock$)/;

export const podHostPath = incidents({
  id: "pod-hostpath",
  about: "somebody runs a pod that has directories of its node",
  severity: "medium",
  needs: ["request bodies"],
  advice: "Use a volume that is not the node's; where it must be, a read-only one of the very directory.",
  references: [
    "T1611",
    "Falco: Create Sensitive Mount Pod",
    "Stratus: k8s.privilege-escalation.hostpath-volume",
    "GuardDuty: ContainerWithSensitiveMount",
  ],
  wants: WRITES,
  reads: "bodies",
  usual: {
    user: "helena",
    verb: "create",
    resource: "pods",
    namespace: "shop",
    name: "t",
    request: { spec: { containers: [{ name: "c" }], volumes: [{ name: "r", hostPath: { path: "/" } }] } },
  },
  hits: [
    [{}],
    [{ request: { spec: { containers: [{ name: "c" }], volumes: [{ name: "r", hostPath: { path: "/data" } }] } } }],
  ],
  misses: [
    [{ request: { spec: { containers: [{ name: "c" }], volumes: [{ name: "r", emptyDir: {} }] } } }],
    [{ user: "system:node:n1" }],
  ],
  judge: (sighting) => {
    const spec = podSpecOf(sighting);
    if (spec === null) return null;
    const paths = list(spec, "volumes").flatMap((volume) => {
      const path = text(field(volume, "hostPath"), "path");
      return path === "" ? [] : [path];
    });
    if (paths.length === 0) return null;
    const worst = paths.find((path) => SENSITIVE.test(path));
    return judged(
      sighting,
      [`with the node's ${listText(new Set(paths))}`],
      worst === "/" ? "it has the whole disk of its node" : undefined,
    );
  },
});

export const podCapabilities = incidents({
  id: "pod-capabilities",
  about: "somebody runs a container with capabilities that let it out",
  severity: "medium",
  needs: ["request bodies"],
  advice: "Drop ALL and add the one it needs.",
  references: ["T1611", "Elastic: pod_created_with_excessive_linux_capabilities"],
  wants: WRITES,
  reads: "bodies",
  usual: { user: "erik", verb: "create", resource: "pods", namespace: "shop", name: "t" },
  hits: [
    [{ request: { spec: { containers: [{ name: "c", securityContext: { capabilities: { add: ["SYS_ADMIN"] } } }] } } }],
    [
      {
        request: {
          spec: { containers: [{ name: "c", securityContext: { capabilities: { add: ["CAP_SYS_PTRACE"] } } }] },
        },
      },
    ],
  ],
  misses: [
    [
      {
        request: {
          spec: {
            containers: [
              { name: "c", securityContext: { capabilities: { add: ["NET_BIND_SERVICE"], drop: ["ALL"] } } },
            ],
          },
        },
      },
    ],
    [{ request: { spec: { containers: [{ name: "c" }] } } }],
  ],
  judge: (sighting) => {
    const spec = podSpecOf(sighting);
    const all = spec === null ? [] : allContainers(spec).flatMap(dangerOfContainer);
    const capabilities = all
      .filter((danger) => danger.includes("capability"))
      .map((danger) => danger.replace("it has ", "with "));
    return judged(sighting, [...new Set(capabilities)], undefined);
  },
});
