import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Engine, EngineStatus } from "../../src/engine/contract.ts";
import { createEngine, DEFAULT_CAPACITY } from "../../src/engine/create-engine.ts";
import { MATCH_ALL } from "../../src/queries/contract.ts";
import { DEMO } from "../support/log-files.ts";
import { ensureBuilt, ktrail, PROGRAM } from "../support/program.ts";
import { replayLog } from "../support/replay-log.ts";

/** A recorded quarter of an hour of an API server, a restart, eight rotations and their packing included, in three seconds. */
const SPEED = 300;

let folder = "";
beforeAll(ensureBuilt);
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ktrail-recorded-"));
  writeFileSync(join(folder, "audit.log"), "");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function reached(engine: Engine, condition: (status: EngineStatus) => boolean): Promise<EngineStatus> {
  return new Promise((resolve) => {
    const check = (status: EngineStatus): void => {
      if (!condition(status)) return;
      stop();
      resolve(status);
    };
    const stop = engine.subscribe(check);
    check(engine.status);
  });
}

async function read(): Promise<Engine> {
  const engine = createEngine({ inputs: [DEMO] });
  await engine.loaded();
  return engine;
}

describe("a recorded run of an API server", () => {
  test("is followed to the same counts, restart and silence as it is read afterwards", async () => {
    const afterwards = await read();
    const truth = await afterwards.ask("info", {});
    await afterwards.close();
    expect(truth.restarts.length).toBeGreaterThan(0);
    const engine = createEngine({ inputs: [join(folder, "audit.log")], follow: true, capacity: DEFAULT_CAPACITY });
    const arrived = reached(engine, ({ events }) => events === truth.events);
    await replayLog(DEMO, folder, SPEED);
    await arrived;
    const status = await reached(
      engine,
      ({ cutOff, inFlight }) => cutOff === truth.cutOff && inFlight === truth.inFlight,
    );
    expect([status.requestsSeen, status.inputs.flatMap(({ lost }) => lost)]).toEqual([truth.requests, []]);
    const { restarts, gaps, requests, events } = await engine.ask("info", {});
    expect({ restarts, gaps, requests, events }).toEqual({
      restarts: truth.restarts,
      gaps: truth.gaps,
      requests: truth.requests,
      events: truth.events,
    });
    // Each row tells where its event is now, whatever became of the file it was read from.
    const { rows } = await engine.ask("rows", { filter: MATCH_ALL, anchor: "oldest", after: 10_000, auditIDs: true });
    expect(rows.filter(({ auditID }) => auditID === "")).toEqual([]);
    await engine.close();
  });

  test("is printed by events -f, each request once, with its place as it is found afterwards", async () => {
    const child = spawn(process.execPath, [PROGRAM, "events", "-f", join(folder, "audit.log"), "-o", "jsonl"]);
    let [stdout, stderr] = ["", ""];
    child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
    const closed = new Promise<number | null>((resolve) => child.on("close", resolve));
    const afterwards = await ktrail(["events", DEMO, "-o", "jsonl"]);
    const idsOf = (text: string): string[] =>
      text
        .trimEnd()
        .split("\n")
        .map((line) => (JSON.parse(line) as { auditID: string }).auditID);
    const truth = idsOf(afterwards.stdout);
    const waiting = truth.length - (await unanswered());
    const printed = new Promise<void>((resolve) =>
      child.stdout.setEncoding("utf8").on("data", (text: string) => {
        stdout += text;
        if (stdout.split("\n").length > waiting) resolve();
      }),
    );
    await replayLog(DEMO, folder, SPEED);
    await printed;
    child.kill("SIGINT");
    expect(await closed).toBe(130);
    expect(idsOf(stdout).toSorted()).toEqual(truth.toSorted());
    expect(stderr).not.toMatch(/lost|could not|not shown/);
    const paths = new Set(
      stdout
        .trimEnd()
        .split("\n")
        .map((line) => basename((JSON.parse(line) as { source: { path: string } }).source.path)),
    );
    expect([...paths].every((name) => name.startsWith("audit"))).toBe(true);
  });
});

/** Requests whose only event is their receipt: they are printed at the end. */
async function unanswered(): Promise<number> {
  const engine = await read();
  const { rows } = await engine.ask("rows", { filter: MATCH_ALL, anchor: "oldest", after: 10_000 });
  await engine.close();
  return rows.filter(({ stage }) => stage === "RequestReceived").length;
}
