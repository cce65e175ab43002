import { beforeAll, describe, expect, test } from "vitest";
import { filterLanguage } from "../../src/commands/filter-language.ts";
import type { Engine } from "../../src/engine/contract.ts";
import { PANES } from "../../src/panes/registry.ts";
import { expectGolden, openExplorer } from "./explorer.ts";
import { demoEngine } from "./demo-engine.ts";

/** Keys from the first screen, and what they lead to. */
export interface DemoScreen {
  readonly name: string;
  readonly keys: readonly string[];
  readonly shows: RegExp;
}

/** Each of the screens of the bundled log at each size: shows what it should, and equals its golden file `<prefix>-<name>`. */
export function demoScreens(
  title: string,
  prefix: string,
  sizes: readonly (readonly [columns: number, rows: number])[],
  screens: readonly DemoScreen[],
): void {
  describe(title, () => {
    let engine: Engine;
    beforeAll(async () => {
      engine = await demoEngine();
    });

    for (const { name, keys, shows } of screens) {
      for (const [columns, rows] of sizes) {
        test(`${name} at ${columns}×${rows}`, async () => {
          const explorer = await openExplorer({ engine, panes: PANES, language: filterLanguage, columns, rows });
          await explorer.press(...keys);
          expect(explorer.text()).toMatch(shows);
          expectGolden(explorer, `${prefix}-${name}`);
          await explorer.close();
        });
      }
    }
  });
}
