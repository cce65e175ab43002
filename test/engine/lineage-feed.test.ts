import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Engine, EngineOptions } from "../../src/engine/contract.ts";
import { createEngine } from "../../src/engine/create-engine.ts";
import { auditLog } from "../support/audit-event.ts";

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
    for (const { resource, namespace, name } of asked.filter((_row, at) => at % 3 === 0)) {
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

describe("lineage of an object whose namespace is looked for while reading", () => {
  it("tells what lineage over everything tells", { timeout: 60_000 }, async () => {
    const whole = await demo({ lineage: { namespace: null } });
    const { rows } = await whole.ask("objects", { text: "", limit: 10_000 });
    const uids = (await whole.ask("trail", { object: "deploy/nginx" }))?.nodes.map(({ uid }) => uid) ?? [];
    const objects = [
      "deploy/nginx",
      "deploy nginx",
      "demo/deploy/nginx",
      "demo/deploy/nginx#1",
      ...uids.slice(0, 2),
      // Made room for a pod of a higher priority.
      "pod/filler-3",
      // In many namespaces: all but the first were passed over.
      "configmap/kube-root-ca.crt",
      "sa/default",
      // In none.
      "node/worker-1",
      "ns/demo",
      "crd/widgets.example.com",
      "deploy/never-there",
      "nonsense/nginx",
      "nothing",
      ...rows.filter((_row, at) => at % 97 === 0).map(({ resource, name }) => `${resource}/${name}`),
    ];
    const told = { trail: 0, none: 0 };
    for (const object of objects) {
      const searched = await demo({ lineage: { namespace: null, object } });
      const trail = await searched.ask("trail", { object });
      told[trail === null ? "none" : "trail"] += 1;
      expect(trail, object).toEqual(await whole.ask("trail", { object }));
      expect(await searched.ask("why", { object }), object).toEqual(await whole.ask("why", { object }));
      await searched.close();
    }
    expect(told.none).toBeGreaterThanOrEqual(3);
    expect(told.trail).toBeGreaterThan(15);
  });

  it("reads again what it could not hold until the object was named", async () => {
    const folder = mkdtempSync(join(tmpdir(), "ktrail-search-"));
    const path = join(folder, "before.log");
    const data = { filler: "x".repeat(1024 * 1024) };
    const body = { kind: "ConfigMap", apiVersion: "v1", metadata: { name: "big", namespace: "noise" }, data };
    const noise = { resource: "configmaps", namespace: "noise", name: "big", user: "noisy", agent: "noise/1" };
    const facts = Array.from({ length: 70 }, (_, at) => ({ ...noise, at, verb: "update", request: body }));
    // A life that begins while others are held, and goes on after they were given up.
    facts.splice(3, 0, { ...noise, at: 3, verb: "create", namespace: "demo", name: "early", request: body });
    writeFileSync(path, auditLog(facts));
    const inputs = [path, DEMO];
    const whole = await demo({ inputs, lineage: { namespace: null } });
    for (const object of ["deploy/nginx", "pod/filler-3", "cm/early", "cm/big"]) {
      const searched = await demo({ inputs, lineage: { namespace: null, object } });
      const trail = await searched.ask("trail", { object });
      expect(trail?.steps.length, object).toBeGreaterThan(0);
      expect(trail, object).toEqual(await whole.ask("trail", { object }));
      expect(await searched.ask("why", { object }), object).toEqual(await whole.ask("why", { object }));
    }
    rmSync(folder, { recursive: true, force: true });
  });

  it("answers other questions too", async () => {
    const [searched, whole] = await Promise.all([
      demo({ lineage: { namespace: null, object: "deploy/nginx" } }),
      demo(),
    ]);
    for (const question of [
      { object: "sts/db" },
      { object: "deploy/nginx", namespace: "demo" },
      { object: "deploy/nginx" },
      { object: "deploy/nginx", namespace: "ci" },
    ]) {
      expect(await searched.ask("trail", question)).toEqual(await whole.ask("trail", question));
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
