import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Engine, EngineOptions } from "../../src/engine/contract.ts";
import { createEngine } from "../../src/engine/create-engine.ts";

const DEMO = resolve(import.meta.dirname, "../../fixtures/demo");
const open: Engine[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((engine) => engine.close()));
});

async function demo(options: Partial<EngineOptions> = {}): Promise<Engine> {
  const engine = createEngine({ inputs: [DEMO], ...options });
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

describe("lineage taken in while reading", () => {
  const QUESTIONS = [
    { object: "deploy/nginx", namespace: "demo" },
    { object: "sts/db", namespace: "demo" },
    { object: "pod/filler-3", namespace: "ci" },
    { object: "ns/scratch" },
  ];

  it("answers as lineage that reads everything afterwards", async () => {
    const [during, after] = await Promise.all([demo({ lineage: { namespace: null } }), demo()]);
    for (const question of QUESTIONS) {
      expect(await during.ask("trail", question), question.object).toEqual(await after.ask("trail", question));
      expect(await during.ask("why", question), question.object).toEqual(await after.ask("why", question));
    }
  });

  it("knows of objects whose requests are not kept any more", async () => {
    const whole = await demo({ lineage: { namespace: "demo" } });
    const small = await demo({ lineage: { namespace: "demo" }, capacity: 64 });
    const question = { object: "deploy/nginx", namespace: "demo" };
    const [all, kept] = [await whole.ask("trail", question), await small.ask("trail", question)];
    expect(small.status.requestsEvicted).toBeGreaterThan(small.status.requestsKept);
    expect(kept?.nodes).toEqual(all?.nodes);
    expect(kept?.rollouts).toEqual(all?.rollouts);
    expect(kept?.steps.map(({ what }) => what)).toEqual(all?.steps.map(({ what }) => what));
    expect(kept?.steps.filter(({ seq }) => seq === null).length).toBeGreaterThan(100);
    expect((await small.ask("why", question))?.verdict).toBe((await whole.ask("why", question))?.verdict);
  });

  it("goes on with what arrives after the first question", async () => {
    const folder = mkdtempSync(join(tmpdir(), "ktrail-feed-"));
    const path = join(folder, "audit.log");
    const log = readFileSync(join(DEMO, "audit.log"));
    const middle = log.indexOf(10, log.length >> 1) + 40;
    writeFileSync(path, log.subarray(0, middle));
    const engine = createEngine({ inputs: [path], follow: true });
    open.push(engine);
    await engine.loaded();
    await engine.ask("why", { object: "ns/demo" });
    const seen = engine.status.requestsSeen;
    appendFileSync(path, log.subarray(middle));
    const whole = await demo({ inputs: [path], lineage: { namespace: null } });
    await vi.waitFor(() => expect(engine.status.requestsSeen).toBe(whole.status.requestsSeen), { timeout: 5_000 });
    expect(seen).toBeLessThan(whole.status.requestsSeen);
    const { rows } = await whole.ask("objects", { text: "", limit: 10_000 });
    for (const { resource, namespace, name } of rows.slice(0, 60)) {
      const question = { object: `${resource}/${name}`, ...(namespace === "" ? {} : { namespace }) };
      expect(await engine.ask("trail", question), question.object).toEqual(await whole.ask("trail", question));
    }
    rmSync(folder, { recursive: true, force: true });
  });
});
