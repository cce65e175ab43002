import { readdirSync } from "node:fs";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { filterLanguage } from "../../src/commands/filter-language.ts";
import type { Engine } from "../../src/engine/contract.ts";
import { createEngine } from "../../src/engine/create-engine.ts";
import { PANES } from "../../src/panes/registry.ts";
import { expectGolden, type OpenExplorer, openExplorer } from "../support/explorer.ts";
import { type WrittenLogs, writeGenerated } from "../support/generated-logs.ts";
import { stepsOf, TALK_ROWS, type TalkRow } from "./talk-rows.ts";
import { DEMO, demoEngine } from "../support/demo-engine.ts";

const SIZES = [
  [80, 24],
  [120, 40],
] as const;

const engines = new Map<string, Engine>();
const written: WrittenLogs[] = [];
let explorer: OpenExplorer | null = null;

async function engineOf({ logs, golden }: TalkRow): Promise<Engine> {
  const known = engines.get(String(logs));
  if (known !== undefined) return known;
  if (logs === DEMO) return demoEngine();
  const files = writeGenerated(`talk-${golden}`, logs);
  written.push(files);
  const engine = createEngine({ inputs: files.paths });
  engines.set(String(logs), engine);
  await engine.loaded();
  return engine;
}

afterEach(async () => {
  await explorer?.close();
  explorer = null;
});
afterAll(async () => {
  for (const engine of engines.values()) await engine.close();
  for (const files of written) files.remove();
});

describe("the founding talk's questions", () => {
  for (const row of TALK_ROWS) {
    for (const [columns, rows] of SIZES) {
      test(`${row.number} ${row.golden} at ${columns}×${rows}`, async () => {
        const engine = await engineOf(row);
        explorer = await openExplorer({ engine, panes: PANES, language: filterLanguage, columns, rows });
        await explorer.press(...row.keys);
        expectGolden(explorer, `talk-${row.golden}`);
        if (columns >= 120) for (const text of row.shows) expect(explorer.text()).toMatch(text);
      });
    }
  }

  test("take at most three steps from the first screen or from the question before", () => {
    for (const row of TALK_ROWS) {
      const before = TALK_ROWS.filter((other) => other !== row && String(other.logs) === String(row.logs))
        .map(({ keys }) => keys)
        .filter((keys) => keys.length < row.keys.length && keys.every((key, at) => row.keys[at] === key));
      const known = Math.max(0, ...before.map(stepsOf));
      expect(stepsOf(row.keys) - known, row.question).toBeLessThanOrEqual(3);
    }
  });

  test("have no golden screen that no row needs", () => {
    const wanted = TALK_ROWS.flatMap(({ golden }) => SIZES.map(([w, h]) => `talk-${golden}.${w}x${h}.txt`));
    const there = readdirSync("test/screens").filter((name) => name.startsWith("talk-"));
    expect(there.toSorted()).toEqual(wanted.toSorted());
  });
});
