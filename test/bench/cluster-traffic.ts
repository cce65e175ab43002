/**
 * What happens in the invented cluster. Who asks for what, how often, and how much of it is new follow a recorded control
 * plane: in the long run about a sixth of the requests name a URI nobody named before (there: 23 % of 57,000).
 */
import { type Actor, ClusterPopulation, type ClusterSize } from "./cluster-population.ts";
import type { Seeded } from "./seeded.ts";

export interface Operation {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  /** "" where the request names none (lists, creates by generateName). */
  readonly name: string;
  readonly uid: string;
  readonly query: string;
  readonly actor: Actor;
  readonly isWrite: boolean;
  /** Length of the object in a request or response body. */
  readonly bodyBytes: number;
  /** Further members of `annotations`, each with its leading comma. */
  readonly annotations: string;
}

type Draw = () => Partial<Operation> & Pick<Operation, "verb" | "resource" | "actor">;

const DEFAULTS = {
  group: "",
  subresource: "",
  namespace: "",
  name: "",
  uid: "",
  query: "",
  isWrite: false,
  bodyBytes: 800,
  annotations: "",
};

export class ClusterTraffic {
  private readonly seeded: Seeded;
  private readonly population: ClusterPopulation;
  private readonly wheel: readonly Draw[];

  constructor(seeded: Seeded, size?: ClusterSize) {
    this.seeded = seeded;
    this.population = new ClusterPopulation(seeded, size);
    const shapes = [...this.nodeShapes(), ...this.podShapes(), ...this.clientShapes()];
    this.wheel = shapes.flatMap(([weight, draw]) => Array.from({ length: weight }, () => draw));
  }

  next(): Operation {
    return { ...DEFAULTS, ...this.seeded.pick(this.wheel)() };
  }

  /** Weights are per cent of all requests. */
  private nodeShapes(): (readonly [number, Draw])[] {
    const { seeded } = this;
    const { nodes } = this.population;
    const nodeAt = (node: number): Actor => nodes[node] as Actor;
    return [
      [
        22,
        () => {
          const node = seeded.below(nodes.length);
          return {
            verb: "update",
            group: "coordination.k8s.io",
            resource: "leases",
            namespace: "kube-node-lease",
            name: `worker-${node}`,
            uid: nodes[node]?.leaseUid ?? "",
            query: "?timeout=10s",
            actor: nodeAt(node),
            isWrite: true,
            bodyBytes: 500,
          };
        },
      ],
      [
        5,
        () => {
          const node = seeded.below(nodes.length);
          return {
            verb: "patch",
            resource: "nodes",
            subresource: "status",
            name: `worker-${node}`,
            query: "?timeout=10s",
            actor: nodeAt(node),
            isWrite: true,
            bodyBytes: 9_000,
          };
        },
      ],
      [
        3,
        () => ({
          verb: "create",
          resource: "serviceaccounts",
          subresource: "token",
          namespace: this.population.namespace(),
          name: "default",
          actor: seeded.pick(nodes),
          isWrite: true,
          annotations: `,"authentication.kubernetes.io/issued-credential-id":"JTI=${seeded.uuid()}"`,
        }),
      ],
    ];
  }

  private podShapes(): (readonly [number, Draw])[] {
    const { seeded, population } = this;
    const replicaSets = population.controllers.get("replicaset-controller") as Actor;
    const onPod = (weight: number, verb: string, subresource: string, isWrite: boolean): readonly [number, Draw] => [
      weight,
      () => {
        const { namespace, name, node, uid } = seeded.pick(population.pods);
        const isBinding = subresource === "binding";
        return {
          verb,
          resource: "pods",
          subresource,
          namespace,
          name,
          uid: isBinding ? uid : "",
          actor: isBinding ? population.scheduler : (population.nodes[node] as Actor),
          isWrite,
          bodyBytes: isBinding ? 300 : 2_500 + seeded.below(6_000),
        };
      },
    ];
    return [
      onPod(14, "get", "", false),
      onPod(8, "patch", "status", true),
      onPod(2, "create", "binding", true),
      onPod(2, "delete", "", true),
      [
        2,
        () => {
          const pod = seeded.pick(population.pods);
          population.replace(pod);
          return {
            verb: "create",
            resource: "pods",
            namespace: pod.namespace,
            actor: replicaSets,
            isWrite: true,
            bodyBytes: 2_500 + seeded.below(6_000),
          };
        },
      ],
      [
        7,
        () => {
          const pod = seeded.pick(population.pods);
          return {
            verb: "create",
            resource: "events",
            namespace: pod.namespace,
            name: `${pod.name}.${seeded.hex()}${seeded.hex()}`,
            actor: population.nodes[pod.node] as Actor,
            isWrite: true,
          };
        },
      ],
    ];
  }

  private clientShapes(): (readonly [number, Draw])[] {
    const { seeded, population } = this;
    const { robots } = population;
    const clients = [...robots, ...robots, ...population.controllers.values(), ...population.people];
    const deployments = population.controllers.get("deployment-controller") as Actor;
    return [
      [
        6,
        () => ({
          verb: "watch",
          resource: seeded.pick(["secrets", "configmaps", "pods", "services"]),
          query: `?allowWatchBookmarks=true&resourceVersion=${seeded.below(1e9)}&timeoutSeconds=${300 + seeded.below(300)}&watch=true`,
          actor: seeded.pick(clients),
        }),
      ],
      [
        8,
        () => ({
          verb: "list",
          resource: seeded.pick(["configmaps", "pods", "services"]),
          namespace: population.namespace(),
          query: "?limit=500&resourceVersion=0",
          actor: seeded.pick(clients),
        }),
      ],
      [
        10,
        () => ({
          verb: "get",
          resource: "configmaps",
          namespace: population.namespace(),
          name: `settings-${seeded.below(30)}`,
          actor: seeded.pick(robots),
        }),
      ],
      [
        6,
        () => {
          const { namespace, name } = seeded.pick(population.deployments);
          return { verb: "get", group: "apps", resource: "deployments", namespace, name, actor: seeded.pick(clients) };
        },
      ],
      [
        4,
        () => ({
          verb: "update",
          group: "apps",
          resource: "deployments",
          subresource: "status",
          ...seeded.pick(population.deployments),
          actor: deployments,
          isWrite: true,
          bodyBytes: 4_000,
        }),
      ],
      [
        1,
        () => ({
          verb: "create",
          group: "authorization.k8s.io",
          resource: "subjectaccessreviews",
          actor: seeded.pick(robots),
          isWrite: true,
        }),
      ],
    ];
  }
}
