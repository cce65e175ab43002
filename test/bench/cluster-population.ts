/** Who and what is in the invented cluster. */
import type { Seeded } from "./seeded.ts";

/** Members of an event, as JSON text without quotes around strings. */
export interface Actor {
  readonly user: string;
  readonly ip: string;
  readonly useragent: string;
  /** Why it is authorized. */
  readonly reason: string;
}

export interface Pod {
  readonly namespace: string;
  readonly app: string;
  name: string;
  uid: string;
  node: number;
}

/** Lives as long as the cluster. */
export interface Deployment {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

/** How much there is in a cluster. */
export interface ClusterSize {
  readonly nodes: number;
  readonly namespaces: number;
  readonly pods: number;
}
export const SMALL_CLUSTER: ClusterSize = { nodes: 200, namespaces: 60, pods: 6_000 };
export const BIG_CLUSTER: ClusterSize = { nodes: 2_500, namespaces: 180, pods: 30_000 };

const APPS = ["nginx", "checkout", "cart", "search", "billing", "web", "api", "db", "queue", "mailer"];
const PEOPLE = 40;
const CONTROLLERS = [
  "replicaset-controller",
  "deployment-controller",
  "endpointslice-controller",
  "job-controller",
  "generic-garbage-collector",
  "resourcequota-controller",
] as const;
const ROBOTS = [
  ["argocd", "argocd-application-controller", "argocd-application-controller/v2.13.1 (linux/amd64) kubernetes/$Format"],
  ["monitoring", "prometheus-k8s", "Prometheus/3.1.0"],
  ["ingress", "ingress-nginx", "nginx-ingress-controller/v1.12.0 (linux/amd64) ingress-nginx/ba73b2c"],
  ["kube-system", "metrics-server", "metrics-server/v0.7.2 (linux/amd64) kubernetes/$Format"],
] as const;
const KUBERNETES = "v1.31.2 (linux/amd64) kubernetes/abc1234";

export class ClusterPopulation {
  readonly nodes: readonly (Actor & { readonly leaseUid: string })[];
  readonly controllers: ReadonlyMap<(typeof CONTROLLERS)[number], Actor>;
  readonly robots: readonly Actor[];
  readonly people: readonly Actor[];
  readonly scheduler: Actor;
  readonly deployments: readonly Deployment[];
  readonly pods: readonly Pod[];
  private readonly seeded: Seeded;
  private readonly size: ClusterSize;

  constructor(seeded: Seeded, size = SMALL_CLUSTER) {
    this.seeded = seeded;
    this.size = size;
    this.nodes = Array.from({ length: size.nodes }, (_, node) => ({
      user: `{"username":"system:node:worker-${node}","groups":["system:nodes","system:authenticated"]}`,
      ip: `10.0.${node >> 7}.${10 + (node & 127)}`,
      useragent: `kubelet/${KUBERNETES}`,
      reason: "",
      leaseUid: seeded.uuid(),
    }));
    this.controllers = new Map(
      CONTROLLERS.map((name) => [
        name,
        this.serviceAccount(
          "kube-system",
          name,
          `kube-controller-manager/${KUBERNETES}/system:serviceaccount:kube-system:${name}`,
        ),
      ]),
    );
    this.robots = ROBOTS.map(([namespace, name, useragent]) => this.serviceAccount(namespace, name, useragent));
    this.people = Array.from({ length: PEOPLE }, (_, person) => ({
      user: `{"username":"person-${person}@example.com","groups":["dev-team","system:authenticated"]}`,
      ip: `192.168.7.${10 + person}`,
      useragent: `kubectl/${KUBERNETES}`,
      reason: String.raw`RBAC: allowed by RoleBinding \"dev-team/edit\" of ClusterRole \"edit\" to Group \"dev-team\"`,
    }));
    this.scheduler = {
      user: `{"username":"system:kube-scheduler","groups":["system:authenticated"]}`,
      ip: "10.0.9.2",
      useragent: `kube-scheduler/${KUBERNETES}/scheduler`,
      reason: String.raw`RBAC: allowed by ClusterRoleBinding \"system:kube-scheduler\" of ClusterRole \"system:kube-scheduler\" to User \"system:kube-scheduler\"`,
    };
    this.deployments = Array.from({ length: size.namespaces * APPS.length }, (_, at) => ({
      namespace: `team-${at % size.namespaces}`,
      name: APPS[Math.floor(at / size.namespaces)] as string,
      uid: seeded.uuid(),
    }));
    this.pods = Array.from({ length: size.pods }, (_, slot) => {
      const { namespace, name: app } = this.deployments[slot % this.deployments.length] as Deployment;
      const pod = { namespace, app, name: "", uid: "", node: 0 };
      this.replace(pod);
      return pod;
    });
  }

  namespace(): string {
    return `team-${this.seeded.below(this.size.namespaces)}`;
  }

  /** A new pod takes the place of one that is gone. */
  replace(pod: Pod): void {
    const { seeded } = this;
    pod.name = `${pod.app}-${seeded.suffix()}${seeded.suffix().slice(0, 4)}-${seeded.suffix()}`;
    pod.uid = seeded.uuid();
    pod.node = seeded.below(this.size.nodes);
  }

  private serviceAccount(namespace: string, name: string, useragent: string): Actor {
    const { seeded } = this;
    return {
      user: `{"username":"system:serviceaccount:${namespace}:${name}","uid":"${seeded.uuid()}","groups":["system:serviceaccounts","system:serviceaccounts:${namespace}","system:authenticated"],"extra":{"authentication.kubernetes.io/credential-id":["JTI=${seeded.uuid()}"]}}`,
      ip: `10.0.8.${1 + seeded.below(200)}`,
      useragent,
      reason: `RBAC: allowed by ClusterRoleBinding \\"system:controller:${name}\\" of ClusterRole \\"system:controller:${name}\\" to ServiceAccount \\"${name}/${namespace}\\"`,
    };
  }
}
