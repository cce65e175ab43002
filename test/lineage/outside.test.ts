import { describe, expect, it } from "vitest";
import type { OutsideLane, TrailResult } from "../../src/lineage/contract.ts";
import type { JsonObject, JsonValue } from "../../src/lineage/json.ts";
import { DEMO, lineageOf, readEvents } from "./read-log.ts";
import { atMetadataLevel } from "./metadata-level.ts";
import {
  CONFIGMAP,
  container,
  DEPLOYMENT,
  DEPLOYMENT_CONTROLLER,
  type Kind,
  POD,
  REPLICASET,
  REPLICASET_CONTROLLER,
  SERVICE,
  Story,
  type Stored,
} from "./stories/story.ts";
import { DORA } from "./stories/web.ts";

const BOB = "bob@example.com";
const SECRET: Kind = ["secrets", "Secret", "v1"];
const CLAIM: Kind = ["persistentvolumeclaims", "PersistentVolumeClaim", "v1"];
const BUDGET: Kind = ["poddisruptionbudgets.policy", "PodDisruptionBudget", "policy/v1"];
const SCALER: Kind = ["horizontalpodautoscalers.autoscaling", "HorizontalPodAutoscaler", "autoscaling/v2"];
const QUOTA: Kind = ["resourcequotas", "ResourceQuota", "v1"];
const ACCOUNT: Kind = ["serviceaccounts", "ServiceAccount", "v1"];
const HOOKS: Kind = [
  "mutatingwebhookconfigurations.admissionregistration.k8s.io",
  "MutatingWebhookConfiguration",
  "admissionregistration.k8s.io/v1",
];

const SPEC: Record<string, JsonValue> = {
  volumes: [
    { name: "config", configMap: { name: "web-config" } },
    { name: "data", persistentVolumeClaim: { claimName: "web-data" } },
    { name: "all", projected: { sources: [{ secret: { name: "web-tls" } }, { configMap: { name: "web-extra" } }] } },
    { name: "loose", secret: { secretName: "web-loose" } },
  ],
  initContainers: [{ name: "init", image: "init:1", envFrom: [{ configMapRef: { name: "web-init" } }] }],
  containers: [
    {
      ...container("app:1"),
      volumeMounts: [{ name: "config" }, { name: "data" }, { name: "all" }],
      envFrom: [{ secretRef: { name: "web-env" } }],
      env: [
        { name: "A", value: "configmaps web-not" },
        { name: "B", valueFrom: { secretKeyRef: { name: "web-env", key: "b" } } },
        { name: "C", valueFrom: { configMapKeyRef: { name: "web-keys", key: "c" } } },
      ],
    },
  ],
  serviceAccountName: "web",
  imagePullSecrets: [{ name: "registry" }],
};

function setData(story: Story, user: string, object: Stored, data: Record<string, JsonValue>): void {
  story.update(user, object, (stored) => (stored.rest = { data }));
}

/** A Deployment that refers to everything it can, all of it written to, and what it has nothing to do with. */
function webStory(level: "Metadata" | "Request" | "RequestResponse"): Story {
  const story = new Story(level, "outside");
  const labels = { app: "web", tier: "front" };
  const kinds: readonly (readonly [Kind, string])[] = [
    [CONFIGMAP, "web-config"],
    [CONFIGMAP, "web-extra"],
    [CONFIGMAP, "web-init"],
    [CONFIGMAP, "web-keys"],
    [CONFIGMAP, "web-not"],
    [SECRET, "web-tls"],
    [SECRET, "web-loose"],
    [SECRET, "web-env"],
    [SECRET, "registry"],
    [CLAIM, "web-data"],
    [ACCOUNT, "web"],
    [ACCOUNT, "default"],
  ];
  const stored = new Map(kinds.map(([kind, name]) => [name, story.create(BOB, kind, "shop", name)]));
  story.create(BOB, CONFIGMAP, "other", "web-config");
  story.create(BOB, SERVICE, "shop", "web", { spec: { selector: { app: "web" } } });
  story.create(BOB, SERVICE, "shop", "db", { spec: { selector: { app: "db" } } });
  story.create(BOB, SERVICE, "shop", "headless", { spec: { clusterIP: "None" } });
  const isFront = { key: "tier", operator: "In", values: ["front", "edge"] };
  story.create(BOB, BUDGET, "shop", "front", { spec: { selector: { matchExpressions: [isFront] } } });
  const noApp = { key: "app", operator: "DoesNotExist" };
  story.create(BOB, BUDGET, "shop", "others", { spec: { selector: { matchExpressions: [noApp] } } });
  const target = { apiVersion: "apps/v1", kind: "Deployment" };
  story.create(BOB, SCALER, "shop", "web", { spec: { scaleTargetRef: { ...target, name: "web" } } });
  story.create(BOB, SCALER, "shop", "db", { spec: { scaleTargetRef: { ...target, name: "db" } } });
  story.create(BOB, QUOTA, "shop", "compute", { spec: { hard: { pods: "4" } } });
  const web = story.create(DORA, DEPLOYMENT, "shop", "web", {
    spec: { replicas: 1, template: { metadata: { labels }, spec: SPEC } },
  });
  story.create(DEPLOYMENT_CONTROLLER, REPLICASET, "shop", "web-6b7c8d9f5", {
    spec: { replicas: 1, template: { metadata: { labels }, spec: SPEC } },
    owner: web,
  });
  const config = stored.get("web-config");
  if (config !== undefined) {
    setData(story, BOB, config, { max: "100" });
    setData(story, BOB, config, { max: "250" });
  }
  const secret = stored.get("web-env");
  if (secret !== undefined) {
    setData(story, BOB, secret, { password: "aHVudGVyMg==" });
    setData(story, BOB, secret, { password: "c3dvcmRmaXNo" });
  }
  return story;
}

function trailOf(events: readonly JsonObject[], object: string, namespace: string): TrailResult {
  const [parsed, raw] = [false, true].map((isRaw) => lineageOf(events, { raw: isRaw }).trail(object, namespace));
  expect(raw).toEqual(parsed);
  if (raw === null || raw === undefined) throw new Error(`${object} is not in the log`);
  return raw;
}

const told = ({ outside = [] }: TrailResult): Record<string, string> =>
  Object.fromEntries(outside.map(({ resource, name, how }) => [`${resource.split(".")[0] ?? ""}/${name}`, how]).sort());

const laneOf = ({ outside = [] }: TrailResult, name: string): OutsideLane | undefined =>
  outside.find((lane) => lane.name === name);

describe("what touched a workload from outside", () => {
  it.each(["Request", "RequestResponse"] as const)("is told with how it is referred to, at level %s", (level) => {
    const trail = trailOf(webStory(level).events(), "deploy/web", "shop");
    expect(told(trail)).toEqual({
      "configmaps/web-config": "mounted by container app",
      "configmaps/web-extra": "mounted by container app",
      "configmaps/web-init": "environment of container init",
      "configmaps/web-keys": "environment of container app",
      "horizontalpodautoscalers/web": "scales deploy/web",
      "persistentvolumeclaims/web-data": "mounted by container app",
      "poddisruptionbudgets/front": "guards its pods by tier In front|edge",
      "resourcequotas/compute": "limits what its namespace may have",
      "secrets/registry": "its images are pulled with it",
      "secrets/web-env": "environment of container app",
      "secrets/web-loose": "a volume no container mounts",
      "secrets/web-tls": "mounted by container app",
      "serviceaccounts/web": "its pods run as it",
      "services/web": "selects its pods by app=web",
    });
    expect(trail.evidence.missing.join("\n")).not.toMatch(/refers to|are for/);
    expect(laneOf(trail, "web-config")?.confidence).toBe("certain");
  });

  it("tells what was changed, by whom, and never a Secret's values", () => {
    const trail = trailOf(webStory("RequestResponse").events(), "deploy/web", "shop");
    const config = laneOf(trail, "web-config")?.steps ?? [];
    expect(config.map(({ actor, what }) => `${actor} ${what}`)).toEqual([
      `${BOB} created`,
      `${BOB} data.max=100`,
      `${BOB} data.max 100 → 250`,
    ]);
    const secret = laneOf(trail, "web-env")?.steps ?? [];
    expect(secret.at(-1)?.what).toBe("data.password changed");
    expect(JSON.stringify(trail)).not.toMatch(/aHVudGVyMg|c3dvcmRmaXNo/);
    expect(trail.steps.some(({ object }) => config.some((step) => step.object === object))).toBe(false);
  });

  it("claims nothing without bodies but what holds for the whole namespace, and says so", () => {
    const trail = trailOf(webStory("Metadata").events(), "deploy/web", "shop");
    expect(told(trail)).toEqual({ "resourcequotas/compute": "limits what its namespace may have" });
    expect(trail.evidence.missing.join("\n")).toContain(
      "which of the 12 ConfigMaps, Secrets, claims and accounts written in its namespace it refers to: needs Request level",
    );
    expect(trail.evidence.missing.join("\n")).toContain(
      "HorizontalPodAutoscaler, PodDisruptionBudget, Service written in its namespace are for",
    );
  });

  it("ends with the reference, and begins with what was there before", () => {
    const story = new Story("RequestResponse", "moved");
    const blue = story.create(BOB, CONFIGMAP, "shop", "blue");
    const green = story.create(BOB, CONFIGMAP, "shop", "green");
    const from = (name: string): JsonValue => ({
      spec: { containers: [{ ...container("app:1"), envFrom: [{ configMapRef: { name } }] }] },
    });
    const web = story.create(DORA, DEPLOYMENT, "shop", "web", { spec: { replicas: 1, template: from("blue") } });
    setData(story, BOB, blue, { while: "referred to" });
    story.wait(10);
    story.update(DORA, web, ({ spec }) => (spec["template"] = from("green")));
    story.wait(10);
    setData(story, BOB, blue, { after: "no more" });
    setData(story, BOB, green, { after: "yes" });
    const trail = trailOf(story.events(), "deploy/web", "shop");
    expect(laneOf(trail, "blue")?.steps.map(({ what }) => what)).toEqual(["created", "data.while=referred to"]);
    expect(laneOf(trail, "blue")?.until).not.toBeNull();
    expect(laneOf(trail, "green")?.steps.map(({ what }) => what)).toEqual(["created", "data.after=yes"]);
    expect(laneOf(trail, "green")?.until).toBeNull();
  });

  it("knows the webhooks that changed or refused what it did", () => {
    const story = new Story("RequestResponse", "hooks");
    const hooks = story.create(BOB, HOOKS, "", "labeler");
    story.update(BOB, hooks, (stored) => (stored.rest = { webhooks: [{ name: "label.example.com" }] }));
    story.create(BOB, HOOKS, "", "unrelated");
    const web = story.create(DORA, DEPLOYMENT, "shop", "web", { spec: { replicas: 1 } });
    const message = 'Internal error occurred: failed calling webhook "label.example.com": timeout';
    story.fail(DORA, "update", web, {}, { code: 500, reason: "InternalError", message });
    expect(told(trailOf(story.events(), "deploy/web", "shop"))).toEqual({
      "mutatingwebhookconfigurations/labeler": "its webhook label.example.com could not be called",
    });
    const events = story.events().map((event) => {
      const isCreate = event["verb"] === "create" && JSON.stringify(event["objectRef"]).includes("deployments");
      if (!isCreate) return event;
      const call = { configuration: "labeler", webhook: "label.example.com", mutated: true };
      return { ...event, annotations: { "mutation.webhook.admission.k8s.io/round_0_index_0": JSON.stringify(call) } };
    });
    expect(told(trailOf(atMetadataLevel(events.slice(0, 4)), "deploy/web", "shop"))).toEqual({
      "mutatingwebhookconfigurations/labeler": "its webhook label.example.com changed it",
    });
  });

  it("stays small however often something is written, and however much is referred to", () => {
    const story = new Story("RequestResponse", "many");
    const names = Array.from({ length: 200 }, (_, at) => `config-${String(at)}`);
    const configs = names.map((name) => story.create(BOB, CONFIGMAP, "shop", name));
    const containers = [{ ...container("app:1"), envFrom: names.map((name) => ({ configMapRef: { name } })) }];
    story.create(DORA, DEPLOYMENT, "shop", "web", { spec: { replicas: 1, template: { spec: { containers } } } });
    for (let at = 0; at < 300; at += 1) setData(story, BOB, configs[0] as Stored, { at: String(at) });
    const trail = trailOf(story.events(), "deploy/web", "shop");
    expect(trail.outside).toHaveLength(64);
    const busy = laneOf(trail, "config-0");
    expect(busy?.steps).toHaveLength(64);
    expect(busy?.stepsDropped).toBe(301 - 64);
    expect(busy?.steps.at(-1)?.what).toBe("data.at 298 → 299");
  });
});

describe("why tells the nearest change from outside before the trouble", () => {
  const kubelet = "system:node:worker-1";
  const failing = (reason: string, message = ""): Record<string, JsonValue> => ({
    phase: "Running",
    containerStatuses: [{ name: "app", restartCount: 3, state: { waiting: { reason, message } } }],
    qosClass: "BestEffort",
  });
  const begun = (seed: string): { story: Story; config: Stored; web: Stored; pod: Stored } => {
    const story = new Story("RequestResponse", seed);
    const config = story.create(BOB, CONFIGMAP, "shop", "web-config");
    const spec = { containers: [{ ...container("app:1"), envFrom: [{ configMapRef: { name: "web-config" } }] }] };
    const template = { metadata: { labels: { app: "web" } }, spec };
    const web = story.create(DORA, DEPLOYMENT, "shop", "web", { spec: { replicas: 1, template } });
    const set = story.create(DEPLOYMENT_CONTROLLER, REPLICASET, "shop", "web-6b7c8d9f5", {
      spec: { replicas: 1, template },
      owner: web,
    });
    const pod = story.create(REPLICASET_CONTROLLER, POD, "shop", "web-6b7c8d9f5-2xbcd", { spec, owner: set });
    story.update(kubelet, pod, (stored) => (stored.status = { phase: "Running" }), "status");
    story.wait(30);
    return { story, config, web, pod };
  };
  const crash = (story: Story, pod: Stored, reason: string, message = ""): void =>
    story.update(kubelet, pod, (stored) => (stored.status = failing(reason, message)), "status");
  const outsideOf = (story: Story, object: string): unknown => {
    const { outside } = lineageOf(story.events(), { raw: true }).why(object, "shop") ?? {};
    return outside === undefined ? null : [outside.object, outside.what, outside.by, outside.confidence];
  };

  it("likely, when it came shortly before and nothing of its own did", () => {
    const { story, config, pod } = begun("likely");
    setData(story, BOB, config, { max: "250" });
    story.wait(10);
    crash(story, pod, "CrashLoopBackOff");
    for (const object of ["deploy/web", "pod/web-6b7c8d9f5-2xbcd"])
      expect(outsideOf(story, object)).toEqual(["cm/web-config -n shop", "data.max=250", BOB, "likely"]);
  });

  it("a guess, when its own template was changed in between or it is long ago", () => {
    const own = begun("own");
    setData(own.story, BOB, own.config, { max: "250" });
    own.story.wait(5);
    own.story.update(DORA, own.web, ({ spec }) => (spec["template"] = { spec: { containers: [container("app:2")] } }));
    own.story.wait(5);
    crash(own.story, own.pod, "CrashLoopBackOff");
    expect(outsideOf(own.story, "deploy/web")).toEqual(["cm/web-config -n shop", "data.max=250", BOB, "guess"]);
    const late = begun("late");
    setData(late.story, BOB, late.config, { max: "250" });
    late.story.wait(300);
    crash(late.story, late.pod, "CrashLoopBackOff");
    expect(outsideOf(late.story, "deploy/web")).toEqual(["cm/web-config -n shop", "data.max=250", BOB, "guess"]);
  });

  it("certain, only where the failure says that what was removed is what it lacks", () => {
    const { story, config, pod } = begun("certain");
    story.remove(BOB, config);
    story.wait(10);
    crash(story, pod, "CreateContainerConfigError", 'configmap "web-config" not found');
    expect(outsideOf(story, "deploy/web")).toEqual(["cm/web-config -n shop", "deleted", BOB, "certain"]);
  });

  it("not at all, when it came after, hours before, or nothing failed", () => {
    const after = begun("after");
    after.story.wait(3_600);
    crash(after.story, after.pod, "CrashLoopBackOff");
    setData(after.story, BOB, after.config, { max: "250" });
    expect(outsideOf(after.story, "deploy/web")).toBeNull();
    const well = begun("well");
    setData(well.story, BOB, well.config, { max: "250" });
    expect(outsideOf(well.story, "deploy/web")).toBeNull();
  });
});

describe("what the cluster itself gives every namespace", () => {
  const given = (change: (story: Story, root: Stored) => void): OutsideLane | undefined => {
    const story = new Story("RequestResponse", "given");
    const volumes = [{ name: "token", projected: { sources: [{ configMap: { name: "kube-root-ca.crt" } }] } }];
    story.create(DORA, POD, "shop", "web", { spec: { volumes, containers: [container("app:1")] } });
    story.wait(1);
    const publisher = "system:serviceaccount:kube-system:root-ca-cert-publisher";
    change(story, story.create(publisher, CONFIGMAP, "shop", "kube-root-ca.crt"));
    return laneOf(trailOf(story.events(), "pod/web", "shop"), "kube-root-ca.crt");
  };

  it("is no lane, whether it came before the pod or after, until somebody changes it", () => {
    expect(given(() => {})).toBeUndefined();
    expect(given((story, root) => setData(story, BOB, root, { "ca.crt": "other" }))?.steps).toHaveLength(2);
  });
});

describe("in the demo log", () => {
  it("bob's change of db-config stands in the trail of what mounts it", () => {
    const trail = trailOf(readEvents(DEMO), "sts/db", "demo");
    expect(laneOf(trail, "db-config")?.steps.map(({ actor, what }) => `${actor} ${what}`)).toContain(
      "bob@example.com data.max_connections 100 → 250",
    );
  });
});
