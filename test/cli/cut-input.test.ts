import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { afterAll, expect, test } from "vitest";
import { answered } from "../support/headless.ts";
import { DEMO, linesOf, logsIn } from "../support/log-files.ts";

const directory = mkdtempSync(join(tmpdir(), "ktrail-cut-"));
afterAll(() => rmSync(directory, { recursive: true }));

const text = Buffer.from(logsIn(DEMO).slice(-1).flatMap(linesOf).join("\n"));

test.each([
  ["gzip", gzipSync(text)],
  ["zstd", zstdCompressSync(text)],
])("%s, cut: what was read is answered from, and exit code 3 says that it is not all", async (name, packed) => {
  const path = join(directory, `${name}.log`);
  writeFileSync(path, packed.subarray(0, packed.length - 1_000));
  for (const question of ["top -o json", "events -o jsonl", "series -o json", "info -o json"]) {
    const { code, stdout, stderr } = await answered([...question.split(" "), path]);
    expect(code).toBe(3);
    expect(stdout.length).toBeGreaterThan(100);
    expect(stderr).toMatch(/ends early/);
  }
});
