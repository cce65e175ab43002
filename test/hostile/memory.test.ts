import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { spawn } from "node:child_process";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { eventLine } from "../support/live-log.ts";
import { ensureBuilt, ktrail, PROGRAM_ARGUMENTS, PROGRAM_FILE } from "../support/program.ts";

/** Strangers choose names, and what writes the log may never end a line: neither may take the machine's memory. */

const MIB = 2 ** 20;
const START = Date.UTC(2026, 10, 21);
const folder = mkdtempSync(join(tmpdir(), "ktrail-memory-"));
beforeAll(ensureBuilt);
afterAll(() => rmSync(folder, { recursive: true }));

interface Figures {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `info` on what is piped in, piece by piece. */
async function infoOf(pieces: Iterable<string | Uint8Array>): Promise<Figures> {
  const child = spawn(PROGRAM_FILE, [...PROGRAM_ARGUMENTS, "info", "-", "-o", "json"], { stdio: "pipe" });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const closed = new Promise<number | null>((resolve) => child.on("close", resolve));
  for (const piece of pieces) {
    if (!child.stdin.write(piece)) await new Promise((resolve) => child.stdin.once("drain", resolve));
  }
  child.stdin.end();
  return { code: await closed, stdout, stderr };
}

function* pieces(
  head: string,
  piece: string | Uint8Array,
  times: number,
  tail: string,
): Generator<string | Uint8Array> {
  yield head;
  for (let i = 0; i < times; i += 1) yield piece;
  yield tail;
}

describe("a record without end", () => {
  const before = eventLine(1, START);
  const after = eventLine(2, START + 1_000);
  const long = eventLine(3, START + 500).trimEnd();

  test("of one string is given up, told, and what follows is read", async () => {
    const cut = long.indexOf("/v1");
    const text = new Uint8Array(MIB).fill(0x78);
    const run = await infoOf(pieces(before + long.slice(0, cut), text, 70, `${long.slice(cut)}\n${after}`));
    expect(run.stderr).toMatch(/1 bad line skipped, first at -:\d+ \(longer than 64 MiB\)/);
    expect(JSON.parse(run.stdout)).toMatchObject({ events: 2, requests: 2, inputs: [{ skipped: { bad: 1 } }] });
  });

  test("that is a list is read, event by event, however long it is", async () => {
    const events = (round: number): string =>
      Array.from({ length: 100 }, (_, k) => `${eventLine(100 * round + k, START + 100 * round + k).trimEnd()},`).join(
        "",
      );
    function* list(): Generator<string> {
      const pad = `"pad":"${"y".repeat(10_000)}"`;
      yield '{"kind":"EventList","apiVersion":"audit.k8s.io/v1","items":[';
      for (let round = 0; round < 70; round += 1)
        yield events(round).replaceAll('{"kind":"Event"', `{${pad},"kind":"Event"`);
      yield `${eventLine(7_000, START + 7_000).trimEnd()}]}`;
    }
    const run = await infoOf(list());
    expect(run.stderr).toBe("");
    expect(JSON.parse(run.stdout)).toMatchObject({ events: 7_001, requests: 7_001 });
  });
});

describe("names without end", () => {
  const REQUESTS = 25_000;
  const path = join(folder, "unique.log");
  const agent = (n: number): string => `agent-${n}-${"x".repeat(300)}`;

  beforeAll(() => {
    const lines = Array.from({ length: REQUESTS }, (_, n) =>
      eventLine(n, START + n).replace(/"userAgent":"[^"]*"/, `"userAgent":"${agent(n)}"`),
    );
    writeFileSync(path, lines.join(""));
  });

  test("are one row beyond the bound; totals and what is selected stay exact, and it is said", async () => {
    const top = await ktrail(["top", path, "--by", "useragent", "--limit", "all", "--memory", "64MiB", "-o", "json"]);
    const { requests, rows } = JSON.parse(top.stdout) as {
      requests: number;
      rows: { key: { useragent: string }; requests: number }[];
    };
    expect(requests).toBe(REQUESTS);
    expect(rows[0]?.key.useragent).toBe("(other)");
    expect(rows.reduce((sum, row) => sum + row.requests, 0)).toBe(REQUESTS);
    const others = rows[0]?.requests.toLocaleString("en-US");
    expect([top.code, top.stderr]).toEqual([
      0,
      `ktrail: names of ${others} of 25,000 requests did not fit in memory: they are counted as (other); --memory bounds it\n`,
    ]);
    const last = REQUESTS - 1;
    const query = ["-q", `ua:"${agent(last)}"`, "--memory", "64MiB"];
    const events = await ktrail(["events", path, ...query, "-o", "jsonl"]);
    const records = events.stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(records.map(({ useragent, auditID }) => [useragent, auditID])).toEqual([
      [agent(last), (JSON.parse(eventLine(last, START + last)) as { auditID: string }).auditID],
    ]);
    const table = await ktrail(["events", path, ...query]);
    expect(table.stdout).toContain(`agent-${last}`);
  });
});
