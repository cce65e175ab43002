import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { chooseFollowed } from "../../src/engine/choose-followed.ts";
import { createEngine } from "../../src/engine/create-engine.ts";
import { MATCH_ALL } from "../../src/queries/contract.ts";
import { eventLine } from "../support/live-log.ts";
import { ensureBuilt, PROGRAM } from "../support/program.ts";

const START = Date.UTC(2026, 10, 21);

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ktrail-many-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Logs of API servers at the same time, too large to be read at once. */
function overlapping(servers: number, events: number): void {
  for (let server = 0; server < servers; server += 1) {
    mkdirSync(join(folder, `cp${server}`));
    const lines = Array.from({ length: events }, (_, n) => eventLine(n * servers + server, START + n * 1_000 + server));
    writeFileSync(join(folder, `cp${server}`, "audit.log"), lines.join(""));
  }
}

describe("many files", () => {
  it("of one event each are read with few descriptors, in the order of time", () => {
    ensureBuilt();
    for (let n = 0; n < 1_000; n += 1) {
      const name = join(folder, `event-${(n * 7) % 1_000}-audit.json`);
      const line = eventLine((n * 7) % 1_000, START + ((n * 7) % 1_000) * 1_000);
      if (n % 50 === 0) writeFileSync(`${name}.gz`, gzipSync(line));
      else writeFileSync(name, line);
    }
    const command = `ulimit -n 128; exec "$0" "${PROGRAM}" events "${folder}" -o jsonl`;
    const run = spawnSync("sh", ["-c", command, process.execPath], { encoding: "utf8", maxBuffer: 1 << 26 });
    expect([run.status, run.stderr]).toEqual([0, ""]);
    const ids = run.stdout
      .trim()
      .split("\n")
      .map((line) => (JSON.parse(line) as { auditID: string }).auditID);
    expect(ids).toHaveLength(1_000);
    expect(ids).toEqual(ids.toSorted());
  });

  it("that overlap are read side by side with few descriptors", () => {
    ensureBuilt();
    overlapping(150, 300);
    const command = `ulimit -n 128; exec "$0" "${PROGRAM}" info "${folder}" -o json`;
    const run = spawnSync("sh", ["-c", command, process.execPath], { encoding: "utf8", maxBuffer: 1 << 26 });
    expect([run.status, run.stderr]).toEqual([0, ""]);
    expect(JSON.parse(run.stdout)).toMatchObject({ requests: 45_000, events: 45_000 });
  });

  it("that overlap are one stream of time", async () => {
    overlapping(70, 20);
    const engine = createEngine({ inputs: [folder] });
    await engine.loaded();
    const page = { filter: MATCH_ALL, order: "arrival", anchor: "oldest", after: 2_000 } as const;
    const times = (await engine.ask("rows", page)).rows.map(({ receivedUs }) => receivedUs);
    expect(times).toHaveLength(1_400);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    await engine.close();
  });

  it("are followed where they were written last", () => {
    const inputs = Array.from({ length: 1_000 }, (_, n) => {
      const path = `${n}.log`;
      const file = { path, bytes: 1, compression: "none", firstUs: 0, writtenMs: (n * 7) % 1_000 } as const;
      return { kind: "files", apiserver: "", files: [file], live: path } as const;
    });
    const { followed, others, note } = chooseFollowed(inputs);
    expect(followed).toHaveLength(128);
    expect(Math.min(...followed.map(({ input }) => input.files[0]?.writtenMs ?? 0))).toBe(872);
    expect(others).toHaveLength(872);
    expect(note).toBe("872 files that were not written lately are read, not followed");
    expect(chooseFollowed(inputs.slice(0, 128)).note).toBeNull();
  });
});
