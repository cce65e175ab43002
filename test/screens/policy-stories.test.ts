import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { filterLanguage } from "../../src/commands/filter-language.ts";
import type { Engine } from "../../src/engine/contract.ts";
import { createEngine } from "../../src/engine/create-engine.ts";
import { PANES } from "../../src/panes/registry.ts";
import { expectGolden, openExplorer } from "../support/explorer.ts";

const SIZES = [
  [80, 24],
  [120, 40],
] as const;

let engine: Engine;

beforeAll(async () => {
  engine = createEngine({ inputs: ["fixtures/demo"] });
  await engine.loaded();
});
afterAll(() => engine.close());

const OPEN = ":policy fixtures/policies/usual.yaml\r";

const STORIES: readonly { readonly name: string; readonly keys: readonly string[]; readonly shows: RegExp }[] = [
  { name: "fitting", keys: ["9"], shows: /Policy fitted to this log +keeps/ },
  { name: "fitting-as-yaml", keys: ["9", "V"], shows: /# Audit policy, suggested by ktrail/ },
  { name: "rules", keys: [OPEN], shows: /Policy fixtures\/policies\/usual\.yaml +keeps/ },
  { name: "lint", keys: [OPEN, "v"], shows: /managed-fields/ },
  { name: "lost", keys: [OPEN, "v", "v"], shows: /is None/ },
  { name: "users", keys: [OPEN, "v", "v", "v", "v"], shows: /system:apiserver/ },
  { name: "refused", keys: [":policy fixtures/policies/refused.yaml\r"], shows: /refuses this policy/ },
  { name: "missing", keys: [":policy none.yaml\r"], shows: /does not exist/ },
];

describe("an audit policy, on the bundled log", () => {
  for (const story of STORIES) {
    for (const [columns, rows] of SIZES) {
      test(`${story.name} at ${columns}×${rows}`, async () => {
        const explorer = await openExplorer({ engine, panes: PANES, language: filterLanguage, columns, rows });
        await explorer.press(...story.keys);
        expect(explorer.text()).toMatch(story.shows);
        expectGolden(explorer, `policy-${story.name}`);
        await explorer.close();
      });
    }
  }
});
