import { beforeAll, describe, expect, it } from "vitest";
import type { Ask, Engine } from "../../src/engine/contract.ts";
import { lineText } from "../../src/models/line.ts";
import type { Answers, Pane, PaneView } from "../../src/panes/contract.ts";
import { PANES } from "../../src/panes/registry.ts";
import { parseQuery } from "../../src/queries/parse-filter.ts";
import type { Frame } from "../../src/state/app-state.ts";
import { frameOf } from "../../src/state/initial-state.ts";
import { contextFor } from "./context.ts";
import { demoEngine } from "../support/demo-engine.ts";

let engine: Engine;

beforeAll(async () => {
  engine = await demoEngine();
});

async function answer({ kind, ...ask }: Ask): Promise<unknown> {
  return engine.ask(kind, ask as never);
}

async function requestsOf(terms: readonly string[]): Promise<number> {
  const ask = { filter: parseQuery(terms.join(" ")), by: ["verb"] as const, measures: ["requests"] as const };
  return (await engine.ask("groups", ask)).requests;
}

/** The pane with its cursor on each row in turn. */
async function* rowsOf({ pane: id, params }: Frame): AsyncGenerator<PaneView> {
  const pane = PANES.find((each) => each.id === id) as Pane;
  const contextAt = (cursorIndex: number): ReturnType<typeof contextFor> =>
    contextFor({ frame: { pane: id, params, cursorIndex }, width: 400, height: 1_000 });
  const answers: Record<string, NonNullable<Answers[string]>> = {};
  for (const [key, ask] of Object.entries(pane.asks(contextAt(0)))) {
    answers[key] = { value: await answer(ask), stale: false, error: null };
  }
  const { count } = pane.view(contextAt(0), answers).rows;
  for (let at = 0; at < count; at += 1) yield pane.view(contextAt(at), answers);
}

function numbersIn(view: PaneView): readonly number[] {
  const text = lineText(view.lines[view.cursorLine ?? -1] ?? []);
  return numbersOf(text);
}

/** `103 ✖9` is one cell. */
function cellsIn(view: PaneView): readonly number[] {
  const text = lineText(view.lines[view.cursorLine ?? -1] ?? []);
  const cells = text.split(/ {2,}/).map(numbersOf);
  return cells.map((numbers) => numbers.reduce((sum, each) => sum + each, 0));
}

function numbersOf(text: string): readonly number[] {
  return [...text.matchAll(/(?<=^|[\s✖])\d[\d,]*(?=\s|$)/g)].map(([digits]) => Number(digits.replaceAll(",", "")));
}

const USERS = [
  "alice@example.com",
  "bob@example.com",
  "carol@example.com",
  "mallory@example.com",
  "system:node:worker-1",
  "system:kube-controller-manager",
  "system:serviceaccount:load:burst",
] as const;

describe("every number about rights opens the requests behind it:", () => {
  it.each(USERS)("rules for %s", async (user) => {
    let opened = 0;
    for await (const view of rowsOf(frameOf("rights", { user }))) {
      const { enter } = view.selection;
      if (enter === undefined) continue;
      opened += 1;
      expect(numbersIn(view), (enter.chips ?? []).join(" ")).toContain(await requestsOf(enter.chips ?? []));
    }
    expect(opened).toBeGreaterThan(0);
  });

  it.each(USERS)("the matrix of %s, by row and by cell", async (user) => {
    let opened = 0;
    for await (const view of rowsOf(frameOf("matrix", { user }))) {
      const { enter } = view.selection;
      if (enter === undefined) continue;
      opened += 1;
      const sum = numbersIn(view).reduce((total, each) => total + each, 0);
      expect(await requestsOf(enter.chips ?? []), (enter.chips ?? []).join(" ")).toBe(sum);
    }
    expect(opened).toBeGreaterThan(0);
    for await (const view of rowsOf(frameOf("matrix", { user, verb: "1" }))) {
      const { enter } = view.selection;
      if (enter !== undefined) expect(cellsIn(view)).toContain(await requestsOf(enter.chips ?? []));
    }
  });

  it("bindings, and what each of them allowed", async () => {
    let uses = 0;
    for await (const view of rowsOf(frameOf("bindings"))) {
      const { term, enter } = view.selection;
      if (term !== undefined) expect(numbersIn(view)).toContain(await requestsOf([term]));
      if (enter?.frame.pane !== "binding" || uses > 200) continue;
      for await (const use of rowsOf(enter.frame)) {
        uses += 1;
        expect(numbersIn(use)).toContain(await requestsOf(use.selection.enter?.chips ?? []));
      }
    }
    expect(uses).toBeGreaterThan(100);
  });
});

describe("rights on the screen", () => {
  it("ask whose, where nobody is chosen", async () => {
    for await (const { selection } of rowsOf(frameOf("rights"))) {
      expect(selection.enter).toEqual({ frame: frameOf("rights", { user: selection.user ?? "" }), alone: true });
      break;
    }
  });

  it("are the YAML that the command prints", async () => {
    const frame = frameOf("rights", { user: "bob@example.com", show: "yaml" });
    for await (const { document, lines } of rowsOf(frame)) {
      const shown = lines.map((each) => lineText(each)).join("\n");
      expect(document?.text).toMatch(/^kind: ClusterRole$/m);
      expect(shown).toContain(document?.text.split("\n").find((text) => text.startsWith("kind: ")));
      break;
    }
  });
});
