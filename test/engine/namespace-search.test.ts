import { afterAll, describe, expect, it } from "vitest";
import { LocalEngine } from "../../src/engine/local-engine.ts";
import { DEMO } from "../lineage/read-log.ts";

function engineFor(object?: string, namespace: string | null = null): LocalEngine {
  return new LocalEngine({
    inputs: [DEMO],
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
