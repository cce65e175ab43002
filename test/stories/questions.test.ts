import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, describe, expect, test } from "vitest";
import { filterLanguage } from "../../src/commands/filter-language.ts";
import type { Engine } from "../../src/engine/contract.ts";
import { createEngine } from "../../src/engine/create-engine.ts";
import { PANES } from "../../src/panes/registry.ts";
import { openExplorer } from "../support/explorer.ts";
import { type MadeLog, MOST_PRESSES, pressesOf, type Question, QUESTIONS } from "./question-rows.ts";

const DEMO = "fixtures/demo";
const engines = new Map<string, Promise<Engine>>();
const folder = mkdtempSync(join(tmpdir(), "ktrail-questions-"));

function engineOf({ log }: Question): Promise<Engine> {
  const known = engines.get(log ?? DEMO);
  if (known !== undefined) return known;
  const opened = opening(log);
  engines.set(log ?? DEMO, opened);
  return opened;
}

async function opening(log: Question["log"]): Promise<Engine> {
  const engine = createEngine({ inputs: log === undefined ? [DEMO] : made(log) });
  await engine.loaded();
  return engine;
}

interface Event {
  readonly auditID: string;
  readonly stageTimestamp: string;
}

function demoEvents(): readonly Event[] {
  const files = readdirSync(DEMO).filter((name) => name.includes(".log"));
  const texts = files.toSorted().map((name) => {
    const bytes = readFileSync(join(DEMO, name));
    return (name.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
  });
  return texts.flatMap((text) =>
    text
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as Event),
  );
}

function writeLog(name: string, events: readonly object[]): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, events.map((event) => `${JSON.stringify(event)}\n`).join(""));
  return path;
}

function made(log: MadeLog): readonly string[] {
  const events = demoEvents();
  if (log === "metadata") {
    const bare = events.map((event) => ({
      ...event,
      level: "Metadata",
      requestObject: undefined,
      responseObject: undefined,
    }));
    return [writeLog("metadata.log", bare)];
  }
  // The other one ran all the time.
  const steady = events.filter(({ stageTimestamp: t }) => t > "2026-11-21T00:04" && t < "2026-11-21T00:13");
  const other = steady.map((event) => ({ ...event, auditID: `cp2-${event.auditID}` }));
  return [writeLog("cp1/audit.log", events), writeLog("cp2/audit.log", other)];
}

afterAll(async () => {
  for (const engine of engines.values()) await (await engine).close();
  rmSync(folder, { recursive: true });
});

describe.each(QUESTIONS.map((row) => [row.question, row] as const))("%s", (_, row) => {
  test.each([
    [80, 24],
    [120, 40],
  ])("at %d×%d", async (columns, rows) => {
    const engine = await engineOf(row);
    const explorer = await openExplorer({ engine, panes: PANES, language: filterLanguage, columns, rows });
    try {
      await explorer.press(...row.keys);
      for (const text of row.shows) expect(explorer.text()).toMatch(text);
    } finally {
      await explorer.close();
    }
  });

  test("takes few keys", () => {
    expect(pressesOf(row)).toBeLessThanOrEqual(MOST_PRESSES);
  });
});

test("all that an incident asks are here", () => {
  expect(new Set(QUESTIONS.map(({ question }) => question)).size).toBe(22);
});
