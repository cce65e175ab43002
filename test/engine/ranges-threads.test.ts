import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, afterEach, describe, expect, it, vi, type MockInstance } from "vitest";
import type { Engine, EngineOptions } from "../../src/engine/contract.ts";
import { createEngine } from "../../src/engine/create-engine.ts";
import { LocalEngine } from "../../src/engine/local-engine.ts";
import { ScanThreads } from "../../src/engine/ranges/scan-threads.ts";
import { MATCH_ALL } from "../../src/queries/contract.ts";
import { auditLines } from "../bench/generate.ts";

const DEMO = resolve(import.meta.dirname, "../../fixtures/demo");
const folder = mkdtempSync(join(tmpdir(), "ktrail-ranges-"));
afterAll(() => rmSync(folder, { recursive: true }));
const open: Engine[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((engine) => engine.close()));
});

/** Some MiB with what makes inputs hard: bad lines, other lines, lines longer than ranges, a cut end. */
function writeLog(name: string, bytes: number, seed: number): string {
  const parts: string[] = [];
  let length = 0;
  let n = 0;
  for (const line of auditLines("rr", seed)) {
    parts.push(line);
    length += line.length;
    n += 1;
    if (n % 500 === 0) parts.push("oops, no JSON\r\n", "\n", "I1120 14:02:11.123456 1 controller.go:126] a log line\n");
    if (n % 900 === 0) parts.push(line);
    if (length >= bytes) break;
  }
  const path = join(folder, name);
  writeFileSync(path, parts.join("").slice(0, -30));
  return path;
}
const LOG = writeLog("audit.log", 6 * 2 ** 20, 1);

const OPTIONS: EngineOptions = {
  inputs: [LOG],
  follow: false,
  capacity: Number.POSITIVE_INFINITY,
  dictionaryBytes: Number.POSITIVE_INFINITY,
  rawBytes: 0,
  tailMs: Number.POSITIVE_INFINITY,
  format: "auto",
  timeZone: "utc",
  threads: 1,
};

/** Ranges offered to the threads of the latest engine that has some. */
let given: MockInstance<ScanThreads["scan"]>;

/** An engine whose threads have started before it has read anything. */
async function withThreads(
  others: number,
  options: Partial<EngineOptions> = {},
  rangeBytes = 64 * 1024,
  code?: URL,
): Promise<LocalEngine> {
  const threads = new ScanThreads(others, code);
  given = vi.spyOn(threads, "scan");
  await threads.start();
  const engine = new LocalEngine({ ...OPTIONS, ...options }, { threads, rangeBytes });
  open.push(engine);
  return engine;
}

async function alone(options: Partial<EngineOptions> = {}): Promise<LocalEngine> {
  const engine = new LocalEngine({ ...OPTIONS, ...options }, null);
  open.push(engine);
  await engine.loaded();
  return engine;
}

/** What can be asked, as one value. */
async function answers(engine: Engine): Promise<Readonly<Record<string, unknown>>> {
  await engine.loaded();
  const groups = (by: "user" | "object" | "useragent" | "code"): Promise<unknown> =>
    engine.ask("groups", { filter: MATCH_ALL, by: [by], limit: 1e9 });
  const { revision: _revision, ...status } = engine.status;
  return {
    status,
    info: await engine.ask("info", {}),
    groups: await Promise.all([groups("user"), groups("object"), groups("useragent"), groups("code")]),
    series: await engine.ask("series", { filter: MATCH_ALL, by: "code", buckets: 60 }),
    rows: await engine.ask("rows", { filter: MATCH_ALL, anchor: "oldest", before: 0, after: 1e9 }),
    newest: await engine.ask("rows", { filter: MATCH_ALL, anchor: "newest", before: 50, after: 0, auditIDs: true }),
    latency: await engine.ask("latency", { filter: MATCH_ALL, by: ["user"], buckets: 10, limit: 1e9, slowest: 20 }),
    objects: await engine.ask("objects", { text: "", limit: 1_000 }),
    found: await engine.ask("objects", { text: "work", limit: 100 }),
  };
}

/** Question by question: a difference between whole answers is too long to be printed. */
async function expectSame(engine: Engine, expected: Engine): Promise<void> {
  const [own, others] = [await answers(engine), await answers(expected)];
  for (const question of Object.keys(others)) expect(own[question], question).toEqual(others[question]);
}

describe("several threads", () => {
  it.each([
    [1, 64 * 1024],
    [1, 16 * 1024],
    [2, 256 * 1024],
    [3, 100_001],
  ])("%i beside the engine's, ranges of %i bytes: the same answers", async (others, rangeBytes) => {
    await expectSame(await withThreads(others, {}, rangeBytes), await alone());
    expect(given.mock.results.filter(({ value }) => value !== null).length).toBeGreaterThan(5);
  });

  it("keep what one keeps when the ring is full", async () => {
    const options = { capacity: 800, dictionaryBytes: 32 * 2 ** 20 };
    await expectSame(await withThreads(2, options), await alone(options));
  });

  it("read the files of several API servers as one stream of time", async () => {
    const inputs = [
      writeLog("master-0-audit.log", 2 * 2 ** 20, 2),
      writeLog("master-1-audit.log", 2 * 2 ** 20, 3),
      join(folder, "master-2-audit.log.gz"),
    ];
    writeFileSync(inputs[2] as string, gzipSync(readFileSync(writeLog("other.log", 2 ** 20, 4))));
    await expectSame(await withThreads(2, { inputs }), await alone({ inputs }));
  });

  it("read a directory with rotated files", async () => {
    await expectSame(await withThreads(2, { inputs: [DEMO] }), await alone({ inputs: [DEMO] }));
  });

  it("leave lineage to the thread that sees the events", async () => {
    const options = { inputs: [DEMO], lineage: { namespace: "demo" } };
    const question = { object: "deploy/nginx", namespace: "demo" };
    const engine = await withThreads(2, options);
    await engine.loaded();
    expect(given).not.toHaveBeenCalled();
    expect(await engine.ask("trail", question)).toEqual(await (await alone(options)).ask("trail", question));
  });

  it("that die or are not there are done without", async () => {
    const expected = await alone();
    const dies = new URL(`data:text/javascript,${encodeURIComponent(DIES_AT_WORK)}`);
    await expectSame(await withThreads(2, {}, 64 * 1024, dies), expected);
    expect(given).toHaveBeenCalled();
    const missing = new URL("file:///missing/scan-worker.js");
    await expectSame(await withThreads(2, {}, 64 * 1024, missing), expected);
  });

  it("stop when the engine is closed before all was read", async () => {
    const engine = await withThreads(2, {}, 4_096);
    const reading = new Promise<void>((resolve) => engine.subscribe(({ events }) => events > 0 && resolve()));
    await Promise.race([reading, engine.loaded()]);
    await engine.close();
    expect(engine.status.inputs[0]?.bytes).toBeLessThanOrEqual(readFileSync(LOG).length);
  });

  it("are not started for little, nor when only one is allowed", async () => {
    const engine = createEngine({ inputs: [LOG], threads: 4 });
    open.push(engine);
    const one = createEngine({ inputs: [LOG], threads: 1 });
    open.push(one);
    await expectSame(engine, one);
  });
});

/** Takes its first range and ends. */
const DIES_AT_WORK = `
  import { parentPort } from "node:worker_threads";
  parentPort.on("message", () => process.exit(1));
  parentPort.postMessage({ type: "ready" });
`;
