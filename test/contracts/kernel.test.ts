import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

const SOURCE = "wasm/event-kernel.ts";
const COMMITTED = "src/ingest/scanner/event-kernel.wasm.ts";
const hasCompiler = spawnSync("asc", ["--version"]).status === 0;

describe("the committed kernel", () => {
  test("is of the committed source", () => {
    const sha256 = createHash("sha256").update(readFileSync(SOURCE)).digest("hex");
    expect(readFileSync(COMMITTED, "utf8")).toContain(`sha256 ${sha256}`);
  });

  test.skipIf(!hasCompiler)("is what the compiler makes of it", () => {
    const folder = mkdtempSync(join(tmpdir(), "kernel-test-"));
    try {
      const again = join(folder, "kernel.ts");
      expect(spawnSync(process.execPath, ["scripts/build-kernel.mjs", again]).status).toBe(0);
      expect(readFileSync(again, "utf8")).toBe(readFileSync(COMMITTED, "utf8"));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
