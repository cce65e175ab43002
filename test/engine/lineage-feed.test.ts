import { resolve } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import type { Engine } from "../../src/engine/contract.ts";
import { createEngine } from "../../src/engine/create-engine.ts";

const DEMO = resolve(import.meta.dirname, "../../fixtures/demo");
const open: Engine[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((engine) => engine.close()));
});

async function demo(): Promise<Engine> {
  const engine = createEngine({ inputs: [DEMO] });
  open.push(engine);
  await engine.loaded();
  return engine;
}

describe("lineage of one namespace", () => {
  it("tells of its objects what lineage over everything tells", async () => {
    const [scoped, whole] = await Promise.all([demo(), demo()]);
    // A question without a namespace makes the second engine read everything.
    await whole.ask("trail", { object: "deploy/nginx" });
    const { rows } = await scoped.ask("objects", { text: "", limit: 10_000 });
    const asked = rows.filter(
      ({ resource, namespace }) =>
        namespace !== "" &&
        /^(pods|deployments|replicasets|statefulsets|daemonsets|jobs|cronjobs|configmaps)/.test(resource),
    );
    expect(asked.length).toBeGreaterThan(80);
    for (const { resource, namespace, name } of asked) {
      const question = { object: `${resource}/${name}`, namespace };
      expect(await scoped.ask("why", question), question.object).toEqual(await whole.ask("why", question));
      const [own, all] = [await scoped.ask("trail", question), await whole.ask("trail", question)];
      expect(own?.nodes, question.object).toEqual(all?.nodes);
      expect(own?.steps, question.object).toEqual(all?.steps);
    }
  });

  it("answers for one namespace after another, and again", async () => {
    const engine = await demo();
    for (const [object, namespace] of [
      ["deploy/nginx", "demo"],
      ["pod/filler-3", "ci"],
      ["deploy/web", "scratch"],
      ["deploy/demo", "payments"],
      ["deploy/nginx", "demo"],
    ] as const) {
      const result = await engine.ask("trail", { object, namespace });
      if (namespace !== "payments") expect(result?.nodes.length, object).toBeGreaterThan(0);
    }
  });
});
