import type { WhyVerdict } from "../../../src/lineage/contract.ts";
import {
  CRONJOB,
  DEPLOYMENT,
  DEPLOYMENT_CONTROLLER,
  GARBAGE_COLLECTOR,
  JOB,
  NODE,
  POD,
  REPLICASET_CONTROLLER,
  SCHEDULER,
  type Stored,
  type Story,
  template,
} from "./story.ts";
import { DORA, podOf, replicaSetOf, run, web } from "./web.ts";

const account = (name: string): string => `system:serviceaccount:kube-system:${name}`;
const HPA = account("horizontal-pod-autoscaler");
const POD_GC = account("pod-garbage-collector");
const NODE_LIFECYCLE = account("node-controller");
const TAINT_EVICTION = account("taint-eviction-controller");
const TTL = account("ttl-after-finished-controller");
const CRONJOBS = account("cronjob-controller");
const JOBS = account("job-controller");

/** What is asked once the story is over, and what is true. */
export interface Tale {
  readonly name: string;
  /** Plays the story; `namespace` is its own. */
  readonly play: (story: Story, namespace: string) => void;
  readonly object: string;
  readonly isClusterScoped?: boolean;
  readonly verdict: WhyVerdict;
  /** Who did what, from the removal back to the first cause. */
  readonly by: readonly string[];
  readonly at: {
    readonly Request?: Partial<Pick<Tale, "verdict" | "by">>;
    /** `needs`: what the answer has to say it lacks. */
    readonly Metadata?: Partial<Pick<Tale, "verdict" | "by">> & { readonly needs?: RegExp };
  };
}

export const TALES: readonly Tale[] = [
  {
    name: "scaled down by a HorizontalPodAutoscaler",
    play(story, namespace) {
      const { deployment, replicaSet, pods } = web(story, namespace, 3);
      story.scale(HPA, deployment, 2);
      story.update(DEPLOYMENT_CONTROLLER, replicaSet, ({ spec, metadata }) => {
        spec["replicas"] = 2;
        metadata["annotations"] = { "deployment.kubernetes.io/desired-replicas": "2" };
      });
      story.remove(REPLICASET_CONTROLLER, pods[2] as Stored);
      story.finish(pods[2] as Stored, "worker-1");
    },
    object: "pod/web-7c5ddbdf54-vl7bd",
    verdict: "scaled-down",
    by: [REPLICASET_CONTROLLER, DEPLOYMENT_CONTROLLER, HPA],
    at: {},
  },
  {
    name: "evicted by its kubelet",
    play(story, namespace) {
      const { pods, replicaSet } = web(story, namespace, 1);
      const [pod] = pods as [Stored];
      const message = "The node was low on resource: memory. Threshold quantity: 100Mi, available: 64Mi.";
      const evicted = {
        phase: "Failed",
        reason: "Evicted",
        message,
        conditions: [{ type: "DisruptionTarget", status: "True", reason: "TerminationByKubelet", message }],
      };
      const { uid = "" } = pod.metadata;
      story.patch("system:node:worker-1", pod, { metadata: { uid }, status: evicted }, "status");
      podOf(story, namespace, replicaSet, "k9w5t");
    },
    object: "pod/web-7c5ddbdf54-2mfq4",
    verdict: "evicted",
    by: ["system:node:worker-1"],
    // Nothing but the body tells it from any other status; the object itself is still there.
    at: { Metadata: { verdict: "alive", by: [REPLICASET_CONTROLLER, DEPLOYMENT_CONTROLLER, DORA] } },
  },
  {
    name: "a mirror pod whose manifest went away",
    play(story, namespace) {
      const pod = story.create("system:node:worker-1", POD, namespace, "etcd-worker-1", {
        annotations: { "kubernetes.io/config.mirror": "0f5a" },
        spec: { containers: [{ name: "etcd", image: "etcd:3.5" }], nodeName: "worker-1" },
      });
      story.wait(60);
      story.finish(pod, "worker-1");
    },
    object: "pod/etcd-worker-1",
    verdict: "deleted",
    by: ["system:node:worker-1"],
    at: {},
  },
  {
    name: "pods never created: the quota was used up",
    play(story, namespace) {
      const deployment = story.create(DORA, DEPLOYMENT, namespace, "web", {
        spec: { replicas: 1, template: template("app:1") },
      });
      const replicaSet = replicaSetOf(story, namespace, deployment, "7c5ddbdf54", "app:1", 1);
      for (let attempt = 0; attempt < 3; attempt += 1) {
        story.refuse(REPLICASET_CONTROLLER, POD, namespace, "web-7c5ddbdf54-", replicaSet, {
          status: "Failure",
          message:
            'pods "web-7c5ddbdf54-" is forbidden: exceeded quota: small, requested: pods=1, used: pods=4, limited: pods=4',
          reason: "Forbidden",
          details: { name: "web-7c5ddbdf54-", kind: "pods" },
          code: 403,
        });
        story.wait(2 ** attempt);
      }
    },
    object: "deploy/web",
    verdict: "rejected",
    by: [REPLICASET_CONTROLLER, DEPLOYMENT_CONTROLLER, DORA],
    at: { Metadata: {} },
  },
  {
    name: "stuck on a finalizer: the garbage collector gets a 422",
    play(story, namespace) {
      const { replicaSet } = web(story, namespace, 1);
      replicaSet.metadata["finalizers"] = ["orphan"];
      story.remove(DORA, replicaSet, { propagationPolicy: "Orphan" });
      for (let day = 0; day < 61; day += 1) {
        story.wait(86_400);
        story.fail(
          GARBAGE_COLLECTOR,
          "patch",
          replicaSet,
          { metadata: { finalizers: null } },
          {
            status: "Failure",
            message: 'ReplicaSet.apps "web-7c5ddbdf54" is invalid: spec.selector: Invalid value: field is immutable',
            reason: "Invalid",
            details: { name: "web-7c5ddbdf54", group: "apps", kind: "ReplicaSet" },
            code: 422,
          },
        );
      }
    },
    object: "rs/web-7c5ddbdf54",
    verdict: "stuck",
    by: [GARBAGE_COLLECTOR, DORA],
    at: {},
  },
  {
    name: "an old ReplicaSet beyond revisionHistoryLimit",
    play(story, namespace) {
      const { deployment, replicaSet } = web(story, namespace, 1);
      for (const [image, hash] of [
        ["app:2", "5b9d8f77c6"],
        ["app:3", "6f4cbd9f58"],
      ] as const) {
        story.patch(DORA, deployment, { spec: { template: template(image) } });
        replicaSetOf(story, namespace, deployment, hash, image, 1);
        story.wait(30);
      }
      story.remove(DEPLOYMENT_CONTROLLER, replicaSet, { propagationPolicy: "Background" });
    },
    object: "rs/web-7c5ddbdf54",
    verdict: "history-limit",
    by: [DEPLOYMENT_CONTROLLER],
    at: {},
  },
  {
    name: "its node was deleted",
    play(story, namespace) {
      const node = story.create("system:node:spot-1", NODE, "", "spot-1", { spec: {} });
      const replicaSet = replicaSetOf(story, namespace, web(story, namespace, 1).deployment, "7c5ddbdf99", "app:1", 1);
      const pod = podOf(story, namespace, replicaSet, "r6hxp", "spot-1");
      story.wait(600);
      story.remove(DORA, node);
      story.wait(40);
      story.remove(POD_GC, pod, { gracePeriodSeconds: 0 });
    },
    object: "pod/web-7c5ddbdf99-r6hxp",
    verdict: "owner-deleted",
    by: [POD_GC, DORA],
    at: {},
  },
  {
    name: "its node stopped reporting",
    play(story, namespace) {
      const node = story.create("system:node:lost-1", NODE, "", "lost-1", { spec: {} });
      const { replicaSet } = web(story, namespace, 1);
      const pod = podOf(story, namespace, replicaSet, "zb4ts", "lost-1");
      story.wait(600);
      const taints = [{ key: "node.kubernetes.io/unreachable", effect: "NoExecute", timeAdded: story.time() }];
      story.patch(NODE_LIFECYCLE, node, { spec: { taints } });
      story.wait(300);
      story.remove(TAINT_EVICTION, pod);
    },
    object: "pod/web-7c5ddbdf54-zb4ts",
    verdict: "tainted",
    by: [TAINT_EVICTION, NODE_LIFECYCLE],
    at: { Metadata: { needs: /needs Request level for nodes/ } },
  },
  {
    name: "a finished Job past its TTL",
    play(story, namespace) {
      const job = finishedJob(story, namespace, "import", DORA);
      story.wait(100);
      story.remove(TTL, job, { propagationPolicy: "Foreground" });
    },
    object: "job/import",
    verdict: "ttl",
    by: [TTL],
    at: {},
  },
  {
    name: "a CronJob's oldest finished Job",
    play(story, namespace) {
      const cronJob = story.create(DORA, CRONJOB, namespace, "report", {
        spec: { schedule: "* * * * *", successfulJobsHistoryLimit: 1 },
      });
      const jobs = ["29920331", "29920332"].map((minute) =>
        finishedJob(story, namespace, `report-${minute}`, CRONJOBS, cronJob),
      );
      story.remove(CRONJOBS, jobs[0] as Stored, { propagationPolicy: "Background" });
    },
    object: "job/report-29920331",
    verdict: "history-limit",
    by: [CRONJOBS],
    at: {},
  },
  {
    name: "preempted for a pod of higher priority",
    play(story, namespace) {
      const { pods } = web(story, namespace, 1);
      const urgent = story.create(DORA, POD, namespace, "urgent", {
        spec: { containers: [{ name: "app", image: "app:1" }], priority: 1000 },
      });
      story.patch(SCHEDULER, urgent, { status: { nominatedNodeName: "worker-1" } }, "status");
      story.remove(SCHEDULER, pods[0] as Stored);
      story.finish(pods[0] as Stored, "worker-1");
      story.bind(urgent, "worker-1");
      run(story, urgent, "worker-1");
    },
    object: "pod/web-7c5ddbdf54-2mfq4",
    verdict: "preempted",
    by: [SCHEDULER, DORA],
    at: { Metadata: { needs: /needs Request level for pods\/status/ } },
  },
];

function finishedJob(story: Story, namespace: string, name: string, user: string, owner?: Stored): Stored {
  const spec = { ttlSecondsAfterFinished: 60, template: template("app:1") };
  const job = story.create(user, JOB, namespace, name, owner === undefined ? { spec } : { spec, owner });
  story.wait(20);
  story.update(
    JOBS,
    job,
    ({ status }) => {
      status["conditions"] = [{ type: "Complete", status: "True" }];
      status["succeeded"] = 1;
    },
    "status",
  );
  return job;
}
