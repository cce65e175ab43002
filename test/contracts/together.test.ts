import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, it } from "vitest";
import { ALONE } from "../../vitest.config.ts";

const ROOT = resolve(import.meta.dirname, "../..");
/** Scanners beyond the 64th of a thread do without the kernel, until those of earlier files are collected. */
const OF_THE_KERNEL = /\.fallbacks\b|\bomits\b/;
/** What the files that share a thread, its modules and its process would find changed, or measure of each other. */
const OF_THE_PROCESS = /\bvi\.(mock|doMock|stubEnv|stubGlobal)\(|\bprocess\.(memoryUsage|cpuUsage|chdir)\(/;

it("runs a file alone that changes modules or measures the process, and no other", () => {
  const files = readdirSync(join(ROOT, "test"), { recursive: true, encoding: "utf8" }).map((path) => `test/${path}`);
  const tests = files.filter((path) => /\.test\.tsx?$/.test(path) && path !== "test/contracts/together.test.ts");
  const measuring = tests.filter((path) => {
    const text = readFileSync(join(ROOT, path), "utf8");
    return OF_THE_PROCESS.test(text) || OF_THE_KERNEL.test(text) || text.includes('from "./fuzz.ts"');
  });
  expect(measuring.sort()).toEqual([...ALONE].sort());
});
