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

const STORIES: readonly { readonly name: string; readonly keys: readonly string[]; readonly shows: RegExp }[] = [
  { name: "of-whom", keys: [":rights\r"], shows: /of which user/ },
  { name: "of-a-user", keys: ["2", "/user:bob@example.com\r", "R"], shows: /Least rights of user bob@example\.com/ },
  { name: "as-yaml", keys: [":rights bob@example.com\r", "v"], shows: /kind: ClusterRole/ },
  { name: "matrix", keys: [":matrix bob@example.com\r", "l"], shows: /›get/ },
  { name: "bindings", keys: [":bindings\r"], shows: /What bindings allowed/ },
  { name: "of-a-binding", keys: [":bindings\r", "j", "j", "enter"], shows: /Allowed by ClusterRoleBinding/ },
  {
    name: "binding-of-a-request",
    keys: ["6", "/user:bob@example.com verb:delete decision:allow\r", "A", "A"],
    shows: /Allowed by RoleBinding demo\/dev-team-edit/,
  },
];

describe("rights, on the bundled log", () => {
  for (const story of STORIES) {
    for (const [columns, rows] of SIZES) {
      test(`${story.name} at ${columns}×${rows}`, async () => {
        const explorer = await openExplorer({ engine, panes: PANES, language: filterLanguage, columns, rows });
        await explorer.press(...story.keys);
        expect(explorer.text()).toMatch(story.shows);
        expectGolden(explorer, `rights-${story.name}`);
        await explorer.close();
      });
    }
  }
});
