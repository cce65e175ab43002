import { describe, expect, it } from "vitest";
import { lineageOf } from "./read-log.ts";
import {
  CONFIGMAP,
  DEPLOYMENT,
  type Kind,
  NODE,
  POD,
  Story,
  type Stored,
  type StoryLevel,
  template,
} from "./stories/story.ts";
import { DORA } from "./stories/web.ts";
import type { JsonValue } from "../../src/lineage/json.ts";

const KUBELET = "system:node:worker-1";
const CLAIMS = "system:serviceaccount:kube-system:persistent-volume-binder";
const SLICES = "system:serviceaccount:kube-system:endpointslice-controller";
const SCALER = "system:serviceaccount:kube-system:horizontal-pod-autoscaler";
const SECRET: Kind = ["secrets", "Secret", "v1"];
const CLAIM: Kind = ["persistentvolumeclaims", "PersistentVolumeClaim", "v1"];
const SLICE: Kind = ["endpointslices.discovery.k8s.io", "EndpointSlice", "discovery.k8s.io/v1"];
const AUTOSCALER: Kind = ["horizontalpodautoscalers.autoscaling", "HorizontalPodAutoscaler", "autoscaling/v2"];

/** What is told of each change, the create aside. */
function told(story: Story, object: string, namespace = "shop"): readonly string[] {
  const both = [false, true].map((raw) =>
    (lineageOf(story.events(), { raw }).trail(object, namespace)?.steps ?? [])
      .filter(({ verb }) => verb !== "create")
      .map(({ what }) => what),
  );
  expect(both[0]).toEqual(both[1]);
  return both[0] ?? [];
}

function report(story: Story, user: string, object: Stored, ...statuses: readonly Record<string, JsonValue>[]): void {
  for (const status of statuses) story.update(user, object, (stored) => (stored.status = status), "status");
}

describe("a patch without its answer", () => {
  it("tells nothing of what it leaves out", () => {
    const story = new Story("Request", "patches");
    const pod = story.create(DORA, POD, "shop", "web-1", { spec: { containers: [{ name: "app", image: "app:1" }] } });
    const containerStatuses = [{ name: "app", restartCount: 0, state: { running: {} } }];
    const conditions = (...entries: readonly Record<string, JsonValue>[]): Record<string, JsonValue> => ({
      status: { containerStatuses, conditions: entries },
    });
    story.patch(KUBELET, pod, { status: { phase: "Running", containerStatuses } }, "status");
    story.patch(KUBELET, pod, conditions({ type: "Ready", status: "True" }), "status");
    story.patch(
      KUBELET,
      pod,
      conditions({ type: "Ready", reason: "PodCompleted" }, { type: "PodScheduled" }),
      "status",
    );
    story.patch(KUBELET, pod, conditions({ type: "Ready", status: "False" }), "status");
    expect(told(story, "pod/web-1").map((words) => words.replace("still ", ""))).toEqual([
      "containers running",
      "containers running, Ready",
      "containers running",
      "containers running, not Ready",
    ]);

    const workload = story.create(DORA, DEPLOYMENT, "shop", "web", {
      spec: { replicas: 3, template: template("app:1") },
    });
    story.patch(KUBELET, workload, { status: { conditions: [{ type: "Progressing", status: "True" }] } }, "status");
    expect(told(story, "deploy/web").join()).not.toContain("available");
    story.patch(KUBELET, workload, { status: { replicas: 3, availableReplicas: 2, readyReplicas: 2 } }, "status");
    expect(told(story, "deploy/web").at(-1)).toBe("2 of 3 available");
  });
});

describe("a pod's containers", () => {
  it("tell why they wait, how they ended and how often they began again", () => {
    const story = new Story("RequestResponse", "containers");
    const pod = story.create(DORA, POD, "shop", "crashy", { spec: { containers: [{ name: "app", image: "app:1" }] } });
    const container = (state: JsonValue, rest: Record<string, JsonValue> = {}): Record<string, JsonValue> => ({
      phase: "Running",
      conditions: [{ type: "Ready", status: "False" }],
      containerStatuses: [{ name: "app", restartCount: 0, state, ...rest }],
      qosClass: "BestEffort",
    });
    const killed = { terminated: { exitCode: 137, reason: "OOMKilled" } };
    report(
      story,
      KUBELET,
      pod,
      container({ waiting: { reason: "ImagePullBackOff", message: 'Back-off pulling image "app:1"' } }),
      container(killed),
      container(
        {
          waiting: {
            reason: "CrashLoopBackOff",
            message: "back-off 10s restarting failed container=app pod=crashy_shop(1)",
          },
        },
        { restartCount: 3, lastState: killed },
      ),
      container({ running: {} }, { restartCount: 4, lastState: killed }),
    );
    expect(told(story, "pod/crashy")).toEqual([
      'waiting: ImagePullBackOff: Back-off pulling image "app:1"',
      "0 of 1 containers running, ended: OOMKilled, exit code 137",
      "waiting: CrashLoopBackOff: back-off 10s, restarted ×3 after it ended: OOMKilled, exit code 137",
      "containers running, not Ready, restarted ×4 after it ended: OOMKilled, exit code 137",
    ]);
  });
});

describe("how objects are", () => {
  it("is told of nodes, claims, endpoint slices and autoscalers", () => {
    const story = new Story("RequestResponse", "standing");
    const node = story.create(KUBELET, NODE, "", "worker-1");
    const ready = (status: string, reason: string, pressure = "False"): Record<string, JsonValue> => ({
      conditions: [
        { type: "MemoryPressure", status: pressure, reason: "" },
        { type: "Ready", status, reason },
      ],
    });
    report(story, KUBELET, node, ready("True", ""), ready("True", "", "True"), ready("False", "KubeletNotReady"));
    expect(told(story, "node/worker-1")).toEqual(["Ready", "MemoryPressure", "NotReady: KubeletNotReady"]);

    const claim = story.create(DORA, CLAIM, "shop", "data");
    report(story, CLAIMS, claim, { phase: "Pending" });
    claim.spec = { volumeName: "pv-3" };
    report(story, CLAIMS, claim, { phase: "Bound" });
    expect(told(story, "pvc/data")).toEqual(["Pending", "Bound to pv-3"]);

    const scaler = story.create(DORA, AUTOSCALER, "shop", "web", {
      spec: { scaleTargetRef: { kind: "Deployment", name: "web" } },
    });
    const cpu = {
      type: "Resource",
      resource: { name: "cpu", current: { averageUtilization: 93, averageValue: "93m" } },
    };
    report(
      story,
      SCALER,
      scaler,
      { desiredReplicas: 5, currentReplicas: 2, currentMetrics: [cpu] },
      {
        conditions: [
          { type: "ScalingActive", status: "False", reason: "FailedGetResourceMetric", message: "no metrics" },
        ],
      },
    );
    expect(told(story, "hpa/web")).toEqual([
      "wants 5 replicas (cpu 93 %)",
      "cannot scale: FailedGetResourceMetric: no metrics",
    ]);

    const slice = story.create(SLICES, SLICE, "shop", "web-x1");
    const endpoint = (name: string, conditions: Record<string, JsonValue>): JsonValue => ({
      conditions,
      targetRef: { kind: "Pod", name },
    });
    for (const endpoints of [
      [endpoint("web-a", { ready: true }), endpoint("web-b", { ready: false })],
      [endpoint("web-a", { ready: false, terminating: true }), endpoint("web-b", { ready: true })],
    ])
      story.update(SLICES, slice, (stored) => (stored.rest = { endpoints }));
    expect(told(story, "endpointslice/web-x1")).toEqual([
      "1 ready: web-a; 1 not ready: web-b",
      "1 ready: web-b; 1 terminating: web-a",
    ]);
  });
});

describe("what an update changed", () => {
  const settings = (story: Story): Stored => {
    const object = story.create(DORA, CONFIGMAP, "shop", "settings", { annotations: { note: "x" } });
    const set = (data: JsonValue): void => story.update(DORA, object, (stored) => (stored.rest = { data }));
    set({ max_connections: "100", password: "hunter2hunter2" });
    set({ max_connections: "250", password: "correcthorse1" });
    return object;
  };

  it("is told with both values, of secrets without", () => {
    const story = new Story("RequestResponse", "data");
    settings(story);
    const secret = story.create(DORA, SECRET, "shop", "db");
    for (const data of [{ user: "YQ==" }, { user: "Yg==" }])
      story.update(DORA, secret, (stored) => (stored.rest = { data }));
    expect(told(story, "cm/settings")).toEqual([
      "data.max_connections=100, data.password added",
      "data.max_connections 100 → 250, data.password changed",
    ]);
    expect(told(story, "secret/db")).toEqual(["data.user added", "data.user changed"]);
  });

  it("is told of labels, restarts, checksums and variables of a workload", () => {
    const story = new Story("RequestResponse", "workload");
    const web = story.create(DORA, DEPLOYMENT, "shop", "web", { spec: { replicas: 1, template: template("app:1") } });
    const change = (labels: JsonValue, annotations: JsonValue, env: JsonValue): void =>
      story.update(DORA, web, (stored) => {
        stored.metadata["labels"] = labels;
        const { spec } = template("app:1") as { spec: Record<string, JsonValue> };
        const [app] = spec["containers"] as Record<string, JsonValue>[];
        stored.spec = {
          replicas: 1,
          template: { metadata: { labels: { app: "web" }, annotations }, spec: { containers: [{ ...app, env }] } },
        };
      });
    const level = (value: string): JsonValue => [{ name: "LOG", value }];
    change({ team: "a" }, { "checksum/config": "1" }, level("info"));
    change({ team: "b" }, { "checksum/config": "1" }, level("info"));
    change({ team: "b" }, { "checksum/config": "2" }, level("info"));
    change({ team: "b" }, { "checksum/config": "2" }, level("debug"));
    change({ team: "b" }, { "checksum/config": "2", "kubectl.kubernetes.io/restartedAt": "2026" }, level("debug"));
    expect(told(story, "deploy/web").slice(1)).toEqual([
      "label team: a → b",
      "checksum/config changed",
      "app env LOG info → debug",
      "restarted (restartedAt)",
    ]);
  });

  it.each<StoryLevel>(["Request", "RequestResponse"])("is told of a patch by itself at level %s", (level) => {
    const story = new Story(level, "patch");
    const pod = story.create(DORA, POD, "shop", "web", { spec: { containers: [] } });
    story.patch(DORA, pod, { metadata: { labels: { incident: "INC-1", old: null } } });
    expect(told(story, "pod/web")).toEqual(["label incident=INC-1, label old removed"]);
  });

  it("is told against the state right before it alone, whatever the order of arrival", () => {
    const story = new Story("RequestResponse", "gap");
    settings(story);
    const [create, , second] = story.events();
    const steps = lineageOf([create, second].filter((event) => event !== undefined)).trail(
      "cm/settings",
      "shop",
    )?.steps;
    expect(steps?.map(({ what }) => what)).toEqual(["created", "updated"]);
    const backwards = lineageOf(story.events().toReversed()).trail("cm/settings", "shop")?.steps;
    expect(backwards?.map(({ what }) => what)).toEqual([
      "created",
      "data.max_connections=100, data.password added",
      "data.max_connections 100 → 250, data.password changed",
    ]);
  });
});
