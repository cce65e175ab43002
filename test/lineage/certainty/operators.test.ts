import { describe, expect, it } from "vitest";
import { lineageOf } from "../read-log.ts";
import {
  CONFIGMAP,
  DEPLOYMENT,
  type Kind,
  POD,
  REPLICASET,
  Story,
  type StoryLevel,
  template,
} from "../stories/story.ts";
import { DORA, web } from "../stories/web.ts";

const ROLLOUTS = "system:serviceaccount:argo-rollouts:argo-rollouts";
const OPERATOR = "system:serviceaccount:kafka:strimzi-cluster-operator";
const ARGO = "system:serviceaccount:argocd:argocd-application-controller";
const ROLLOUT: Kind = ["rollouts.argoproj.io", "Rollout", "argoproj.io/v1alpha1"];
const CONFIG: Kind = ["deploymentconfigs.apps.openshift.io", "DeploymentConfig", "apps.openshift.io/v1"];
const CONTROLLER: Kind = ["replicationcontrollers", "ReplicationController", "v1"];
const KAFKA: Kind = ["kafkas.kafka.strimzi.io", "Kafka", "kafka.strimzi.io/v1beta2"];

describe.each<StoryLevel>(["RequestResponse", "Metadata"])(
  "a controller that acts for a custom resource, at level %s",
  (level) => {
    it("is followed to whoever changed its spec: Argo Rollouts scales a ReplicaSet", () => {
      const story = new Story(level, "rollouts");
      const rollout = story.create("mia@example.com", ROLLOUT, "shop", "checkout", { spec: { replicas: 2 } });
      const replicaSet = story.create(ROLLOUTS, REPLICASET, "shop", "checkout-5f7c9b8d64", {
        owner: rollout,
        spec: { replicas: 2, template: template("app:1") },
      });
      story.patch(ROLLOUTS, rollout, { status: { replicas: 2 } }, "status");
      const pod = story.create(
        "system:serviceaccount:kube-system:replicaset-controller",
        POD,
        "shop",
        "checkout-5f7c9b8d64-2mfq4",
        {
          owner: replicaSet,
          generated: "checkout-5f7c9b8d64-",
        },
      );
      story.bind(pod, "worker-1");
      story.wait(60);
      story.patch("eve@example.com", rollout, { spec: { replicas: 1 } });
      story.patch(ROLLOUTS, rollout, { status: { observed: "x" } }, "status");
      story.update(ROLLOUTS, replicaSet, ({ spec }) => (spec["replicas"] = 1));
      story.remove("system:serviceaccount:kube-system:replicaset-controller", pod);
      story.finish(pod, "worker-1");
      const why = lineageOf(story.events()).why("pod/checkout-5f7c9b8d64-2mfq4", "shop");
      expect(why?.verdict).toBe("scaled-down");
      expect(why?.confidence).toBe("likely");
      expect(why?.chain.map(({ object, by }) => [object, by]).slice(-2)).toEqual([
        ["rs/checkout-5f7c9b8d64 -n shop", ROLLOUTS],
        ["rollouts.argoproj.io/checkout -n shop", "eve@example.com"],
      ]);
      expect(why?.chain.at(-2)?.because).toContain(
        "argo-rollouts/argo-rollouts acts for rollouts.argoproj.io/checkout -n shop",
      );
    });

    it("is followed by the name where no owner is told, and its own writes are no cause", () => {
      const story = new Story(level, "kafka");
      const kafka = story.create("mia@example.com", KAFKA, "shop", "orders", { spec: { brokers: 3 } });
      const settings = story.create(OPERATOR, CONFIGMAP, "shop", "orders-kafka-2");
      story.patch(OPERATOR, kafka, { status: { ready: true } }, "status");
      story.wait(60);
      story.patch("eve@example.com", kafka, { spec: { brokers: 2 } });
      story.patch(OPERATOR, kafka, { metadata: { annotations: { seen: "2" } } });
      story.remove(OPERATOR, settings);
      const why = lineageOf(story.events()).why("cm/orders-kafka-2", "shop");
      expect(why?.verdict).toBe("deleted");
      expect(why?.chain.map(({ by }) => by)).toEqual([OPERATOR, "eve@example.com"]);
    });

    it("is the first cause itself where no such resource is in the log", () => {
      const story = new Story(level, "alone");
      const settings = story.create(DORA, CONFIGMAP, "shop", "settings");
      story.remove(OPERATOR, settings);
      const why = lineageOf(story.events()).why("cm/settings", "shop");
      expect(why?.chain.map(({ by }) => by)).toEqual([OPERATOR]);
    });
  },
);

describe("OpenShift's deployer", () => {
  it("scales for the DeploymentConfig, and whoever changed that is the cause", () => {
    const story = new Story("RequestResponse", "deployer");
    const config = story.create("mia@example.com", CONFIG, "shop", "web", { spec: { replicas: 1 } });
    const deployer = "system:serviceaccount:shop:deployer";
    const controller = story.create(
      "system:serviceaccount:openshift-infra:deploymentconfig-controller",
      CONTROLLER,
      "shop",
      "web-1",
      { owner: config, spec: { replicas: 1, template: template("app:1") } },
    );
    const manager = "system:serviceaccount:kube-system:replication-controller";
    const pod = story.create(manager, POD, "shop", "web-1-2mfq4", { owner: controller, generated: "web-1-" });
    story.bind(pod, "worker-1");
    story.wait(60);
    story.patch("eve@example.com", config, { spec: { template: template("app:2") } });
    story.scale(deployer, controller, 0);
    story.remove(manager, pod);
    story.finish(pod, "worker-1");
    const why = lineageOf(story.events(), { raw: true }).why("pod/web-1-2mfq4", "shop");
    expect(why?.verdict).not.toBe("deleted");
    expect(why?.confidence).toBe("likely");
    expect(why?.chain.map(({ by }) => by)).toEqual([manager, deployer, "eve@example.com"]);
  });
});

describe("a tool that deploys", () => {
  it("is named with what it deploys for", () => {
    const story = new Story("RequestResponse", "gitops");
    const annotations = { "argocd.argoproj.io/tracking-id": "payments:apps/Deployment:shop/pay" };
    const deployment = story.create(ARGO, DEPLOYMENT, "shop", "pay", { spec: { replicas: 1 }, annotations });
    story.remove(ARGO, deployment);
    const why = lineageOf(story.events()).why("deploy/pay", "shop");
    expect(why?.chain.at(-1)).toMatchObject({
      by: ARGO,
      because: "deleted directly; by Argo CD, for Argo CD Application payments",
    });
  });

  it("is named by its user alone where no body tells more, and people are not", () => {
    const story = new Story("Metadata", "gitops without bodies");
    const { deployment } = web(story, "shop", 1);
    story.remove(ARGO, deployment);
    expect(lineageOf(story.events()).why("deploy/web", "shop")?.chain.at(-1)?.because).toBe(
      "deleted directly; by Argo CD",
    );
    const people = new Story("Metadata", "people");
    const other = web(people, "shop", 1);
    people.remove(DORA, other.deployment);
    expect(lineageOf(people.events()).why("deploy/web", "shop")?.chain.at(-1)?.because).toBe("deleted directly");
  });
});
