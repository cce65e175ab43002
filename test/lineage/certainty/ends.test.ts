import { describe, expect, it } from "vitest";
import { lineageOf } from "../read-log.ts";
import {
  CONFIGMAP,
  DEPLOYMENT,
  ENDPOINTS,
  GARBAGE_COLLECTOR,
  JOB,
  POD,
  SERVICE,
  Story,
  type StoryLevel,
  template,
} from "../stories/story.ts";
import { DORA, podOf, replicaSetOf, run, web } from "../stories/web.ts";

const JOBS = "system:serviceaccount:kube-system:job-controller";
const TTL = "system:serviceaccount:kube-system:ttl-after-finished-controller";
const spec = { replicas: 1, template: template("app:1") };

/** Something else of the garbage collector's and of the end of the log. */
function goOn(story: Story, seconds: number): void {
  story.wait(seconds);
  const other = story.create(DORA, CONFIGMAP, "elsewhere", "other");
  story.remove(GARBAGE_COLLECTOR, other);
}

describe("stuck", () => {
  function foreground(story: Story, release: (story: Story, deployment: ReturnType<Story["create"]>) => void): void {
    const deployment = story.create(DORA, DEPLOYMENT, "shop", "web", { spec });
    deployment.metadata["finalizers"] = ["foregroundDeletion"];
    story.remove(DORA, deployment, { propagationPolicy: "Foreground" });
    release(story, deployment);
    goOn(story, 600);
  }

  it("is what keeps its finalizers to the end of the log", () => {
    const story = new Story("RequestResponse", "held");
    foreground(story, () => undefined);
    expect(lineageOf(story.events()).why("deploy/web", "shop")).toMatchObject({
      verdict: "stuck",
      confidence: "certain",
      finalizers: ["foregroundDeletion"],
    });
  });

  it("is not what the garbage collector let go, though its patch has no body", () => {
    const story = new Story((user) => (user === GARBAGE_COLLECTOR ? "Metadata" : "RequestResponse"), "let go");
    foreground(story, (at, deployment) => at.patch(GARBAGE_COLLECTOR, deployment, { metadata: { finalizers: null } }));
    const lineage = lineageOf(story.events());
    expect(lineage.why("deploy/web", "shop")).toMatchObject({ verdict: "deleted", confidence: "likely" });
    expect(lineage.trail("deploy/web", "shop")?.nodes[0]).toMatchObject({ terminating: false });
  });

  it.each([[null], [[]]])("is not what a patch at level Request released: finalizers %j", (finalizers) => {
    const story = new Story((_user, verb) => (verb === "patch" ? "Request" : "RequestResponse"), "released");
    foreground(story, (at, deployment) => at.patch(GARBAGE_COLLECTOR, deployment, { metadata: { finalizers } }));
    expect(lineageOf(story.events()).why("deploy/web", "shop")).toMatchObject({
      verdict: "deleted",
      confidence: "certain",
    });
  });

  it("is not certain where the garbage collector is not logged", () => {
    const story = new Story("RequestResponse", "no collector");
    foreground(story, () => undefined);
    const log = story.events().filter((event) => !JSON.stringify(event).includes(GARBAGE_COLLECTOR));
    expect(lineageOf(log).why("deploy/web", "shop")).toMatchObject({ verdict: "stuck", confidence: "likely" });
  });
});

describe.each<StoryLevel>(["RequestResponse", "Metadata"])("alive, at level %s", (level) => {
  it("is certain of what nothing speaks against", () => {
    const story = new Story(level, "there");
    story.create(DORA, CONFIGMAP, "shop", "settings");
    goOn(story, 600);
    expect(lineageOf(story.events()).why("cm/settings", "shop")).toMatchObject({
      verdict: "alive",
      confidence: "certain",
    });
  });

  it("is not told of what was not found later", () => {
    const story = new Story(level, "missed");
    const settings = story.create(DORA, CONFIGMAP, "shop", "settings");
    story.wait(60);
    story.miss("bob@example.com", settings);
    goOn(story, 600);
    const why = lineageOf(story.events()).why("cm/settings", "shop");
    expect(why).toMatchObject({ verdict: "unknown", confidence: "likely" });
    expect(why?.missing?.join()).toContain("not found any more");
  });

  it("is not told of what lost a dependent to the garbage collector", () => {
    const story = new Story(level, "other server's delete");
    const deployment = story.create(DORA, DEPLOYMENT, "shop", "web", { spec });
    const replicaSet = replicaSetOf(story, "shop", deployment, "7c5ddbdf54", "app:1", 1);
    story.wait(60);
    story.remove(GARBAGE_COLLECTOR, replicaSet);
    goOn(story, 600);
    const why = lineageOf(story.events()).why("deploy/web", "shop");
    expect(why).toMatchObject({ verdict: "unknown", confidence: "likely" });
    expect(why?.missing?.join()).toContain("garbage-collected");
  });

  it("is not told of what lost its owner", () => {
    const story = new Story(level, "owner gone");
    const deployment = story.create(DORA, DEPLOYMENT, "shop", "web", { spec });
    const replicaSet = replicaSetOf(story, "shop", deployment, "7c5ddbdf54", "app:1", 1);
    podOf(story, "shop", replicaSet, "2mfq4");
    story.remove("bob@example.com", deployment);
    goOn(story, 600);
    const lineage = lineageOf(story.events());
    for (const object of ["rs/web-7c5ddbdf54", "pod/web-7c5ddbdf54-2mfq4"]) {
      const why = lineage.why(object, "shop");
      expect(why).toMatchObject({ verdict: "owner-deleted", confidence: "likely" });
      expect(why?.chain.at(-1)?.by).toBe("bob@example.com");
    }
  });

  it("is not told of the endpoints of a Service that is gone", () => {
    const story = new Story(level, "endpoints");
    const service = story.create(DORA, SERVICE, "shop", "web");
    story.create("system:serviceaccount:kube-system:endpoint-controller", ENDPOINTS, "shop", "web");
    story.wait(60);
    story.remove("bob@example.com", service);
    goOn(story, 600);
    expect(lineageOf(story.events()).why("endpoints/web", "shop")).toMatchObject({
      verdict: "owner-deleted",
      confidence: "likely",
    });
  });

  it("is not certain in a log without controllers", () => {
    const story = new Story(level, "people only");
    story.create(DORA, CONFIGMAP, "shop", "settings");
    story.wait(600);
    story.create(DORA, CONFIGMAP, "shop", "others");
    expect(lineageOf(story.events()).why("cm/settings", "shop")).toMatchObject({
      verdict: "alive",
      confidence: "likely",
    });
  });
});

describe("a delete that was given up on", () => {
  it("is what removed an object that is created anew", () => {
    const story = new Story("RequestResponse", "504");
    const settings = story.create(DORA, CONFIGMAP, "shop", "settings");
    const status = { status: "Failure", message: "Timeout: request did not complete", reason: "Timeout", code: 504 };
    story.fail("bob@example.com", "delete", settings, null, status);
    story.wait(60);
    story.create(DORA, CONFIGMAP, "shop", "settings");
    const why = lineageOf(story.events()).why("cm/settings#1", "shop");
    expect(why).toMatchObject({ verdict: "deleted", confidence: "likely" });
    expect(why?.chain[0]).toMatchObject({ by: "bob@example.com", code: 504 });
  });
});

describe("an object that was there before the log", () => {
  it("is not rejected because its name was taken", () => {
    const story = new Story("RequestResponse", "taken");
    const settings = story.create(DORA, CONFIGMAP, "shop", "settings");
    const status = {
      status: "Failure",
      message: 'configmaps "settings" already exists',
      reason: "AlreadyExists",
      code: 409,
    };
    story.fail(DORA, "create", settings, null, status);
    goOn(story, 60);
    const why = lineageOf(story.events().slice(1)).why("cm/settings", "shop");
    expect(why).toMatchObject({ verdict: "alive" });
  });
});

describe.each<StoryLevel>(["RequestResponse", "Request", "Metadata"])(
  "the pod of a finished Job, at level %s",
  (level) => {
    it("is gone with the garbage collector's delete", () => {
      const story = new Story(level, "finished");
      const job = story.create(DORA, JOB, "shop", "import", { spec: { ttlSecondsAfterFinished: 60 } });
      const pod = story.create(JOBS, POD, "shop", "import-2mfq4", {
        owner: job,
        generated: "import-",
        finalizers: ["batch.kubernetes.io/job-tracking"],
      });
      story.bind(pod, "worker-1");
      run(story, pod, "worker-1");
      const { uid = "" } = pod.metadata;
      story.patch("system:node:worker-1", pod, { metadata: { uid }, status: { phase: "Succeeded" } }, "status");
      story.patch(JOBS, pod, { metadata: { finalizers: null } });
      story.wait(100);
      story.remove(TTL, job, { propagationPolicy: "Background" });
      story.remove(GARBAGE_COLLECTOR, pod, level === "RequestResponse" ? { gracePeriodSeconds: 0 } : {});
      story.wait(600);
      web(story, "shop", 1);
      const lineage = lineageOf(story.events());
      const node = lineage.trail("job/import", "shop")?.nodes.find(({ kind }) => kind === "Pod");
      expect(node).toMatchObject({ name: "import-2mfq4", terminating: false });
      expect(node?.gone).not.toBeNull();
    });
  },
);

describe("a removal that was asked for before", () => {
  it("is not the later request's, by the deletionTimestamp", () => {
    const story = new Story("RequestResponse", "asked before");
    const { pods } = web(story, "shop", 1);
    const [pod] = pods;
    if (pod === undefined) throw new Error("no pod");
    const lost = story.lines.length;
    story.remove("carol@example.com", pod);
    story.wait(10);
    story.remove("bob@example.com", pod);
    story.finish(pod, "worker-1");
    const why = lineageOf(story.events().filter((_, at) => at !== lost)).why("pod/web-7c5ddbdf54-2mfq4", "shop");
    expect(why).toMatchObject({ verdict: "deleted", confidence: "likely" });
    expect(why?.missing?.join()).toContain("was asked to go at");
    expect(lineageOf(story.events()).why("pod/web-7c5ddbdf54-2mfq4", "shop")).toMatchObject({ confidence: "certain" });
  });
});
