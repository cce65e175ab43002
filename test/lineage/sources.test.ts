import { describe, expect, it } from "vitest";
import type { TrailSource } from "../../src/lineage/contract.ts";
import type { JsonValue } from "../../src/lineage/json.ts";
import { lineageOf } from "./read-log.ts";
import {
  DEPLOYMENT,
  DEPLOYMENT_CONTROLLER,
  type Kind,
  REPLICASET,
  Story,
  type StoryLevel,
  template,
} from "./stories/story.ts";
import { DORA } from "./stories/web.ts";

const SECRET: Kind = ["secrets", "Secret", "v1"];
const PIPELINE = "helm@pipelines.example.com";

function sourceOf(story: Story, object: string): TrailSource | null | undefined {
  return lineageOf(story.events(), { raw: true }).trail(object, "shop")?.source;
}

/** Three revisions of a release, each written before the Deployment is. */
function helmStory(level: StoryLevel): Story {
  const story = new Story(level, "helm");
  const annotations = { "meta.helm.sh/release-name": "web", "meta.helm.sh/release-namespace": "shop" };
  story.create(PIPELINE, SECRET, "shop", "sh.helm.release.v1.web.v1");
  const web = story.create(PIPELINE, DEPLOYMENT, "shop", "web", {
    spec: { replicas: 1, template: template("app:1") },
    annotations,
  });
  story.create(DEPLOYMENT_CONTROLLER, REPLICASET, "shop", "web-6b7c8d9f5", {
    spec: { replicas: 1, template: template("app:1") },
    owner: web,
  });
  story.wait(3_600);
  story.create(PIPELINE, SECRET, "shop", "sh.helm.release.v1.other.v9");
  story.wait(3_600);
  story.create(PIPELINE, SECRET, "shop", "sh.helm.release.v1.web.v2");
  story.patch(PIPELINE, web, { spec: { replicas: 3 } });
  story.wait(10);
  story.remove(PIPELINE, web);
  story.wait(3_600);
  story.create(PIPELINE, SECRET, "shop", "sh.helm.release.v1.web.v3");
  return story;
}

describe("what an object is deployed by", () => {
  it("is a Helm release and the revision it had last, by its marks, of what it owns too", () => {
    const story = helmStory("RequestResponse");
    const release = { name: "Helm release shop/web", revision: 2, confidence: "certain" };
    expect(sourceOf(story, "deploy/web")).toEqual({ ...release, by: null });
    expect(sourceOf(story, "rs/web-6b7c8d9f5")).toEqual({ ...release, by: "deploy/web -n shop" });
    const why = lineageOf(story.events(), { raw: true }).why("deploy/web", "shop");
    expect(why?.chain.at(-1)?.because).toContain("by Helm, for Helm release shop/web, revision 2");
  });

  it("is likely the release the same user wrote just before, where marks are not in the log", () => {
    const story = helmStory("Metadata");
    expect(sourceOf(story, "deploy/web")).toEqual({
      name: "Helm release web",
      revision: 2,
      by: null,
      confidence: "likely",
    });
    const why = lineageOf(story.events(), { raw: true }).why("deploy/web", "shop");
    expect(why?.chain.at(-1)?.because).toContain("likely for Helm release web, revision 2");
  });

  it.each<[string, Record<string, JsonValue>, string]>([
    ["annotations", { "argocd.argoproj.io/tracking-id": "web:apps/Deployment:shop/web" }, "Argo CD Application web"],
    ["labels", { "argocd.argoproj.io/instance": "web" }, "Argo CD Application web"],
    [
      "labels",
      { "kustomize.toolkit.fluxcd.io/name": "apps", "kustomize.toolkit.fluxcd.io/namespace": "flux-system" },
      "Flux Kustomization flux-system/apps",
    ],
    [
      "labels",
      { "helm.toolkit.fluxcd.io/name": "web", "helm.toolkit.fluxcd.io/namespace": "shop" },
      "Flux HelmRelease shop/web",
    ],
  ])("is what GitOps tools mark it with, in %s %o", (where, marks, name) => {
    const story = new Story("RequestResponse", "gitops");
    const web = story.create(DORA, DEPLOYMENT, "shop", "web", { spec: { replicas: 1 } });
    story.update(DORA, web, ({ metadata }) => (metadata[where] = marks));
    expect(sourceOf(story, "deploy/web")).toEqual({ name, revision: null, by: null, confidence: "certain" });
  });

  it("is nothing for what people deploy themselves", () => {
    const story = new Story("RequestResponse", "people");
    story.create(PIPELINE, SECRET, "shop", "sh.helm.release.v1.web.v1");
    story.create(DORA, DEPLOYMENT, "shop", "web", { spec: { replicas: 1 } });
    expect(sourceOf(story, "deploy/web")).toBeNull();
  });
});
