import { describe, expect, it } from "vitest";
import { lineageOf } from "../read-log.ts";
import {
  DEPLOYMENT_CONTROLLER,
  POD,
  REVISION,
  STATEFULSET,
  Story,
  type Stored,
  type StoryLevel,
  template,
} from "../stories/story.ts";
import { DORA, podOf, replicaSetOf, run, web } from "../stories/web.ts";

const STATEFULSETS = "system:serviceaccount:kube-system:statefulset-controller";

function report(story: Story, deployment: Stored, updated: number, observed: number): void {
  story.update(
    DEPLOYMENT_CONTROLLER,
    deployment,
    ({ status }) => {
      Object.assign(status, {
        replicas: 1,
        readyReplicas: 1,
        availableReplicas: 1,
        updatedReplicas: updated,
        observedGeneration: observed,
      });
    },
    "status",
  );
}

describe.each<StoryLevel>(["RequestResponse", "Request"])("when a roll-out is done, at level %s", (level) => {
  it("is told by a status that knows the change, when its pods are there", () => {
    const story = new Story(level, "done");
    const { deployment } = web(story, "shop", 1);
    report(story, deployment, 1, 1);
    story.patch(DORA, deployment, { spec: { template: template("app:2") } });
    // Still about the template before.
    report(story, deployment, 1, 1);
    const next = replicaSetOf(story, "shop", deployment, "5b9d8f77c6", "app:2", 1);
    report(story, deployment, 1, 1);
    story.wait(20);
    podOf(story, "shop", next, "k9w5t");
    story.wait(10);
    report(story, deployment, 1, 2);
    const rollout = lineageOf(story.events()).trail("deploy/web", "shop")?.rollouts?.at(-1);
    expect(rollout?.ms).toBeGreaterThan(30_000);
    expect(rollout?.ms).toBeLessThan(31_000);
    expect(rollout?.pods).toHaveLength(1);
  });

  it("is not told before its pods exist", () => {
    const story = new Story(level, "no pods");
    const { deployment } = web(story, "shop", 1);
    report(story, deployment, 1, 1);
    story.patch(DORA, deployment, { spec: { template: template("app:2") } });
    replicaSetOf(story, "shop", deployment, "5b9d8f77c6", "app:2", 1);
    report(story, deployment, 1, 2);
    expect(lineageOf(story.events()).trail("deploy/web", "shop")?.rollouts?.at(-1)?.to).toBeNull();
  });
});

describe.each<StoryLevel>(["RequestResponse", "Metadata"])("the roll-outs of a Deployment, at level %s", (level) => {
  it("are those its controller began, an older ReplicaSet that returns among them", () => {
    const story = new Story(level, "undo");
    const { deployment, replicaSet } = web(story, "shop", 1);
    const number = (of: Stored, revision: number): void => {
      of.metadata["annotations"] = {
        "deployment.kubernetes.io/desired-replicas": "1",
        "deployment.kubernetes.io/revision": String(revision),
      };
    };
    story.update(DEPLOYMENT_CONTROLLER, replicaSet, (of) => number(of, 1));
    story.patch(
      "eve@example.com",
      deployment,
      { spec: { template: template("app:2") } },
      "",
      "?fieldManager=kubectl-set",
    );
    const next = replicaSetOf(story, "shop", deployment, "5b9d8f77c6", "app:2", 1);
    story.wait(30);
    story.scale("carol@example.com", deployment, 1);
    story.patch("mia@example.com", deployment, { spec: { template: template("app:1") } });
    const copy = structuredClone(replicaSet);
    story.update(DEPLOYMENT_CONTROLLER, replicaSet, (of) => number(of, 3));
    const conflict = { status: "Failure", message: "the object has been modified", reason: "Conflict", code: 409 };
    story.fail(DEPLOYMENT_CONTROLLER, "update", copy, { metadata: copy.metadata }, conflict);
    story.update(DEPLOYMENT_CONTROLLER, next, ({ spec }) => (spec["replicas"] = 0));
    const trail = lineageOf(story.events()).trail("deploy/web", "shop");
    const names = new Map(trail?.nodes.map((node) => [node.id, node.name]));
    expect(trail?.rollouts?.map(({ replicaSet: id, by }) => [names.get(id ?? ""), by])).toEqual([
      ["web-7c5ddbdf54", DORA],
      ["web-5b9d8f77c6", "eve@example.com"],
      ["web-7c5ddbdf54", "mia@example.com"],
    ]);
    expect(trail?.rollouts?.[1]?.what).toBe(level === "Metadata" ? "patched (kubectl-set)" : "image app:1 → app:2");
    expect(trail?.rollouts?.[2]?.what).toMatch(/ \(undo\)$/);
  });

  it("do not take a change of annotations for one", () => {
    const story = new Story(level, "annotated");
    const { deployment } = web(story, "shop", 1);
    story.patch(DORA, deployment, { metadata: { annotations: { a: "b" } } }, "", "?fieldManager=kubectl-annotate");
    expect(lineageOf(story.events()).trail("deploy/web", "shop")?.rollouts).toHaveLength(1);
  });
});

describe.each<StoryLevel>(["RequestResponse", "Metadata"])("a StatefulSet, at level %s", (level) => {
  function database(story: Story): void {
    const owner = story.create(DORA, STATEFULSET, "shop", "db", {
      spec: { replicas: 2, template: template("db:1") },
    });
    story.create(STATEFULSETS, REVISION, "shop", "db-6d5f4cb7c9", { owner });
    for (const name of ["db-0", "db-1"]) {
      const pod = story.create(STATEFULSETS, POD, "shop", name, { owner });
      story.bind(pod, "worker-1");
      run(story, pod, "worker-1");
    }
    story.wait(600);
    const later = story.create(STATEFULSETS, POD, "shop", "db-2", { owner });
    story.remove("bob@example.com", later);
    story.finish(later, "worker-1");
    const again = story.create(STATEFULSETS, POD, "shop", "db-2", { owner });
    story.bind(again, "worker-2");
    run(story, again, "worker-2");
  }

  it("does not count later lives into its creation, and tells them apart by number", () => {
    const story = new Story(level, "db");
    database(story);
    const trail = lineageOf(story.events()).trail("sts/db", "shop");
    expect(trail?.rollouts).toHaveLength(1);
    const names = new Map(trail?.nodes.map((node) => [node.id, node]));
    const pods = trail?.rollouts?.[0]?.pods.map((id) => names.get(id)?.name);
    expect(new Set(pods).size).toBe(pods?.length);
    expect(
      trail?.nodes.filter(({ name }) => name === "db-2").map(({ incarnation, lives }) => [incarnation, lives]),
    ).toEqual([
      [1, 2],
      [2, 2],
    ]);
    const created = trail?.phases.find(({ name }) => name === "pods created");
    if (level === "RequestResponse") expect(created?.ms ?? 0).toBeGreaterThan(0);
    for (const phase of trail?.phases ?? []) expect(phase.ms).toBeGreaterThanOrEqual(0);
  });
});

describe("the phases of a pod", () => {
  it("are in order though the Event that its container started comes after it was ready", () => {
    const story = new Story("RequestResponse", "late Event");
    const { pods } = web(story, "shop", 1);
    const [pod] = pods;
    if (pod === undefined) throw new Error("no pod");
    const { name = "", namespace = "", uid = "" } = pod.metadata;
    const log = story.events();
    const seen = JSON.stringify(log.at(-1));
    const late = JSON.parse(
      seen
        .replace(/"verb":"[a-z]+"/, '"verb":"create"')
        .replace(
          /"objectRef":\{[^}]*\}/,
          `"objectRef":{"resource":"events","namespace":"shop","name":"${String(name)}.17a"}`,
        ),
    ) as (typeof log)[number];
    const body = {
      kind: "Event",
      apiVersion: "v1",
      metadata: { name: `${String(name)}.17a`, namespace },
      involvedObject: { kind: "Pod", namespace, name, uid, apiVersion: "v1" },
      reason: "Started",
      message: "Started container app",
      type: "Normal",
    };
    const event = {
      ...late,
      auditID: "later",
      requestReceivedTimestamp: "2026-11-21T08:00:30.000000Z",
      stageTimestamp: "2026-11-21T08:00:30.001000Z",
      requestObject: body,
      responseObject: body,
    };
    const phases = lineageOf([...log, event]).trail("pod/web-7c5ddbdf54-2mfq4", "shop")?.phases ?? [];
    const ends = phases.map(({ to }) => to);
    expect(phases.map((phase) => phase.name)).toEqual(["bound", "accepted", "containers started", "ready"]);
    expect(ends).toEqual([...ends].sort());
  });
});
