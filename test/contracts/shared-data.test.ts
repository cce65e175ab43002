import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, it } from "vitest";

const TESTS = resolve(import.meta.dirname, "..");
/** Benchmarks are started by hand and say what they lack. */
const ALLOWED = /^(support\/shared-data\.ts|contracts\/shared-data\.test\.ts|bench\/.*)$/;

it("learns where ../shared is from describeShared only, which a clone on its own passes over", () => {
  const naming = readdirSync(TESTS, { recursive: true, encoding: "utf8" })
    .filter((path) => /\.tsx?$/.test(path) && !ALLOWED.test(path))
    .filter((path) => /\.\.\/shared\b(?!-)|shared\/(data|tools|docs)/.test(readFileSync(join(TESTS, path), "utf8")));
  expect(naming).toEqual([]);
});
