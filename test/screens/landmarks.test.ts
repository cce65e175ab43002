import { expect, test } from "vitest";
import { filterLanguage } from "../../src/commands/filter-language.ts";
import { PANES } from "../../src/panes/registry.ts";
import { openExplorer } from "../support/explorer.ts";
import { demoEngine } from "../support/demo-engine.ts";

test("} and { walk over the bursts and gaps of the bundled log, there and back", async () => {
  const engine = await demoEngine();
  const explorer = await openExplorer({ engine, panes: PANES, language: filterLanguage, columns: 120, rows: 40 });
  const footer = (): string => explorer.screen().at(-1)?.trim() ?? "";
  await explorer.press("6", "g");
  const forth: string[] = [];
  for (let i = 0; i < 40 && !footer().startsWith("no later"); i += 1) {
    await explorer.press("}");
    forth.push(footer());
  }
  expect(forth.at(-1)).toBe("no later gap, restart or burst");
  expect(forth.filter((text) => text.startsWith("burst: ")).length).toBeGreaterThan(1);
  expect(forth).toContainEqual(expect.stringMatching(/^burst: [\d,]+ requests in .*, [\d.]+× the usual, \d+% nodes$/));
  expect(forth).toContain("restart: 17.6 s of silence, 23 cut off, before this request");
  const back: string[] = [];
  for (let i = 0; i < 40 && !footer().startsWith("no earlier"); i += 1) {
    await explorer.press("{");
    back.push(footer());
  }
  const bursts = (texts: readonly string[]): string[] => texts.filter((text) => text.startsWith("burst: "));
  expect(new Set(bursts(back))).toEqual(new Set(bursts(forth).slice(0, -1)));
  await explorer.close();
});
