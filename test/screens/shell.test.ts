import { describe, expect, test } from "vitest";
import { expectGolden, openExplorer, type OpenExplorer } from "../support/explorer.ts";
import { request, SampleEngine } from "../support/sample-engine.ts";
import { sampleLanguage, samplePanes } from "../support/sample-panes.ts";

const ROWS = Array.from({ length: 40 }, (_, seq) =>
  request(seq, { user: seq % 3 === 0 ? "bob" : "alice", code: seq % 10 === 7 ? 403 : 200 }),
);

async function open(columns = 80, rows = 24, engine = new SampleEngine(ROWS)): Promise<OpenExplorer> {
  return openExplorer({ engine, panes: samplePanes, language: sampleLanguage, columns, rows });
}

describe("the frame around panes", () => {
  test("status, breadcrumb, chips, rows and keys fill the terminal", async () => {
    const explorer = await open();
    expect(explorer.terminal.isAlternate).toBe(true);
    expectGolden(explorer, "shell-first-pane");
    expect(await explorer.close()).toBe(0);
    expect(explorer.terminal.isAlternate).toBe(false);
  });
});
