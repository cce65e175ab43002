import { describe, expect, it } from "vitest";
import { lineageOf } from "../read-log.ts";
import { DEPLOYMENT_CONTROLLER, REPLICASET_CONTROLLER, type Stored, Story, template } from "../stories/story.ts";
import { DORA, podOf, replicaSetOf, web } from "../stories/web.ts";

const CAROL = "carol@example.com";

function resize(story: Story, replicaSet: Stored, replicas: number, desired: number): void {
  story.update(DEPLOYMENT_CONTROLLER, replicaSet, ({ spec, metadata }) => {
    spec["replicas"] = replicas;
    metadata["annotations"] = { "deployment.kubernetes.io/desired-replicas": String(desired) };
  });
}

/** A roll-out is under way when somebody scales down: the older ReplicaSet shrinks for the one reason or the other. */
function midway(story: Story, shrinksFor: "scaling" | "roll-out"): void {
  const { deployment, replicaSet, pods } = web(story, "shop", 3);
  story.patch(DORA, deployment, { spec: { template: template("app:2") } });
  const next = replicaSetOf(story, "shop", deployment, "5b9d8f77c6", "app:2", 1);
  resize(story, next, 1, 3);
  podOf(story, "shop", next, "k9w5t");
  story.wait(5);
  if (shrinksFor === "scaling") {
    story.scale(CAROL, deployment, 2);
    resize(story, replicaSet, 1, 2);
  } else resize(story, replicaSet, 2, 3);
  story.remove(REPLICASET_CONTROLLER, pods[2] as Stored);
  story.finish(pods[2] as Stored, "worker-1");
}

describe("an older ReplicaSet that shrinks while another one grows", () => {
  it("was scaled when the replicas its Deployment wants changed with it", () => {
    const story = new Story("RequestResponse", "scaled midway");
    midway(story, "scaling");
    const why = lineageOf(story.events()).why("pod/web-7c5ddbdf54-vl7bd", "shop");
    expect(why).toMatchObject({ verdict: "scaled-down", confidence: "certain" });
    expect(why?.chain.at(-1)).toMatchObject({ by: CAROL, what: "scaled 3 → 2" });
  });

  it("makes room in a roll-out when they did not", () => {
    const story = new Story("RequestResponse", "rolled midway");
    midway(story, "roll-out");
    const why = lineageOf(story.events()).why("pod/web-7c5ddbdf54-vl7bd", "shop");
    expect(why).toMatchObject({ verdict: "rollout", confidence: "certain" });
    expect(why?.chain.at(-1)).toMatchObject({ by: DORA, what: "image app:1 → app:2" });
  });

  it.each(["scaling", "roll-out"] as const)("is likely %s without bodies, by what came last", (reason) => {
    const story = new Story("Metadata", reason);
    midway(story, reason);
    const why = lineageOf(story.events()).why("pod/web-7c5ddbdf54-vl7bd", "shop");
    expect(why).toMatchObject({ verdict: reason === "scaling" ? "scaled-down" : "rollout", confidence: "likely" });
    expect(why?.chain.at(-1)?.by).toBe(reason === "scaling" ? CAROL : DORA);
  });
});

describe("who scaled", () => {
  it("is not certain when a change of the Deployment is missing", () => {
    const story = new Story("RequestResponse", "one lost");
    const { deployment, replicaSet, pods } = web(story, "shop", 3);
    story.scale(DORA, deployment, 2);
    const lost = story.lines.length;
    story.scale(CAROL, deployment, 3);
    const again = story.lines.length;
    story.scale(CAROL, deployment, 2);
    resize(story, replicaSet, 2, 2);
    story.remove(REPLICASET_CONTROLLER, pods[2] as Stored);
    story.update(DEPLOYMENT_CONTROLLER, deployment, ({ status }) => (status["observedGeneration"] = 4), "status");
    const why = (without: readonly number[]) =>
      lineageOf(story.events().filter((_, at) => !without.includes(at))).why("pod/web-7c5ddbdf54-vl7bd", "shop");
    expect(why([])).toMatchObject({ verdict: "scaled-down", confidence: "certain" });
    expect(why([])?.chain.at(-1)?.by).toBe(CAROL);
    expect(why([lost, again])).toMatchObject({ verdict: "scaled-down", confidence: "likely" });
  });

  it("is told of a scale to nothing, which answers without a number", () => {
    const story = new Story("RequestResponse", "to zero");
    const { deployment, replicaSet, pods } = web(story, "shop", 1);
    story.scale(CAROL, deployment, 0);
    resize(story, replicaSet, 0, 0);
    story.remove(REPLICASET_CONTROLLER, pods[0] as Stored);
    const why = lineageOf(story.events()).why("pod/web-7c5ddbdf54-2mfq4", "shop");
    expect(why).toMatchObject({ verdict: "scaled-down", confidence: "certain" });
    expect(why?.chain.at(-1)).toMatchObject({ by: CAROL, what: "scaled 1 → 0" });
  });

  it.each(["template", "label"])(
    "is not certain of a request whose body shows what one without a body may have done: %s",
    (change) => {
      const story = new Story((user) => (user === CAROL ? "Metadata" : "RequestResponse"), `unread ${change}`);
      const { deployment, replicaSet, pods } = web(story, "shop", 3);
      story.update(CAROL, deployment, ({ spec }) => (spec["replicas"] = 2));
      story.update(DORA, deployment, ({ spec, metadata }) => {
        if (change === "template") spec["template"] = template("app:2");
        else metadata["labels"] = { team: "a" };
      });
      resize(story, replicaSet, 2, 2);
      story.remove(REPLICASET_CONTROLLER, pods[2] as Stored);
      const why = lineageOf(story.events(), { raw: true }).why("pod/web-7c5ddbdf54-vl7bd", "shop");
      expect(why).toMatchObject({ verdict: "scaled-down", confidence: "likely" });
    },
  );

  it("is hinted at by managedFields where the request itself is not in the log, and never more", () => {
    const story = new Story("RequestResponse", "managers");
    const { deployment, replicaSet, pods } = web(story, "shop", 3);
    const lost = story.lines.length;
    story.scale(CAROL, deployment, 2);
    deployment.metadata["managedFields"] = [
      {
        manager: "kubectl-create",
        operation: "Update",
        time: "2026-11-21T08:00:00Z",
        fieldsV1: { "f:spec": { "f:replicas": {} } },
      },
      {
        manager: "helm",
        operation: "Apply",
        time: "2026-11-21T08:00:30Z",
        fieldsV1: { "f:spec": { "f:template": {} } },
      },
      {
        manager: "kubectl",
        operation: "Update",
        subresource: "scale",
        time: story.time(),
        fieldsV1: { "f:spec": { "f:replicas": {} } },
      },
    ];
    resize(story, replicaSet, 2, 2);
    story.remove(REPLICASET_CONTROLLER, pods[2] as Stored);
    story.update(DEPLOYMENT_CONTROLLER, deployment, ({ metadata }) => (metadata["annotations"] = { seen: "2" }));
    const log = story.events().filter((_, at) => at !== lost);
    const why = lineageOf(log, { raw: true }).why("pod/web-7c5ddbdf54-vl7bd", "shop");
    expect(why?.confidence).toBe("likely");
    expect(why?.missing?.join()).toContain(
      "deploy/web -n shop: its managedFields name kubectl (update of scale, 2026-11-21T08:01:00Z)",
    );
  });
});
