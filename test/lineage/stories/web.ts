import {
  DEPLOYMENT,
  DEPLOYMENT_CONTROLLER,
  POD,
  REPLICASET,
  REPLICASET_CONTROLLER,
  type Stored,
  type Story,
  template,
} from "./story.ts";

export const DORA = "dora@example.com";

export interface Web {
  readonly deployment: Stored;
  readonly replicaSet: Stored;
  readonly pods: readonly Stored[];
}

/** A Deployment with its pods running on worker-1. */
export function web(story: Story, namespace: string, replicas: number): Web {
  const deployment = story.create(DORA, DEPLOYMENT, namespace, "web", {
    spec: { replicas, revisionHistoryLimit: 1, template: template("app:1") },
  });
  const replicaSet = replicaSetOf(story, namespace, deployment, "7c5ddbdf54", "app:1", replicas);
  const pods = ["2mfq4", "8xkcz", "vl7bd"].slice(0, replicas).map((end) => podOf(story, namespace, replicaSet, end));
  story.wait(60);
  return { deployment, replicaSet, pods };
}

export function replicaSetOf(
  story: Story,
  namespace: string,
  owner: Stored,
  hash: string,
  image: string,
  replicas: number,
): Stored {
  return story.create(DEPLOYMENT_CONTROLLER, REPLICASET, namespace, `web-${hash}`, {
    owner,
    annotations: { "deployment.kubernetes.io/desired-replicas": String(replicas) },
    spec: { replicas, template: template(image) },
  });
}

export function podOf(story: Story, namespace: string, owner: Stored, end: string, node = "worker-1"): Stored {
  const base = `${String(owner.metadata["name"])}-`;
  const pod = story.create(REPLICASET_CONTROLLER, POD, namespace, `${base}${end}`, {
    owner,
    generated: base,
    spec: { containers: [{ name: "app", image: "app:1" }] },
  });
  story.bind(pod, node);
  run(story, pod, node);
  return pod;
}

export function run(story: Story, pod: Stored, node: string): void {
  const { name = "", uid = "" } = pod.metadata;
  story.patch(
    `system:node:${node}`,
    pod,
    {
      metadata: { uid },
      status: {
        phase: "Running",
        conditions: [{ type: "Ready", status: "True" }],
        containerStatuses: [{ name, state: { running: { startedAt: story.time() } } }],
      },
    },
    "status",
  );
}
