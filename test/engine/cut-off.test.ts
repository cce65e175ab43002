import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Engine, EngineStatus } from "../../src/engine/contract.ts";
import { createEngine, DEFAULT_CAPACITY } from "../../src/engine/create-engine.ts";
import { parseQuery } from "../../src/queries/parse-filter.ts";
import { timeText } from "../index/feeder.ts";
import { serverLog } from "../support/generated/api-server.ts";

const POLICY = { stages: true, own: true, health: true, startup: false };

let folder = "";
let engine: Engine | null = null;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ktrail-cut-off-"));
});
afterEach(async () => {
  await engine?.close();
  engine = null;
  rmSync(folder, { recursive: true, force: true });
});

function reached(on: Engine, condition: (status: EngineStatus) => boolean): Promise<EngineStatus> {
  return new Promise((resolve) => {
    const stop = on.subscribe((status) => check(status));
    const check = (status: EngineStatus): void => {
      if (!condition(status)) return;
      stop();
      resolve(status);
    };
    check(on.status);
  });
}

const textOf = (lines: readonly Buffer[]): string => lines.map((line) => `${line.toString()}\n`).join("");

describe("requests that a killed API server never answers", () => {
  const { lines, cutOff, inFlight } = serverLog({
    minutes: 6,
    rate: 5,
    breaks: [{ at: 180_000, ms: 3_000, how: "kill" }],
    policy: POLICY,
    seed: 7,
  });

  test("are counted apart from those in flight once it is started anew, while following", async () => {
    const path = join(folder, "audit.log");
    const broken = lines.findIndex((line) => stagedMs(line) >= 180_000);
    writeFileSync(path, textOf(lines.slice(0, broken)));
    engine = createEngine({ inputs: [path], follow: true, capacity: DEFAULT_CAPACITY });
    await engine.loaded();
    expect(engine.status.cutOff).toBe(0);
    expect(engine.status.inFlight).toBeGreaterThanOrEqual(cutOff[0] ?? 0);
    appendFileSync(path, textOf(lines.slice(broken)));
    const status = await reached(engine, (now) => now.cutOff > 0 && now.inFlight === inFlight);
    expect(status.cutOff).toBe(cutOff[0]);
    const { rows } = await engine.ask("rows", { filter: parseQuery(NOT_ENDED), anchor: "oldest", after: 10_000 });
    expect(rows.filter((row) => row.cutOff)).toHaveLength(cutOff[0] ?? 0);
    expect(rows.filter((row) => row.inFlight)).toHaveLength(inFlight);
    expect(rows.every((row) => row.latencyMs === null)).toBe(true);
  });

  test("are so in info and in the status of a file", async () => {
    const path = join(folder, "audit.log");
    writeFileSync(path, textOf(lines));
    engine = createEngine({ inputs: [path], capacity: DEFAULT_CAPACITY });
    await engine.loaded();
    expect(engine.status).toMatchObject({ cutOff: cutOff[0], inFlight });
    const info = await engine.ask("info", {});
    expect(info).toMatchObject({ cutOff: cutOff[0], inFlight });
    expect(info.restarts.map((restart) => restart.cutOff)).toEqual(cutOff);
  });
});

const NOT_ENDED = `stage:RequestReceived,ResponseStarted -(stage:ResponseStarted user:"")`;

function stagedMs(line: Buffer): number {
  const { stageTimestamp } = JSON.parse(line.toString()) as { readonly stageTimestamp: string };
  return Date.parse(stageTimestamp) - Date.parse(timeText(0));
}
