import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterEach, describe, expect, it } from "vitest";
import type { Engine, EngineOptions } from "../../src/engine/contract.ts";
import { createEngine, createExplorerEngine } from "../../src/engine/create-engine.ts";
import { MATCH_ALL } from "../../src/queries/contract.ts";
import { eventLine } from "../support/live-log.ts";
import { describeShared } from "../support/shared-data.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const DEMO = join(ROOT, "fixtures/demo");
const open: Engine[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((engine) => engine.close()));
});

async function loaded(engine: Engine): Promise<Engine> {
  open.push(engine);
  await engine.loaded();
  return engine;
}
function threaded(): Promise<Engine> {
  const engine = createExplorerEngine({ inputs: [DEMO] });
  engine.begin();
  return loaded(engine);
}
const local = (inputs: readonly string[], options: Partial<EngineOptions> = {}): Promise<Engine> =>
  loaded(createEngine({ inputs, ...options }));

describe("engine", () => {
  it("answers the same from its own thread as in-process", async () => {
    const here = await local([DEMO]);
    const there = await threaded();
    const groups = { filter: MATCH_ALL, by: ["user", "verb"] as const };
    expect(await there.ask("groups", groups)).toEqual(await here.ask("groups", groups));
    const page = { filter: MATCH_ALL, anchor: "newest" as const, before: 50, after: 0 };
    expect(await there.ask("rows", page)).toEqual(await here.ask("rows", page));
    expect(await there.ask("info", {})).toEqual(await here.ask("info", {}));
    expect(await there.ask("trail", { object: "deploy/nginx", namespace: "demo" })).toEqual(
      await here.ask("trail", { object: "deploy/nginx", namespace: "demo" }),
    );
    expect(there.status).toMatchObject({ phase: "idle", requestsKept: 8_819, events: 9_294, bad: 0 });
  });

  it("reads every request's original event again, byte for byte", async () => {
    const engine = await local([DEMO]);
    const lines = new Set(
      readdirSync(DEMO).flatMap((name) => {
        const bytes = readFileSync(join(DEMO, name));
        return (name.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8").split("\n");
      }),
    );
    const { rows } = await engine.ask("rows", { filter: MATCH_ALL, anchor: "oldest", before: 0, after: 400 });
    expect(rows.length).toBe(400);
    for (const { seq } of rows) {
      const detail = await engine.ask("request", { seq });
      expect(lines.has(detail?.raw ?? "")).toBe(true);
      expect(detail?.facts.auditID).toMatch(/^[0-9a-f-]{36}$/);
    }
    expect(await engine.ask("request", { seq: 1e9 })).toBeNull();
  });

  it("never shows another event in the place of the one that was there", async () => {
    const folder = mkdtempSync(join(tmpdir(), "ktrail-rewritten-"));
    const path = join(folder, "audit.log");
    const now = Date.now();
    const numbers = Array.from({ length: 20 }, (_, n) => n);
    writeFileSync(path, numbers.map((n) => eventLine(n, now + n)).join(""));
    const engine = await local([path]);
    // As long as before, line by line, and with the same beginning; the sixth is what it was.
    const isKept = (n: number): boolean => n < 3 || n === 5;
    writeFileSync(
      path,
      numbers.map((n) => eventLine(n, now + n).replace(/0(\d\d)"/, isKept(n) ? '0$1"' : '1$1"')).join(""),
    );
    const overwritten = "another event is in its place: the file was overwritten since";
    const { rows, unreadable } = await engine.ask("rows", { filter: MATCH_ALL, anchor: "oldest", auditIDs: true });
    expect(unreadable).toEqual({ rows: 16, why: overwritten });
    for (const { seq, auditID } of rows) {
      const detail = await engine.ask("request", { seq });
      expect(auditID === "").toBe(!isKept(seq));
      expect(detail?.rawMissing).toBe(isKept(seq) ? null : overwritten);
      expect(detail?.raw?.includes(auditID) ?? false).toBe(isKept(seq));
    }
    const originals = await engine.ask("originals", { seqs: rows.map(({ seq }) => seq) });
    expect(originals.filter((one) => "bytes" in one)).toHaveLength(4);
    rmSync(folder, { recursive: true });
  });

  it("notices an event in its place that differs in its stage or times only", async () => {
    const folder = mkdtempSync(join(tmpdir(), "ktrail-rewritten-"));
    const path = join(folder, "audit.log");
    const head = [1, 2, 3].map((n) => eventLine(n, 1_700_000_000_000)).join("");
    const line = eventLine(4, 1_700_000_000_123);
    const rewritten = async (other: string): Promise<string | null | undefined> => {
      expect(other).not.toBe(line);
      expect(other).toHaveLength(line.length);
      writeFileSync(path, head + line);
      const engine = await local([path]);
      writeFileSync(path, head + other);
      return (await engine.ask("request", { seq: 3 }))?.raw;
    };
    for (const other of [
      line.replace('"stage":"ResponseComplete"', '"stage":"RequestReceived" '),
      line.replace(/(stageTimestamp":"[^"]*)3000Z/, "$14000Z"),
      line.replace(/(requestReceivedTimestamp":"[^"]*)3000Z/, "$14000Z"),
      line.replace("000000000004", "000000000005"),
    ]) {
      expect(await rewritten(other)).toBeNull();
    }
    // Written otherwise, it is the same event.
    const event = JSON.parse(line) as object;
    expect(await rewritten(`${JSON.stringify(Object.fromEntries(Object.entries(event).reverse()))}\n`)).toContain(
      "000000000004",
    );
    rmSync(folder, { recursive: true });
  });

  it("keeps the newest requests when it is full, and says what went", async () => {
    const engine = await local([DEMO], { capacity: 2_000 });
    const { requestsKept, requestsSeen, requestsEvicted } = engine.status;
    expect(requestsSeen).toBe(8_819);
    expect(requestsKept).toBeLessThanOrEqual(2_000);
    expect(requestsKept).toBeGreaterThan(1_500);
    expect(requestsEvicted).toBe(requestsSeen - requestsKept);
    const { total } = await engine.ask("rows", { filter: MATCH_ALL });
    expect(total).toBe(requestsKept);
  });

  it("keeps what is asked before its thread begins, and closes without it", async () => {
    const engine = createExplorerEngine({ inputs: [DEMO] });
    open.push(engine);
    const early = engine.ask("groups", { filter: MATCH_ALL, by: ["verb"] });
    engine.begin();
    engine.begin();
    expect(await early).toHaveProperty("rows");
    await engine.loaded();
    await createExplorerEngine({ inputs: [DEMO] }).close();
  });

  it("cancels a question when its signal fires", async () => {
    const engine = await threaded();
    const abort = new AbortController();
    const answer = engine.ask("trail", { object: "deploy/nginx" }, abort.signal);
    abort.abort();
    await expect(answer).rejects.toMatchObject({ name: "AbortError" });
    expect((await engine.ask("groups", { filter: MATCH_ALL, by: ["verb"] })).requests).toBe(8_819);
  });

  it("loads the others when some inputs cannot be read, and names each", async () => {
    const folder = mkdtempSync(join(tmpdir(), "ktrail-inputs-"));
    try {
      const empty = join(folder, "empty.log");
      const csv = join(folder, "table.csv");
      const binary = join(folder, "program.bin");
      const cut = join(folder, "cut.log");
      writeFileSync(empty, "");
      writeFileSync(csv, "a,b,c\n1,2,3\n4,5,6\n");
      writeFileSync(binary, Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0, 0, 0, 0]));
      const line = readFileSync(join(DEMO, "audit.log"), "utf8").split("\n").slice(0, 3).join("\n");
      writeFileSync(cut, line.slice(0, -40));
      const missing = join(folder, "missing.log");
      const engine = await local([empty, csv, binary, cut, missing]);
      const reports = new Map(engine.status.inputs.map((input) => [input.path, input]));
      expect(reports.get(missing)?.error).toMatch(/missing\.log/);
      expect(reports.get(csv)?.error).toMatch(/not a Kubernetes audit log/);
      expect(reports.get(binary)?.error ?? reports.get(binary)?.passedOver).toMatch(/./);
      expect(reports.get(cut)).toMatchObject({ events: 2, error: null });
      expect(reports.get(cut)?.skipped).toMatchObject({ truncated: 1, bad: 0 });
      expect(engine.status.requestsKept).toBe(2);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describeShared("independent counts", ["data/cluster"], (shared) => {
  it.each(["R", "V", "L"])("set %s", async (set) => {
    const folder = join(shared, set);
    const truth = JSON.parse(readFileSync(join(folder, "TRUTH.json"), "utf8")) as Record<string, unknown>;
    const engine = await local([folder]);
    const info = await engine.ask("info", {});
    expect({ events: info.events, requests: info.requests, levels: info.levels, stages: info.stages }).toEqual({
      events: truth["events"],
      requests: truth["requests"],
      levels: truth["levels"],
      stages: truth["stages"],
    });
    expect({ from: info.span.from, to: info.span.to }).toEqual(truth["span"]);
    const by = truth["by"] as Record<string, Record<string, number>>;
    for (const dimension of [
      "user",
      "group",
      "verb",
      "resource",
      "namespace",
      "code",
      "ip",
      "useragent",
      "level",
      "decision",
    ] as const) {
      const { rows } = await engine.ask("groups", { filter: MATCH_ALL, by: [dimension], limit: 1e9 });
      expect(Object.fromEntries(rows.map(({ key, requests }) => [key[dimension] ?? "", requests])), dimension).toEqual(
        by[dimension],
      );
    }
  });
});
