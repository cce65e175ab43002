import { beforeAll, describe, expect, test } from "vitest";
import { filterLanguage } from "../../src/commands/filter-language.ts";
import type { Engine } from "../../src/engine/contract.ts";
import { PANES } from "../../src/panes/registry.ts";
import { openExplorer } from "../support/explorer.ts";
import { answering } from "../support/headless.ts";
import { RECIPES } from "./cookbook-rows.ts";
import { DEMO, demoEngine } from "../support/demo-engine.ts";

let engine: Engine;
const answered = answering();

beforeAll(async () => {
  engine = await demoEngine();
});

describe.each(RECIPES)("$incident", ({ keys, shows, command, prints }) => {
  test("on the screen", async () => {
    const explorer = await openExplorer({ engine, panes: PANES, language: filterLanguage });
    try {
      await explorer.press(...keys);
      expect(explorer.text()).toMatch(shows);
    } finally {
      await explorer.close();
    }
  });

  test("without it", async () => {
    const { code, stdout, stderr } = await answered([...wordsOf(command), "--tz", "utc"]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(prints);
  });
});

test("there are enough of them, each another", () => {
  expect(new Set(RECIPES.map(({ incident }) => incident)).size).toBeGreaterThanOrEqual(25);
});

/** As a shell splits it; only single quotes are used. */
function wordsOf(command: string): readonly string[] {
  return (command.match(/'[^']*'|\S+/g) ?? []).map((word) =>
    word === "FILE" ? DEMO : word.startsWith("'") ? word.slice(1, -1) : word,
  );
}
