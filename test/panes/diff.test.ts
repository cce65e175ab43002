import { beforeAll, describe, expect, it } from "vitest";
import type { Engine, ObjectState } from "../../src/engine/contract.ts";
import { diffPane } from "../../src/panes/diff/index.ts";
import { NOT_FOUND, valueAt } from "../../src/panes/diff/masked-value.ts";
import { answered, contextFor, drawn } from "./context.ts";
import { demoEngine } from "../support/demo-engine.ts";

function state(change: Partial<ObjectState>): ObjectState {
  return {
    seq: 7,
    auditID: "a",
    verb: "patch",
    resource: "secrets",
    subresource: "",
    namespace: "demo",
    name: "db",
    user: "alice@example.com",
    actorClass: "human",
    code: 200,
    receivedUs: 1_795_219_770_000_000,
    before: null,
    after: null,
    outcome: "changed",
    changes: [],
    guessed: false,
    verified: null,
    patch: null,
    missing: [],
    ...change,
  };
}

function shown(given: ObjectState, params: Readonly<Record<string, string>> = {}): string {
  const context = contextFor({ width: 100, height: 30, frame: { pane: "diff", params: { seq: "7", ...params } } });
  return drawn(diffPane.view(context, answered({ state: given })));
}

const SECRET = state({
  before: { kind: "Secret", metadata: { name: "db", resourceVersion: "1" }, data: { password: "b2xk" } },
  after: { kind: "Secret", metadata: { name: "db", resourceVersion: "2" }, data: { password: "bmV3" } },
  changes: [
    { path: "metadata.resourceVersion", kind: "changed", before: "1", after: "2" },
    { path: "data.password", kind: "changed", before: "b2xk", after: "bmV3" },
  ],
});

describe("what a request changed", () => {
  it("masks secrets, says that they differ, and shows them when asked", () => {
    expect(shown(SECRET)).toContain("data.password  [masked] → [masked]  (both masked, they differ)");
    expect(shown(SECRET)).not.toMatch(/b2xk|bmV3/);
    expect(shown(SECRET, { unmask: "1" })).toContain("data.password  b2xk → bmV3");
  });

  it("hides bookkeeping unless asked, and says how much", () => {
    expect(shown(SECRET)).not.toContain("metadata.resourceVersion");
    expect(shown(SECRET)).toContain("1 of them is bookkeeping");
    expect(shown(SECRET, { all: "1" })).toContain("metadata.resourceVersion  1 → 2");
  });

  it("shows nothing of a value it cannot find in the masked copy", () => {
    const lost = state({
      ...SECRET,
      changes: [{ path: "data.gone", kind: "added", before: undefined, after: "eHk=" }],
    });
    expect(shown(lost)).toContain("+ data.gone  [masked]");
    expect(shown(lost)).not.toContain("eHk=");
  });

  it("names no-op writes, refusals, reads and what is not in the log", () => {
    expect(shown(state({ outcome: "unchanged" }))).toContain("A write that changed nothing");
    expect(shown(state({ outcome: "unchanged", code: 409 }))).toContain("answered 409 and changed nothing");
    expect(shown(state({ outcome: "read", verb: "get" }))).toContain("A get reads");
    const missing = ["the state before it is not in the log: nothing to compare with"];
    expect(shown(state({ outcome: "unknown", missing }))).toContain(missing[0] ?? "");
    expect(shown(state({ guessed: true, patch: "strategic", verified: false }))).toContain("does NOT agree");
  });
});

describe("values by path", () => {
  const object = {
    a: {
      "b.c/d": [
        { name: "x", v: 1 },
        { name: "y", v: 2 },
      ],
      list: ["p", "q"],
    },
  };
  it("follows keys, quoted keys, positions and merge keys", () => {
    expect(valueAt(object, 'a."b.c/d"[name=y].v')).toBe(2);
    expect(valueAt(object, "a.list[1]")).toBe("q");
    expect(valueAt(object, "a.none")).toBe(NOT_FOUND);
    expect(valueAt(JSON.parse('{"__proto__":{"x":1}}'), "__proto__.x")).toBe(1);
    expect(valueAt({}, "constructor.name")).toBe(NOT_FOUND);
  });
});

describe("states of the demo log", () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await demoEngine();
  });

  it("tell for every write of the nginx Deployment's trail what it changed", async () => {
    const trail = await engine.ask("trail", { object: "deploy/nginx", namespace: "demo" });
    const steps = (trail?.steps ?? []).filter((step) => step.seq !== null && step.sort === "request");
    const unknown: string[] = [];
    for (const step of steps.slice(0, 150)) {
      const found = await engine.ask("state", { seq: step.seq ?? -1 });
      if (found?.outcome === "unknown") unknown.push(step.what);
    }
    expect(steps.length).toBeGreaterThan(150);
    expect(unknown).toEqual([]);
  });

  it("show a new image, and a scale worked out from the Scale object", async () => {
    const trail = await engine.ask("trail", { object: "deploy/nginx", namespace: "demo" });
    const find = async (what: string): Promise<ObjectState | null> =>
      engine.ask("state", { seq: trail?.steps.find((step) => step.what === what)?.seq ?? -1 });
    const image = await find("image nginx:1.25 → nginx:1.26");
    expect(image?.changes).toContainEqual({
      path: "spec.template.spec.containers[name=nginx].image",
      kind: "changed",
      before: "nginx:1.25",
      after: "nginx:1.26",
    });
    const scale = await find("scaled 2 → 4");
    expect(scale).toMatchObject({ guessed: true, verified: true, outcome: "changed" });
    expect(await engine.ask("state", { seq: 1e9 })).toBeNull();
  });
});
