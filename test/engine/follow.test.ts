import { appendFileSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Worker } from "node:worker_threads";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Engine, EngineStatus } from "../../src/engine/contract.ts";
import { createEngine, createExplorerEngine } from "../../src/engine/create-engine.ts";
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

  it("starts from now, at the line that is being written, with nothing before it", async () => {
    const path = join(folder, "audit.log");
    const now = Date.now();
    const [past, begun, next] = [1, 2, 3].map((n) => eventLine(n, now - 1_000 + n)) as [string, string, string];
    writeFileSync(join(folder, "audit-2026-11-21T00-00-01.000.log"), past.repeat(3));
    writeFileSync(path, past.repeat(50) + begun.slice(0, 200));
    const following = follow(path, 0);
    await reached(following, ({ phase, backfilling }) => phase === "following" && !backfilling);
    appendFileSync(path, begun.slice(200) + next);
    const status = await reached(following, ({ requestsSeen }) => requestsSeen >= 2);
    expect(status).toMatchObject({ requestsSeen: 2, bad: 0, truncated: 0, backfilling: false });
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

  it.each([15 * 60_000, Number.POSITIVE_INFINITY])(
    "says why a file is no audit log, until it is one",
    async (tailMs) => {
      const path = join(folder, "audit.log");
      writeFileSync(path, "hello\nthis is no log\n");
      const following = follow(path, tailMs);
      const { inputs } = await reached(following, (status) => status.inputs.some(({ error }) => error !== null));
      expect(inputs[0]?.error).toBe(`${path} looks like plain text, not a Kubernetes audit log`);
      writeFileSync(path, "");
      const now = Date.now();
      appendFileSync(path, eventLine(1, now) + eventLine(2, now));
      await reached(following, ({ requestsSeen, inputs }) => requestsSeen === 2 && inputs[0]?.error === null);
    },
  );

  it("tells where events are now, after the file was renamed", async () => {
    const path = join(folder, "audit.log");
    const now = Date.now();
    writeFileSync(path, eventLine(1, now) + eventLine(2, now));
    const following = follow(path);
    await following.loaded();
    const old = join(folder, "audit-2026-11-21T00-00-01.000.log");
    renameSync(path, old);
    writeFileSync(path, eventLine(3, now));
    await reached(following, ({ requestsSeen }) => requestsSeen === 3);
    const { rows } = await following.ask("rows", { filter: MATCH_ALL, anchor: "oldest", after: 9, auditIDs: true });
    expect(rows.map(({ source }) => source.path)).toEqual([old, old, path]);
    for (const { source, auditID } of rows) {
      const bytes = readFileSync(source.path).subarray(source.offset, source.offset + source.bytes);
      expect(bytes.toString()).toContain(auditID);
    }
  });

  it("has the newest events although their file is gone", async () => {
    const path = join(folder, "audit.log");
    writeFileSync(path, "");
    const following = follow(path);
    await following.loaded();
    appendFileSync(path, eventLine(1, Date.now()));
    await reached(following, ({ requestsSeen }) => requestsSeen === 1);
    rmSync(path);
    await reached(following, ({ inputs }) => inputs[0]?.state === "waiting");
    const { rows } = await following.ask("rows", { filter: MATCH_ALL, anchor: "newest" });
    const detail = await following.ask("request", { seq: rows[0]?.seq ?? -1 });
    expect(detail?.raw).toContain("000000000001");
  });

  it("lets rate, lag and notes fade by the clock, then tells since when it is silent", async () => {
    vi.useFakeTimers({ toFake: ["performance"] });
    try {
      const path = join(folder, "audit.log");
      writeFileSync(path, eventLine(1, Date.now()));
      const following = follow(path);
      await following.loaded();
      appendFileSync(path, eventLine(2, Date.now() - 28));
      await reached(following, ({ requestsSeen, arrivalRate }) => requestsSeen === 2 && (arrivalRate ?? 0) > 0);
      expect(following.status).toMatchObject({ silentSinceMs: null });
      expect(following.status.lagMs).toBeGreaterThanOrEqual(28);
      vi.advanceTimersByTime(11_000);
      const quiet = await reached(following, ({ silentSinceMs }) => silentSinceMs !== null);
      expect(quiet).toMatchObject({ arrivalRate: 0, lagMs: null, notes: [] });
      expect(Math.abs(Date.now() - (quiet.silentSinceMs ?? 0))).toBeLessThan(10_000);
      appendFileSync(path, eventLine(3, Date.now()));
      await reached(following, ({ requestsSeen, silentSinceMs }) => requestsSeen === 3 && silentSinceMs === null);
    } finally {
      vi.useRealTimers();
    }
  });

  it("counts requests as its rate, not events", async () => {
    const path = join(folder, "audit.log");
    writeFileSync(path, "");
    const following = follow(path);
    await following.loaded();
    const now = Date.now();
    const stages = Array.from({ length: 10 }, (_, n) => [
      eventLine(n, now).replace("ResponseComplete", "RequestReceived"),
      eventLine(n, now),
    ]);
    appendFileSync(path, stages.flat().join(""));
    const status = await reached(following, ({ events }) => events === 20);
    expect(status.requestsSeen).toBe(10);
    const rate = status.arrivalRate ?? 0;
    expect(rate * 10).toBeLessThanOrEqual(100);
    expect(rate).toBeGreaterThan(0);
  });

  it("renews the rest of the screen while findings rest", async () => {
    const path = join(folder, "audit.log");
    writeFileSync(path, eventLine(1, Date.now()));
    const following = follow(path);
    await following.loaded();
    const findings = { filter: MATCH_ALL, expectations: [], auditIDs: 0 };
    await following.ask("findings", findings);
    const before = following.status.requestsSeen;
    appendFileSync(path, eventLine(2, Date.now()));
    await reached(following, ({ requestsSeen }) => requestsSeen > before);
    const closing = new AbortController();
    let isResting = true;
    const next = following
      .ask("findings", findings, closing.signal)
      .catch(() => undefined)
      .finally(() => (isResting = false));
    appendFileSync(path, eventLine(3, Date.now()));
    const { revision } = following.status;
    await reached(following, (status) => status.revision > revision);
    expect(isResting).toBe(true);
    closing.abort();
    await next;
  });

  it("never stands still without saying so", async () => {
    const path = join(folder, "audit.log");
    writeFileSync(path, eventLine(1, Date.now()));
    const following = follow(path);
    await following.loaded();
    const { ring } = following as unknown as { ring: { append(): void } };
    ring.append = () => {
      throw new RangeError("too much");
    };
    appendFileSync(path, eventLine(2, Date.now()));
    const status = await reached(following, ({ failure }) => failure !== null);
    expect(status).toMatchObject({ phase: "idle", failure: "reading has stopped: too much", arrivalRate: null });
  });

  it("nor does the screen's side of an engine whose thread dies", async () => {
    const path = join(folder, "audit.log");
    writeFileSync(path, eventLine(1, Date.now()));
    const threaded = createExplorerEngine({ inputs: [path], follow: true });
    engine = threaded;
    threaded.begin();
    await threaded.loaded();
    // Asked while the thread ends: it would answer before.
    const ended = (threaded as unknown as { worker: Worker }).worker.terminate();
    await expect(threaded.ask("bursts", { filter: MATCH_ALL })).rejects.toThrow("exited");
    await ended;
    const status = await reached(threaded, ({ failure }) => failure !== null);
    expect(status).toMatchObject({ phase: "idle", failure: "the engine's thread has ended: it exited" });
    await expect(threaded.ask("info", {})).rejects.toThrow("exited");
  });
});
