import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { LocalEngine } from "../../src/engine/local-engine.ts";
import { DEMO } from "../lineage/read-log.ts";
import { DEPLOYMENT, type Kind, Story } from "../lineage/stories/story.ts";

function engineFor(object?: string, namespace: string | null = null, input = DEMO): LocalEngine {
  return new LocalEngine({
    inputs: [input],
    follow: false,
    capacity: Number.POSITIVE_INFINITY,
    dictionaryBytes: Number.POSITIVE_INFINITY,
    rawBytes: 0,
    tailMs: 0,
    format: "auto",
    timeZone: "utc",
    lineage: { namespace, ...(object === undefined ? {} : { object }) },
  });
}

async function answers(engine: LocalEngine, object: string): Promise<unknown> {
  await engine.loaded();
  return [await engine.ask("why", { object }), await engine.ask("trail", { object })];
}

const everything = engineFor();
afterAll(() => everything.close());

describe("an object looked for while reading", () => {
  it.each([
    "deploy/nginx",
    "po/nginx-857899445-7x5j6",
    "endpointslices/web-z77xl",
    "svc/web",
    "ns/demo",
    "ns/scratch",
    "node/worker-1",
    "clusterrolebinding/oops",
    "priorityclass/urgent",
    "crd/widgets.example.com",
    "cm/kube-root-ca.crt",
    "deploy/never-there",
    "node/never-there",
  ])("is told of as with everything taken in: %s", async (object) => {
    const engine = engineFor(object);
    try {
      expect(await answers(engine, object)).toEqual(await answers(everything, object));
    } finally {
      await engine.close();
    }
  });
});

describe("an object of a namespace that is told", () => {
  it.each([
    ["po/filler-3", "ci"],
    ["deploy/nginx", "demo"],
  ])("is told of as with everything taken in, whoever the scheduler removed it for: %s", async (object, namespace) => {
    const engine = engineFor(object, namespace);
    try {
      await engine.loaded();
      await everything.loaded();
      const why = await engine.ask("why", { object, namespace });
      expect(why).toEqual(await everything.ask("why", { object, namespace }));
      expect(await engine.ask("trail", { object, namespace })).toEqual(
        await everything.ask("trail", { object, namespace }),
      );
      if (object === "po/filler-3") expect(why?.chain.map(({ by }) => by).at(-1)).not.toBe("system:kube-scheduler");
    } finally {
      await engine.close();
    }
  });
});

describe("what a tool in another namespace deploys", () => {
  const folder = mkdtempSync(join(tmpdir(), "ktrail-deployed-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  const log = join(folder, "audit.log");
  const tool = "system:serviceaccount:argocd:argocd-application-controller";
  const story = new Story("RequestResponse", "elsewhere");
  const application: Kind = ["applications.argoproj.io", "Application", "argoproj.io/v1alpha1"];
  const web = story.create("mia@example.com", application, "argocd", "web", { spec: { revision: "v1" } });
  const annotations = { "argocd.argoproj.io/tracking-id": "web:apps/Deployment:shop/web" };
  const deployed = story.create(tool, DEPLOYMENT, "shop", "web", { spec: { replicas: 1 }, annotations });
  story.patch("eve@example.com", web, { spec: { revision: "v2" } });
  story.remove(tool, deployed);
  writeFileSync(log, `${story.lines.join("\n")}\n`);

  it.each([["shop"], [null]])("goes back to whoever changed it, asked in namespace %s", async (namespace) => {
    const engine = engineFor("deploy/web", namespace, log);
    try {
      await engine.loaded();
      const why = await engine.ask("why", { object: "deploy/web", ...(namespace === null ? {} : { namespace }) });
      expect(why?.chain.map(({ by }) => by)).toEqual([tool, "eve@example.com"]);
    } finally {
      await engine.close();
    }
  });
});
