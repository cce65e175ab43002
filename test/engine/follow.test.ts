import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Engine, EngineStatus } from "../../src/engine/contract.ts";
import { createEngine } from "../../src/engine/create-engine.ts";
import { MATCH_ALL } from "../../src/queries/contract.ts";
import { eventLine, writeLiveLog, type Rotation } from "../support/live-log.ts";

let folder = "";
let engine: Engine | null = null;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ktrail-follow-"));
});
afterEach(async () => {
  await engine?.close();
  engine = null;
  rmSync(folder, { recursive: true, force: true });
});

function follow(path: string, tailMs = 15 * 60_000): Engine {
  engine = createEngine({ inputs: [path], follow: true, capacity: 1_000_000, tailMs });
  return engine;
}

function reached(on: Engine, condition: (status: EngineStatus) => boolean): Promise<EngineStatus> {
  return new Promise((resolve) => {
    const stop = on.subscribe((status) => {
      if (!condition(status)) return;
      stop();
      resolve(status);
    });
    if (condition(on.status)) {
      stop();
      resolve(on.status);
    }
  });
}

describe("following", () => {
  it.each<[string, Rotation, Rotation]>([
    ["two renames", "rename", "rename"],
    ["a rename and a copytruncate", "rename", "copytruncate"],
  ])("loses nothing at 5,000 events/s through %s", async (_, first, second) => {
    const path = join(folder, "audit.log");
    writeFileSync(path, "");
    const events = 15_000;
    const following = follow(path);
    await following.loaded();
    await writeLiveLog(
      path,
      events,
      5_000,
      new Map([
        [5_000, first],
        [10_000, second],
      ]),
    );
    const status = await reached(following, ({ requestsSeen }) => requestsSeen >= events);
    expect(status).toMatchObject({ requestsSeen: events, events, duplicates: 0, bad: 0, truncated: 0, foreign: 0 });
    const groups = await following.ask("groups", { filter: MATCH_ALL, by: ["code"] });
    expect(groups.rows.map(({ key, requests }) => [key["code"], requests])).toEqual([
      ["200", 13_500],
      ["404", 1_500],
    ]);
  });

  it("shows the last minutes first and fills the past in behind, in order", async () => {
    const path = join(folder, "audit.log");
    const now = Date.now();
    const events = 4_000;
    let text = "";
    for (let n = 0; n < events; n += 1) text += eventLine(n, now - (events - n) * 1_000);
    writeFileSync(path, text);
    const following = follow(path, 10 * 60_000);
    await following.loaded();
    const status = await reached(following, ({ requestsSeen, backfilling }) => requestsSeen >= events && !backfilling);
    expect(status.requestsSeen).toBe(events);
    const page = await following.ask("rows", {
      filter: MATCH_ALL,
      order: "arrival",
      anchor: "oldest",
      before: 0,
      after: events,
    });
    expect(page.total).toBe(events);
    const times = page.rows.map((row) => row.receivedUs);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });

  it("shows two API servers' logs as one stream of time, even when one is written behind the other", async () => {
    const paths = ["a.log", "b.log"].map((name) => join(folder, name));
    for (const path of paths) writeFileSync(path, "");
    engine = createEngine({ inputs: paths, follow: true, capacity: 1_000_000, tailMs: 60_000 });
    await engine.loaded();
    const now = Date.now();
    const rounds = 20;
    for (let round = 0; round < rounds; round += 1) {
      for (const [server, path] of paths.entries()) {
        const lines = Array.from({ length: 50 }, (_, i) => {
          const n = round * 50 + i;
          return eventLine(n + server * 10_000, now + n * 2 + server);
        });
        appendFileSync(path, lines.join(""));
      }
      const upTo = (round + 1) * 100;
      await reached(engine, ({ requestsSeen }) => requestsSeen === upTo);
    }
    const page = await engine.ask("rows", {
      filter: MATCH_ALL,
      order: "arrival",
      anchor: "oldest",
      before: 0,
      after: rounds * 100,
    });
    const times = page.rows.map((row) => row.receivedUs);
    expect(times).toHaveLength(rounds * 100);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });

  it("waits for a file that does not exist yet, and for the rest of a half-written line", async () => {
    const path = join(folder, "audit.log");
    const following = follow(path);
    await reached(following, ({ inputs }) => inputs.some((input) => input.state === "waiting"));
    const line = eventLine(1, Date.now());
    writeFileSync(path, line + line.slice(0, 100).replace("000000000001", "000000000002"));
    await reached(following, ({ requestsSeen }) => requestsSeen === 1);
    appendFileSync(path, line.slice(100).replace("000000000001", "000000000002"));
    const status = await reached(following, ({ requestsSeen }) => requestsSeen === 2);
    expect(status).toMatchObject({ bad: 0, truncated: 0 });
  });
});
