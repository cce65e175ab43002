import { beforeAll, describe, expect, test } from "vitest";
import { filterLanguage } from "../../src/commands/filter-language.ts";
import type { Engine } from "../../src/engine/contract.ts";
import { PANES } from "../../src/panes/registry.ts";
import { expectGolden, openExplorer } from "./explorer.ts";
import { demoEngine } from "./demo-engine.ts";

type Size = readonly [columns: number, rows: number];

export const SIZES: readonly Size[] = [
  [60, 15],
  [80, 24],
  [120, 40],
  [200, 60],
];

/** A small size and a large one, for every other screen the other two: that a pane fits all sizes its contract says. */
export function twoOfAll(at: number): readonly Size[] {
  return SIZES.filter((_, size) => size % 2 === at % 2);
}

/** Keys from the first screen, and what they lead to. */
export interface DemoScreen {
  readonly name: string;
  readonly keys: readonly string[];
  readonly shows: RegExp;
}

/** Each of the screens of the bundled log at its sizes: shows what it should, and equals its golden file `<prefix>-<name>`. */
export function demoScreens(
  title: string,
  prefix: string | null,
  sizesOf: (at: number) => readonly Size[],
  screens: readonly DemoScreen[],
): void {
  describe(title, () => {
    let engine: Engine;
    beforeAll(async () => {
      engine = await demoEngine();
    });

    for (const [at, { name, keys, shows }] of screens.entries()) {
      for (const [columns, rows] of sizesOf(at)) {
        test(`${name} at ${columns}×${rows}`, async () => {
          const explorer = await openExplorer({ engine, panes: PANES, language: filterLanguage, columns, rows });
          await explorer.press(...keys);
          expect(explorer.text()).toMatch(shows);
          expectGolden(explorer, prefix === null ? name : `${prefix}-${name}`);
          await explorer.close();
        });
      }
    }
  });
}
