import { describe, expect, it } from "vitest";
import type { WhyResult } from "../../../src/lineage/contract.ts";
import { lineageOf } from "../read-log.ts";
import { DEPLOYMENT, type Kind, Story, type StoryLevel, type Stored, template } from "../stories/story.ts";
import { DORA } from "../stories/web.ts";

const ARGO = "system:serviceaccount:argocd:argocd-application-controller";
const SERVER = "system:serviceaccount:argocd:argocd-server";
const KUSTOMIZE = "system:serviceaccount:flux-system:kustomize-controller";
const HELM = "system:serviceaccount:flux-system:helm-controller";
const FLAGGER = "system:serviceaccount:flagger:flagger";
const EVE = "eve@example.com";
const APPLICATION: Kind = ["applications.argoproj.io", "Application", "argoproj.io/v1alpha1"];
const KUSTOMIZATION: Kind = [
  "kustomizations.kustomize.toolkit.fluxcd.io",
  "Kustomization",
  "kustomize.toolkit.fluxcd.io/v1",
];
const RELEASE: Kind = ["helmreleases.helm.toolkit.fluxcd.io", "HelmRelease", "helm.toolkit.fluxcd.io/v2"];
const CANARY: Kind = ["canaries.flagger.app", "Canary", "flagger.app/v1beta1"];
const TRACKED = { "argocd.argoproj.io/tracking-id": "web:apps/Deployment:shop/web" };

interface Told {
  readonly chain: readonly (readonly [object: string, by: string])[];
  readonly confidence: string;
  readonly missing: string;
  readonly because: string;
}

function told(story: Story, object = "deploy/web"): Told {
  const [parsed, raw] = [false, true].map((isRaw) => lineageOf(story.events(), { raw: isRaw }).why(object, "shop"));
  expect(raw).toEqual(parsed);
  const { chain, confidence, missing = [] } = raw as WhyResult;
  return {
    chain: chain.map(({ object: of, by }) => [of, by] as const),
    confidence,
    missing: missing.join("; "),
    because: chain.map(({ because }) => because).join("; "),
  };
}

/** An Application that was made long ago, and what it deployed; `act` leads to the Deployment's removal. */
function argo(level: StoryLevel, act: (story: Story, application: Stored) => void): Told {
  const story = new Story(level, "argo");
  const spec = { source: { targetRevision: "v1" } };
  const application = story.create("mia@example.com", APPLICATION, "argocd", "web", { spec });
  const web = story.create(ARGO, DEPLOYMENT, "shop", "web", {
    spec: { replicas: 1, template: template("app:1") },
    annotations: TRACKED,
  });
  story.patch(ARGO, application, { status: { health: "Healthy" } });
  story.wait(86_400);
  act(story, application);
  story.wait(2);
  story.remove(ARGO, web);
  return told(story);
}

const APP = "applications.argoproj.io/web -n argocd";

describe.each<StoryLevel>(["RequestResponse", "Request"])("what Argo CD deploys, at level %s", (level) => {
  it("goes back to who changed the Application, though the tool wrote to it since", () => {
    const answer = argo(level, (story, application) => {
      story.patch(EVE, application, { spec: { source: { targetRevision: "v2" } } });
      story.patch(ARGO, application, { status: { health: "Progressing" } });
    });
    expect(answer).toMatchObject({
      chain: [
        ["deploy/web -n shop", ARGO],
        [APP, EVE],
      ],
      confidence: "likely",
    });
  });

  it("goes back to who asked for a sync, and says for whom the server did", () => {
    const operation = { initiatedBy: { username: "eve" }, sync: { revision: "abc" } };
    const answer = argo(level, (story, application) => story.patch(SERVER, application, { operation }));
    expect(answer.chain.at(-1)).toEqual([APP, SERVER]);
    expect(answer.because).toContain("a sync was asked for, for Argo CD's user eve");
  });

  it("goes back to who asked it to look again, where nothing else was changed", () => {
    const look = { metadata: { annotations: { "argocd.argoproj.io/refresh": "hard" } } };
    const answer = argo(level, (story, application) => story.patch(EVE, application, look));
    expect(answer.chain.at(-1)).toEqual([APP, EVE]);
    expect(answer.because).toContain("it was asked to look again");
  });

  it("names nobody for a sync the tool began by itself, and for changes of long ago", () => {
    const done = { operation: { initiatedBy: { automated: true }, sync: { revision: "abc123" } } };
    for (const act of [
      (): void => {},
      (story: Story, application: Stored): void => {
        story.patch(SERVER, application, { operation: { initiatedBy: { username: "eve" } } });
        story.patch(ARGO, application, { operation: done.operation, status: { operationState: done } });
      },
      (story: Story, application: Stored): void => {
        story.patch(EVE, application, { metadata: { labels: { team: "a" } } });
      },
    ]) {
      const answer = argo(level, act);
      expect(answer.chain).toEqual([["deploy/web -n shop", ARGO]]);
      expect(answer.confidence).toBe("likely");
      expect(answer.missing).toContain(`nobody changed ${APP} in the 15 minutes before in this log`);
    }
  });
});

describe("what deploys", () => {
  it("is told without bodies by who wrote to it last, where a mark tells what for", () => {
    const bodies: StoryLevel = "RequestResponse";
    const story = new Story((user) => (user === ARGO ? bodies : "Metadata"), "poor");
    const application = story.create("mia@example.com", APPLICATION, "argocd", "web", {});
    const web = story.create(ARGO, DEPLOYMENT, "shop", "web", { spec: { replicas: 1 }, annotations: TRACKED });
    story.wait(86_400);
    story.patch(EVE, application, { spec: { a: 1 } });
    story.remove(ARGO, web);
    expect(told(story)).toMatchObject({
      chain: [
        ["deploy/web -n shop", ARGO],
        [APP, EVE],
      ],
      confidence: "likely",
    });
  });

  it("is followed over Flux's HelmRelease to the Kustomization that wrote it", () => {
    const story = new Story("RequestResponse", "flux");
    const labelled = (stored: Stored, tool: string, namespace: string, name: string): void => {
      stored.metadata["labels"] = {
        [`${tool}.toolkit.fluxcd.io/name`]: name,
        [`${tool}.toolkit.fluxcd.io/namespace`]: namespace,
      };
    };
    const apps = story.create(DORA, KUSTOMIZATION, "flux-system", "apps", { spec: { path: "a" } });
    const release = story.create(KUSTOMIZE, RELEASE, "shop", "web", { spec: { version: "1" } });
    story.update(KUSTOMIZE, release, (stored) => labelled(stored, "kustomize", "flux-system", "apps"));
    const web = story.create(HELM, DEPLOYMENT, "shop", "web", { spec: { replicas: 1 } });
    story.update(HELM, web, (stored) => labelled(stored, "helm", "shop", "web"));
    story.wait(86_400);
    story.patch(EVE, apps, { metadata: { annotations: { "reconcile.fluxcd.io/requestedAt": "now" } } });
    story.patch(KUSTOMIZE, release, { spec: { version: "2" } });
    story.remove(HELM, web);
    expect(told(story).chain).toEqual([
      ["deploy/web -n shop", HELM],
      ["helmreleases.helm.toolkit.fluxcd.io/web -n shop", KUSTOMIZE],
      ["kustomizations.kustomize.toolkit.fluxcd.io/apps -n flux-system", EVE],
    ]);
  });

  it("is not followed for what people do to what is marked", () => {
    const story = new Story("RequestResponse", "people");
    story.create("mia@example.com", APPLICATION, "argocd", "web", {});
    const web = story.create(ARGO, DEPLOYMENT, "shop", "web", { spec: { replicas: 1 }, annotations: TRACKED });
    story.remove(EVE, web);
    expect(told(story)).toMatchObject({ chain: [["deploy/web -n shop", EVE]], confidence: "certain" });
  });

  it("is not told where two Applications have the name", () => {
    const story = new Story("RequestResponse", "two");
    const [one, two] = ["a", "b"].map((space) => story.create(DORA, APPLICATION, space, "web", { spec: { a: 1 } }));
    const web = story.create("system:serviceaccount:gitops:argocd", DEPLOYMENT, "shop", "web", {
      annotations: TRACKED,
    });
    for (const stored of [one, two]) if (stored !== undefined) story.patch(EVE, stored, { spec: { a: 2 } });
    story.remove("system:serviceaccount:gitops:argocd", web);
    expect(told(story).chain).toHaveLength(1);
  });

  it("is, of Flagger, whoever changed the Deployment that its Canary follows", () => {
    const story = new Story("RequestResponse", "flagger");
    const web = story.create(DORA, DEPLOYMENT, "shop", "web", { spec: { replicas: 1, template: template("app:1") } });
    const canary = story.create("mia@example.com", CANARY, "shop", "web", { spec: { weight: 10 } });
    const primary = story.create(FLAGGER, DEPLOYMENT, "shop", "web-primary", { spec: { replicas: 1 } });
    story.patch(FLAGGER, canary, { status: { phase: "Initialized" } }, "status");
    story.wait(60);
    story.update(EVE, web, ({ spec }) => (spec["template"] = template("app:2")));
    story.remove(FLAGGER, primary);
    const answer = told(story, "deploy/web-primary");
    expect(answer.chain.at(-1)).toEqual(["deploy/web -n shop", EVE]);
    expect(answer.because).toContain("canaries.flagger.app/web -n shop, which follows deploy/web -n shop");
  });
});
