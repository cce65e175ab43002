import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { filterLanguage } from "../../src/commands/filter-language.ts";
import type { Engine } from "../../src/engine/contract.ts";
import { createEngine } from "../../src/engine/create-engine.ts";
import { PANES } from "../../src/panes/registry.ts";
import { MATCH_ALL } from "../../src/queries/contract.ts";
import { openExplorer, type OpenExplorer } from "../support/explorer.ts";
import { eventLine } from "../support/live-log.ts";

/** A small ring, several times over: what `npm run bench -- soak` does with a full one for minutes. */
const CAPACITY = 8_192;
const PATIENCE = { timeout: 20_000, interval: 20 };
const START = Date.UTC(2026, 10, 21);

const folder = mkdtempSync(join(tmpdir(), "ktrail-soak-"));
const path = join(folder, "audit.log");
let written = 0;
let engine: Engine;

function lines(events: number): string {
  let text = "";
  for (const end = written + events; written < end; written += 1) text += eventLine(written, START + written * 10);
  return text;
}

/** Appends and waits until the engine has taken them. */
async function arrive(events: number): Promise<void> {
  appendFileSync(path, lines(events));
  await new Promise<void>((resolve) => {
    const stop = engine.subscribe(({ requestsSeen }) => {
      if (requestsSeen < written) return;
      stop();
      resolve();
    });
    if (engine.status.requestsSeen >= written) {
      stop();
      resolve();
    }
  });
}

beforeAll(async () => {
  writeFileSync(path, lines(CAPACITY));
  engine = createEngine({ inputs: [path], follow: true, capacity: CAPACITY, tailMs: Number.MAX_SAFE_INTEGER });
  await engine.loaded();
});
afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true });
});

async function open(): Promise<OpenExplorer> {
  const options = { follow: true, timeZone: "utc" } as const;
  return openExplorer({ engine, panes: PANES, language: filterLanguage, columns: 120, rows: 30, options });
}

/** The row under the cursor and where it is on the screen. */
function cursor(explorer: OpenExplorer): { readonly row: number; readonly text: string } {
  const row = explorer.screen().findIndex((_, at) => at > 1 && explorer.terminal.styleAt(4, at).reverse);
  return { row, text: explorer.screen()[row] ?? "" };
}

describe("a ring that is full, and goes on", () => {
  it("keeps no more than it may, and counts what it let go", async () => {
    for (let round = 0; round < 3; round += 1) {
      await arrive(CAPACITY / 2);
      const { requestsKept, requestsSeen, requestsEvicted } = engine.status;
      expect(requestsKept).toBeLessThanOrEqual(CAPACITY);
      expect(requestsKept + requestsEvicted).toBe(requestsSeen);
    }
  });

  it("leaves the cursor on its request while others come and go, until it is evicted, and says so then", async () => {
    const explorer = await open();
    await explorer.press("6", "k", "k", "k", "k");
    const chosen = cursor(explorer);
    expect(chosen.text).toMatch(/get +pods +demo\/pod-\d+/);
    for (let round = 0; round < 5; round += 1) {
      await arrive(CAPACITY / 8);
      await explorer.idle();
      expect(cursor(explorer)).toEqual(chosen);
      expect(explorer.screen()[1]).not.toContain("evicted");
    }
    await arrive(CAPACITY);
    // Refreshes are paced: the screen may be a moment behind.
    await vi.waitFor(() => expect(explorer.screen()[1]).toContain("the chosen request was evicted · 1 of "), PATIENCE);
    expect(cursor(explorer).text).not.toBe(chosen.text);
    // From here on it is a cursor like any other.
    await explorer.press("j");
    expect(explorer.screen()[1]).not.toContain("was evicted");
    expect(explorer.screen()[1]).toContain("2 of ");
    await explorer.close();
  });

  it("stands still when paused, and is exact when it goes on", async () => {
    const explorer = await open();
    await explorer.press("2", "p");
    const body = explorer.screen().slice(1, -1);
    for (let round = 0; round < 3; round += 1) {
      await arrive(CAPACITY / 4);
      await explorer.idle();
      expect(explorer.screen().slice(1, -1)).toEqual(body);
      expect(explorer.screen()[0]).toContain("PAUSED");
    }
    await explorer.press("p");
    const fresh = await engine.ask("groups", { filter: MATCH_ALL, by: ["user"], limit: 7, sort: "requests" });
    expect(fresh.requests).toBe(engine.status.requestsKept);
    await vi.waitFor(() => {
      const screen = explorer.text();
      expect(screen).toContain(`7 users · ${fresh.requests.toLocaleString("en-US")} requests`);
      for (const { key, requests } of fresh.rows)
        expect(screen).toMatch(new RegExp(`${key["user"]} +${requests.toLocaleString("en-US")} `));
    }, PATIENCE);
    await explorer.close();
  });
});
