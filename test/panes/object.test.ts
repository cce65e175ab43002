import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Engine } from "../../src/engine/contract.ts";
import { createEngine } from "../../src/engine/create-engine.ts";
import type { Pane, PaneView } from "../../src/panes/contract.ts";
import { objectPane } from "../../src/panes/object/index.ts";
import { answered, contextFor, drawn } from "./context.ts";

const engine: Engine = createEngine({ inputs: ["fixtures/demo"], timeZone: "utc" });
beforeAll(() => engine.loaded());
afterAll(() => engine.close());

type Params = Readonly<Record<string, string>>;
const asked = { object: "cm/db-config", namespace: "demo" };
const CONFIG: Params = asked;

async function view(params: Params): Promise<PaneView> {
  const context = contextFor({ width: 120, height: 60, frame: { pane: "object", params } });
  const answers: Record<string, unknown> = {};
  for (const [key, { kind, ...ask }] of Object.entries(objectPane.asks(context)))
    answers[key] = await engine.ask(kind, ask as never);
  return objectPane.view(context, answered(answers));
}

/** What a key of the pane makes of its parameters. */
function pressed(pane: Pane, key: string, shown: PaneView, params: Params): Params {
  const command = pane.commands.find(({ keys }) => keys.includes(key));
  const context = { pane: contextFor({ frame: { pane: "object", params } }), view: shown };
  const actions = command?.run(context as never) ?? [];
  const changed = actions.flatMap((action) => (action.type === "params" ? [action.params] : []));
  return Object.assign({}, params, ...changed) as Params;
}

describe("the object pane", () => {
  it("goes through the changes of an object, and tells what each made of it", async () => {
    const last = await view(CONFIG);
    expect(drawn(last)).toContain("change 3 of 3");
    expect(drawn(last)).toContain("deleted by carol@example.com");
    const before = pressed(objectPane, "[", last, CONFIG);
    const second = await view(before);
    expect(drawn(second)).toContain("data.max_connections 100 → 250 by bob@example.com");
    expect(drawn(second)).toMatch(/"max_connections": "250"/);
    const first = await view(pressed(objectPane, "[", second, before));
    expect(drawn(first)).toMatch(/"max_connections": "100"/);
    expect(first.jumps?.["previous"]).toBeUndefined();
    expect(first.commandLine).toContain("ktrail object cm/db-config");
    const at = /--at (\S+)/.exec(first.commandLine ?? "")?.[1] ?? "";
    expect(Date.parse(at)).toBeGreaterThanOrEqual(Date.parse("2026-11-21T00:10:53.299Z"));
    const again = await engine.ask("object", { ...asked, atUs: Date.parse(at) * 1_000 + Number(at.slice(23, 26)) });
    expect(again?.changes.number).toBe(1);
  });

  it("compares two times, and ends it with the same key", async () => {
    const last = await view(CONFIG);
    const params = pressed(objectPane, "[", last, CONFIG);
    const second = await view(params);
    const kept = pressed(objectPane, "=", second, params);
    expect(kept["since"]).not.toBe("");
    const both = await view(pressed(objectPane, "[", second, kept));
    expect(drawn(both)).toMatch(/Against .*what changed until then/);
    expect(drawn(both)).toMatch(/~ data\.max_connections +100 → 250/);
    expect(drawn(await view({ ...CONFIG, since: kept["since"] ?? "" }))).toMatch(/Against .*what changed since/);
    const [from = "", to = ""] = (/--at (\S+)/.exec(both.commandLine ?? "")?.[1] ?? "").split("..");
    expect([from, to].toSorted()).toEqual([from, to]);
    expect(to).not.toBe("");
    expect(pressed(objectPane, "=", both, kept)["since"]).toBe("");
  });

  it("is of the request it is opened from, after it", async () => {
    const trail = await engine.ask("trail", { object: "cm/db-config", namespace: "demo" });
    const step = trail?.steps.find(({ what }) => what.includes("100 → 250"));
    const at = String(Date.parse(step?.t ?? "") * 1_000);
    expect(drawn(await view({ ...CONFIG, at, seq: String(step?.seq ?? "") }))).toMatch(/"max_connections": "250"/);
    expect(drawn(await view({ ...CONFIG, at }))).toMatch(/"max_connections": "100"/);
  });

  it("masks a Secret until asked, and says when nothing was there or only the name is known", async () => {
    const secret = { object: "secret/db-password", namespace: "demo" };
    const value = /"password": "(.+)"/;
    const masked = value.exec(drawn(await view(secret)))?.[1];
    const shown = value.exec(drawn(await view({ ...secret, unmask: "1" })))?.[1];
    expect(masked).toBeDefined();
    expect(shown).toBeDefined();
    expect(shown).not.toBe(masked);
    expect(drawn(await view({ ...CONFIG, at: "1" }))).toContain("it was not there");
  });
});
