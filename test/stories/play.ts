import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { filterLanguage } from "../../src/commands/filter-language.ts";
import type { Engine } from "../../src/engine/contract.ts";
import { createEngine } from "../../src/engine/create-engine.ts";
import { PANES } from "../../src/panes/registry.ts";
import { type OpenExplorer, openExplorer } from "../support/explorer.ts";
import { type GeneratedLog, type WrittenLogs, writeGenerated } from "../support/generated-logs.ts";
import { DEMO, demoEngine } from "../support/demo-engine.ts";

/** Somebody in front of the explorer: presses keys, and sees or doesn't see what they need to know. */
export interface Somebody {
  press(...keys: readonly string[]): Promise<void>;
  /** All of them at once, as they come from a slow line. */
  type(keys: string): Promise<void>;
  /** Each of them stands on the screen. */
  see(...texts: readonly (string | RegExp)[]): void;
  /** All of the screen. */
  text(): string;
  readonly columns: number;
}

/** Every story has its answer on a small, a usual and a large screen. */
const SIZES = [
  [80, 24],
  [120, 40],
  [200, 60],
] as const;

/** Plays a story at each size on `paths`, or on logs generated for it. */
export function story(
  title: string,
  log: { readonly paths: readonly string[] } | { readonly generated: readonly GeneratedLog[] },
  play: (somebody: Somebody) => Promise<void>,
): void {
  describe(title, () => {
    let engine: Engine;
    let written: WrittenLogs | null = null;

    beforeAll(async () => {
      if ("generated" in log) written = writeGenerated(log.generated.join("+"), log.generated);
      const paths = "paths" in log ? log.paths : (written?.paths ?? []);
      if (String(paths) === DEMO) engine = await demoEngine();
      else {
        engine = createEngine({ inputs: paths });
        await engine.loaded();
      }
    });
    afterAll(async () => {
      await engine.close();
      written?.remove();
    });

    test.each(SIZES)("at %d×%d", async (columns, rows) => {
      const explorer = await openExplorer({ engine, panes: PANES, language: filterLanguage, columns, rows });
      try {
        await play(somebodyAt(explorer, columns));
      } finally {
        await explorer.close();
      }
    });
  });
}

function somebodyAt(explorer: OpenExplorer, columns: number): Somebody {
  return {
    columns,
    text: () => explorer.text(),
    press: (...keys) => explorer.press(...keys),
    type: (keys) => explorer.press(keys),
    see(...texts) {
      for (const text of texts) {
        if (typeof text === "string") expect(explorer.text()).toContain(text);
        else expect(explorer.text()).toMatch(text);
      }
    },
  };
}
