import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { filterLanguage } from "../../src/commands/filter-language.ts";
import type { Engine } from "../../src/engine/contract.ts";
import { createEngine } from "../../src/engine/create-engine.ts";
import { PANES } from "../../src/panes/registry.ts";
import { openExplorer } from "../support/explorer.ts";
import { DEMO, demoEngine } from "../support/demo-engine.ts";
import { made } from "./question-logs.ts";
import { MOST_PRESSES, pressesOf, type Question, QUESTIONS } from "./question-rows.ts";

const engines = new Map<string, Promise<Engine>>();
const folder = mkdtempSync(join(tmpdir(), "ktrail-questions-"));

function engineOf({ log }: Question): Promise<Engine> {
  const known = engines.get(log ?? DEMO);
  if (known !== undefined) return known;
  const opened = opening(log);
  engines.set(log ?? DEMO, opened);
  return opened;
}

async function opening(log: Question["log"]): Promise<Engine> {
  if (log === undefined) return demoEngine();
  const engine = createEngine({ inputs: made(folder, log) });
  await engine.loaded();
  return engine;
}

afterAll(async () => {
  for (const engine of engines.values()) await (await engine).close();
  rmSync(folder, { recursive: true });
});

describe.each(QUESTIONS.map((row) => [row.question, row] as const))("%s", (_, row) => {
  test.each([
    [80, 24],
    [120, 40],
  ])("at %d×%d", async (columns, rows) => {
    const engine = await engineOf(row);
    const explorer = await openExplorer({ engine, panes: PANES, language: filterLanguage, columns, rows });
    try {
      await explorer.press(...row.keys);
      for (const text of row.shows) expect(explorer.text()).toMatch(text);
    } finally {
      await explorer.close();
    }
  });

  test("takes few keys", () => {
    expect(pressesOf(row)).toBeLessThanOrEqual(MOST_PRESSES);
  });
});

test("all that an incident asks are here", () => {
  expect(new Set(QUESTIONS.map(({ question }) => question)).size).toBe(22);
});
