import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

const TESTS = "test/**/*.test.{ts,tsx}";
/**
 * Files that put modules in the place of others, measure what the process uses, or are about the kernel, of which a thread has a few
 * (test/contracts/together.test.ts).
 */
export const ALONE = [
  "test/bytes/unpack.test.ts",
  "test/bytes/unreadable.test.ts",
  "test/engine/omitted-texts.test.ts",
  "test/fuzz/fuzz.test.ts",
  "test/ingest/scanner.test.ts",
  "test/listen/listener.test.ts",
  "test/masking/hostile.test.ts",
];

export default defineConfig({
  test: {
    environment: "node",
    // By default one core would be left idle: half the machine where there are two. One more, since files wait for timers and programs.
    maxWorkers: availableParallelism() + 1,
    // A test that asserts nothing would pass whatever the program does.
    expect: { requireAssertions: true },
    testTimeout: 60_000,
    hookTimeout: 120_000,
    reporters: ["default"],
    projects: [
      // Modules are loaded, and compiled, once a thread instead of once a file: that is half the time of most files.
      { extends: true, test: { name: "together", include: [TESTS], exclude: ALONE, pool: "threads", isolate: false } },
      { extends: true, test: { name: "alone", include: ALONE, pool: "forks" } },
    ],
  },
});
