import { describe, expect, it } from "vitest";
import { isWorthwhile, threadsFor } from "../../src/engine/ranges/parallel.ts";

describe("threads that scan unless told otherwise", () => {
  it.each([
    { available: 2, all: 2, busy: 0.1, threads: 2 },
    { available: 2, all: 2, busy: 1.2, threads: 1 },
    { available: 2, all: 2, busy: 9, threads: 1 },
    { available: 1, all: 64, busy: 3, threads: 1 },
    { available: 16, all: 16, busy: 2, threads: 4 },
    { available: 16, all: 16, busy: 13.4, threads: 3 },
  ])("$threads where $available of $all cores may be used and $busy are busy", ({ threads, ...cores }) => {
    expect(threadsFor(cores)).toBe(threads);
  });

  it("are started when the rest takes long, once that can be told", () => {
    expect(isWorthwhile(1_000, 10, 1e9)).toBe(false);
    expect(isWorthwhile(50e6, 100, 450e6)).toBe(false);
    expect(isWorthwhile(50e6, 100, 550e6)).toBe(true);
  });
});
