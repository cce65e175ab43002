import { appendFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Engine } from "../../src/engine/contract.ts";
import { createEngine } from "../../src/engine/create-engine.ts";
import { MATCH_ALL } from "../../src/queries/contract.ts";
import { eventLine as lineOf } from "../support/live-log.ts";

const eventLine = (at: number): string => lineOf(at, Date.UTC(2026, 10, 21) + at * 1_000);

let folder = "";
let engine: Engine | null = null;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ktrail-join-"));
});
afterEach(async () => {
  await engine?.close();
  engine = null;
  rmSync(folder, { recursive: true, force: true });
});

async function followed(...inputs: readonly string[]): Promise<Engine> {
  engine = createEngine({ inputs, follow: true, capacity: 100_000 });
  await engine.loaded();
  return engine;
}

const until = (on: Engine, requests: number): Promise<void> =>
  vi.waitFor(() => expect(on.status.requestsSeen).toBe(requests), { timeout: 20_000, interval: 50 });

test("new logs in followed directories join, whole; rotation makes none of an old one", async () => {
  for (const name of ["cp1", "other"]) mkdirSync(join(folder, name));
  writeFileSync(join(folder, "cp1/audit.log"), eventLine(0));
  const following = await followed(folder);
  await until(following, 1);
  mkdirSync(join(folder, "cp2"));
  writeFileSync(join(folder, "cp2/audit.log"), eventLine(1) + eventLine(2));
  await until(following, 3);
  appendFileSync(join(folder, "cp2/audit.log"), eventLine(3));
  appendFileSync(join(folder, "cp1/audit.log"), eventLine(4));
  await until(following, 5);
  renameSync(join(folder, "cp2/audit.log"), join(folder, "cp2/audit-2026-11-21T00-00-01.000.log"));
  writeFileSync(join(folder, "cp2/audit.log"), eventLine(5));
  writeFileSync(join(folder, "other/audit.log.gz"), gzipSync(eventLine(6)));
  writeFileSync(join(folder, "other/notes.log"), "no audit log at all\n");
  await until(following, 7);
  expect(following.status.duplicates).toBe(0);
  const { rows } = await following.ask("groups", { filter: MATCH_ALL, by: ["apiserver"] });
  expect(rows.reduce((sum, { requests }) => sum + requests, 0)).toBe(7);
});

test("a directory without a log is waited for", async () => {
  const following = await followed(folder);
  expect(following.status.inputs).toMatchObject([
    { state: "waiting", waitingFor: expect.stringContaining("no audit log yet") },
  ]);
  writeFileSync(join(folder, "audit.log"), eventLine(0));
  await until(following, 1);
});

test("several files and directories are followed at once", async () => {
  mkdirSync(join(folder, "d"));
  const paths = ["a.log", "b.log", "d/c.log"].map((name) => join(folder, name));
  for (const [at, path] of paths.entries()) writeFileSync(path, eventLine(at));
  const following = await followed(paths[0] ?? "", paths[1] ?? "", join(folder, "d"));
  await until(following, 3);
  for (const [at, path] of paths.entries()) appendFileSync(path, eventLine(10 + at));
  await until(following, 6);
});
