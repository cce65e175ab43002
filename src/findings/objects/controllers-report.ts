/** What controllers write into statuses when something does not come to be. */
import { field, type JsonValue, list, text } from "../../lineage/json.ts";
import type { Sample } from "../contract.ts";
import { onTerms } from "../terms.ts";
import { tallies } from "../tallies.ts";
import { list as listText, objectOf, plain } from "../words.ts";

function conditionsOf(body: JsonValue | undefined): readonly JsonValue[] {
  return list(field(body, "status"), "conditions");
}

function reported(
  resource: string,
  condition: { readonly type: string; readonly status: string; readonly reason: string; readonly message?: string },
  user = "deployment-controller",
): Sample {
  return [
    {
      user: `system:serviceaccount:kube-system:${user}`,
      verb: "update",
      resource,
      namespace: "shop",
      name: "web",
      request: { status: { conditions: [condition] } },
    },
  ];
}

export const rolloutStuck = tallies({
  id: "rollout-stuck",
  about: "a rollout does not come to its end: the new pods do not become ready",
  severity: "medium",
  needs: ["request bodies"],
  advice: "Look at its pods (image, readiness, room on nodes), or undo it: `kubectl rollout undo`.",
  references: ["Kubernetes: Deployments, ProgressDeadlineExceeded"],
  wants: "verb:update,patch resource:deployments.apps/status code:<300",
  reads: "bodies",
  least: 1,
  hits: [
    reported("deployments.apps/status", { type: "Progressing", status: "False", reason: "ProgressDeadlineExceeded" }),
    [
      ...reported("deployments.apps/status", { type: "Progressing", status: "True", reason: "ReplicaSetUpdated" }),
      ...reported("deployments.apps/status", {
        type: "Progressing",
        status: "False",
        reason: "ProgressDeadlineExceeded",
      }),
    ],
  ],
  misses: [
    reported("deployments.apps/status", { type: "Progressing", status: "True", reason: "NewReplicaSetAvailable" }),
    [
      {
        user: "system:serviceaccount:kube-system:deployment-controller",
        verb: "update",
        resource: "deployments.apps/status",
        namespace: "shop",
        name: "web",
      },
    ],
  ],
  adding:
    () =>
    ({ facts, request }) =>
      conditionsOf(request).some((condition) => text(condition, "reason") === "ProgressDeadlineExceeded")
        ? { key: objectOf(facts) }
        : null,
  tell: ({ key, facts, requests }) => ({
    title: `the rollout of ${facts.namespace}/${facts.name} does not come to its end`,
    detail: `Deployment ${facts.namespace}/${facts.name} did not have its new pods ready in time, as its status said ${requests} times`,
    subject: { resource: "deployments.apps", namespace: facts.namespace, object: key },
    terms: `verb:update,patch code:<300 ${onTerms(facts)}`,
  }),
});

export const jobFailing = tallies({
  id: "job-failing",
  about: "a Job has given up",
  severity: "low",
  needs: ["request bodies"],
  advice: "Look at the log of its last pod, and at backoffLimit and activeDeadlineSeconds.",
  references: ["Kubernetes: Jobs"],
  wants: "verb:update,patch resource:jobs.batch/status code:<300",
  reads: "bodies",
  least: 1,
  hits: [
    reported(
      "jobs.batch/status",
      {
        type: "Failed",
        status: "True",
        reason: "BackoffLimitExceeded",
        message: "Job has reached the specified backoff limit",
      },
      "job-controller",
    ),
    reported("jobs.batch/status", { type: "Failed", status: "True", reason: "DeadlineExceeded" }, "job-controller"),
  ],
  misses: [
    reported("jobs.batch/status", { type: "Complete", status: "True", reason: "CompletionsReached" }, "job-controller"),
    reported("jobs.batch/status", { type: "Failed", status: "False", reason: "" }, "job-controller"),
  ],
  adding:
    () =>
    ({ facts, request }) => {
      const failed = conditionsOf(request).find(
        (condition) => text(condition, "type") === "Failed" && text(condition, "status") === "True",
      );
      if (failed === undefined) return null;
      // A CronJob's Jobs are told of together: theirs is its name and a time.
      return { key: `${facts.namespace}/${facts.name.replace(/-\d{8,10}$/, "")}`, note: text(failed, "reason") };
    },
  tell: ({ key, facts, requests, notes }) => ({
    title: `Job ${key} has failed${requests > 1 ? ` ${requests} times` : ""}: ${listText(notes.keys())}`,
    detail: `Job ${key} has given up${requests > 1 ? ` ${requests} times` : ""} (${listText(notes.keys())})`,
    ...(requests > 3 ? { severity: "medium", why: "it fails again and again" } : {}),
    subject: { resource: "jobs.batch", namespace: facts.namespace },
    terms: `verb:update,patch resource:jobs.batch/status code:<300 ns:${JSON.stringify(facts.namespace)}`,
  }),
});

const HPA = "system:serviceaccount:kube-system:horizontal-pod-autoscaler";
const LEAST_TURNS = 5;

function scaled(replicas: readonly number[]): Sample {
  return replicas.map((count, at) => ({
    at: at * 60,
    user: HPA,
    verb: "update",
    resource: "deployments.apps/scale",
    namespace: "shop",
    name: "web",
    request: { spec: { replicas: count } },
  }));
}

export const scaleFlap = tallies({
  id: "hpa-flap",
  about: "an autoscaler scales up and down and up again",
  severity: "low",
  needs: ["request bodies"],
  advice: "Give it a longer behavior.scaleDown.stabilizationWindowSeconds, or a target that is less close to the load.",
  references: ["Kubernetes: horizontal pod autoscaling"],
  wants: `user:${HPA} verb:update,patch sub:scale code:<300`,
  reads: "bodies",
  least: LEAST_TURNS + 1,
  hits: [scaled([2, 5, 2, 5, 2, 5, 2]), scaled([3, 4, 3, 4, 3, 4, 3, 4, 3])],
  misses: [scaled([1, 2, 3, 4, 5, 6, 7, 8]), scaled([2, 5, 2])],
  adding() {
    const last = new Map<string, { readonly replicas: number; readonly isUp: boolean }>();
    return ({ facts, request }) => {
      const replicas = field(field(request, "spec"), "replicas");
      if (typeof replicas !== "number") return null;
      const key = objectOf(facts);
      const before = last.get(key);
      if (before === undefined && last.size >= 5_000) return null;
      const isUp = before === undefined ? true : replicas > before.replicas;
      last.set(key, { replicas, isUp });
      return { key, note: before !== undefined && isUp !== before.isUp ? "turn" : "" };
    };
  },
  tell: ({ key, facts, requests, notes }) => {
    const turns = notes.get("turn") ?? 0;
    if (turns < LEAST_TURNS) return null;
    return {
      title: `the autoscaler turns ${turns} times: ${plain(facts.resource)} ${facts.namespace}/${facts.name}`,
      detail: `the autoscaler scaled ${plain(facts.resource)} ${facts.namespace}/${facts.name} ${requests} times and changed direction ${turns} times`,
      subject: { user: HPA, resource: `${facts.resource}/scale`, namespace: facts.namespace, object: key },
      terms: `user:${HPA} verb:update,patch code:<300 ${onTerms(facts)}`,
    };
  },
});

const NODES = "system:serviceaccount:kube-system:node-controller";

function tainted(times: number, key: string): Sample {
  return Array.from({ length: times }, (_, at) => ({
    at: at * 120,
    user: NODES,
    verb: "patch",
    resource: "nodes",
    name: "worker-1",
    request: { spec: { taints: at % 2 === 0 ? [{ key, effect: "NoExecute" }] : null } },
  }));
}

export const nodeFlap = tallies({
  id: "node-flap",
  about: "a node is lost and found again",
  severity: "high",
  needs: ["request bodies"],
  advice:
    "Look at its kubelet and its way to the API server: lease renewals stop before each (`user:system:node:NODE resource:leases`).",
  references: ["Kubernetes: node heartbeats"],
  wants: `user:${NODES} verb:patch,update resource:nodes,nodes/status code:<300`,
  reads: "bodies",
  least: 2,
  hits: [tainted(4, "node.kubernetes.io/unreachable"), tainted(6, "node.kubernetes.io/not-ready")],
  misses: [tainted(2, "node.kubernetes.io/unreachable"), tainted(8, "node.kubernetes.io/unschedulable")],
  adding:
    () =>
    ({ facts, request }) =>
      list(field(request, "spec"), "taints").some(
        (taint) =>
          text(taint, "effect") === "NoExecute" &&
          /^node\.kubernetes\.io\/(?:unreachable|not-ready)$/.test(text(taint, "key")),
      )
        ? { key: facts.name }
        : null,
  tell: ({ key, facts, requests }) => ({
    title: `node ${key} was lost ${requests} times`,
    detail: `the node controller gave node ${key} a taint for being unreachable or not ready ${requests} times`,
    subject: { resource: "nodes", object: objectOf(facts) },
    terms: `user:${NODES} verb:patch,update code:<300 ${onTerms(facts)}`,
  }),
});
