import { beforeAll, describe, expect, test } from "vitest";
import { filterLanguage } from "../../src/commands/filter-language.ts";
import type { Engine } from "../../src/engine/contract.ts";
import { PANES } from "../../src/panes/registry.ts";
import { expectGolden, openExplorer, type OpenExplorer } from "../support/explorer.ts";
import { demoEngine } from "../support/demo-engine.ts";

const SIZES = [
  [60, 15],
  [80, 24],
  [120, 40],
  [200, 60],
] as const;
let engine: Engine;

beforeAll(async () => {
  engine = await demoEngine();
});

async function open(columns: number, rows: number): Promise<OpenExplorer> {
  return openExplorer({ engine, panes: PANES, language: filterLanguage, columns, rows });
}

/** Questions one brings to a log, and the keys that answer them from the first screen. */
const STORIES: readonly { readonly name: string; readonly keys: readonly string[]; readonly shows: RegExp }[] = [
  { name: "overview", keys: [], shows: /15\.\d% errors/ },
  { name: "top-users", keys: ["2"], shows: /system:serviceaccount:load:burst|…/ },
  { name: "who-causes-the-403s", keys: ["3", "j", "j", "j"], shows: /403.*traefik|traefik.*secrets/ },
  { name: "source-ips-of-the-401s", keys: ["3", "j", "j"], shows: /401/ },
  { name: "objects", keys: ["4"], shows: /860 objects/ },
  { name: "life-of-deployment-nginx", keys: ["4", "j", "j", "o"], shows: /nginx/ },
  { name: "raw-json-of-a-request-for-nginx", keys: ["4", "j", "j", "o", "y"], shows: /"auditID"|auditID/ },
  { name: "requests", keys: ["6"], shows: /1 of 8,819/ },
  { name: "request-card", keys: ["6", "G", "enter"], shows: /What happened/ },
  { name: "findings", keys: ["8"], shows: /✖ crit/ },
  { name: "inputs", keys: [":info\r"], shows: /audit\.log/ },
  { name: "help", keys: ["2", "?"], shows: /only in|go to/ },
];

describe("questions to the bundled log", () => {
  for (const story of STORIES) {
    for (const [columns, rows] of SIZES) {
      test(`${story.name} at ${columns}×${rows}`, async () => {
        const explorer = await open(columns, rows);
        await explorer.press(...story.keys);
        expect(explorer.text()).toMatch(story.shows);
        expectGolden(explorer, `demo-${story.name}`);
        await explorer.close();
      });
    }
  }
});
