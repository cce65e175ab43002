import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { filterLanguage } from "../../src/commands/filter-language.ts";
import type { Engine } from "../../src/engine/contract.ts";
import { PANES } from "../../src/panes/registry.ts";
import { expectGolden, openExplorer, type OpenExplorer } from "../support/explorer.ts";
import { demoEngine } from "../support/demo-engine.ts";

let engine: Engine;
const directory = mkdtempSync(join(tmpdir(), "ktrail-marks-"));

beforeAll(async () => {
  engine = await demoEngine();
});
afterAll(async () => {
  rmSync(directory, { recursive: true });
});

const open = (columns: number, rows: number): Promise<OpenExplorer> =>
  openExplorer({ engine, panes: PANES, language: filterLanguage, columns, rows });
const footer = (explorer: OpenExplorer): string => explorer.screen().at(-1)?.trim() ?? "";

test.each([
  [80, 24],
  [120, 40],
])("requests are marked from lists, trails and causes, noted and listed, at %d×%d", async (columns, rows) => {
  const explorer = await open(columns, rows);
  await explorer.press(":codes 403\r", "enter", "m", "j", "a", "traefik again\r");
  expectGolden(explorer, "marks-in-the-list");
  await explorer.press(":why pod/nginx-7cd5cff77d-q4wl6 -n demo\r", "m");
  expect(footer(explorer)).toBe("marked (3); :marks lists them");
  await explorer.press(":trail deploy/nginx -n demo\r", "j", "j", "j", "a", "the roll-out that broke it\r", "d");
  expect(explorer.text()).toMatch(/mark +the roll-out that broke it/);
  await explorer.press(":marks\r");
  expectGolden(explorer, "marks");
  const path = join(directory, `${columns}.md`);
  await explorer.press(`:write ${path}\r`);
  await expect.poll(() => footer(explorer), { timeout: 20_000 }).toMatch(/^wrote /);
  expect(readFileSync(path, "utf8")).toMatch(/\| traefik again \|[^]*\| the roll-out that broke it \|/);
  await explorer.press("Y");
  expect(footer(explorer)).toMatch(/^copied the timeline/);
  await explorer.press("m");
  expect(explorer.text()).toContain("3 marked");
  await explorer.close();
});

test("u and U walk over the marks that the filters show", async () => {
  const explorer = await open(120, 40);
  await explorer.press("6", "g", "j", "m", "G", "m", "U");
  expect(explorer.text()).toMatch(/▸◆/);
  await explorer.press("U");
  expect(footer(explorer)).toBe("no earlier mark");
  await explorer.press("u");
  expect(footer(explorer)).toBe("marked");
  await explorer.press("u");
  expect(footer(explorer)).toBe("no later mark");
  await explorer.press("/user:alice*\r", "g", "u");
  expect(footer(explorer)).toMatch(/^no later mark \(\d filtered out or evicted\)$/);
  await explorer.close();
});
