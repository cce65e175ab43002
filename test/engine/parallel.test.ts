import { describe, expect, it } from "vitest";
import { isWorthwhile } from "../../src/engine/ranges/parallel.ts";

describe("threads that help to scan", () => {
  it("are started when the rest takes long, once that can be told", () => {
    expect(isWorthwhile(1_000, 10, 1e9)).toBe(false);
    expect(isWorthwhile(50e6, 100, 450e6)).toBe(false);
    expect(isWorthwhile(50e6, 100, 550e6)).toBe(true);
  });
});
