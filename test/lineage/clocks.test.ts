import { array, assert, constantFrom, integer, property } from "fast-check";
import { describe, expect, it } from "vitest";
import { ServerClocks } from "../../src/lineage/clocks.ts";

const START_US = 1_700_000_000_000_000;

/** Writes to one store, each by one of two API servers with a clock of its own. */
function clocksOf(writes: readonly (readonly [server: string, latencyMs: number])[], skewMs: number): ServerClocks {
  const clocks = new ServerClocks();
  writes.forEach(([server, latencyMs], at) => {
    const ahead = server === "b" ? skewMs * 1_000 : 0;
    const storedUs = START_US + at * 50_000 + ahead;
    clocks.add(server, { version: 100 + at, fromUs: storedUs - latencyMs * 500, toUs: storedUs + latencyMs * 500 });
  });
  return clocks;
}

describe("clocks of API servers", () => {
  it("are compared by the versions of what they wrote, within the latency of their writes", () => {
    const write = constantFrom("a", "b").chain((server) =>
      integer({ min: 1, max: 20 }).map((latency) => [server, latency] as const),
    );
    assert(
      property(
        array(write, { minLength: 60, maxLength: 200 }),
        integer({ min: -5_000, max: 5_000 }),
        (writes, skew) => {
          const [found] = clocksOf([["a", 1], ["b", 1], ["a", 1], ...writes], skew).skews();
          const told = found === undefined ? 0 : found.us / 1_000;
          const signed = found?.apiserver === "a" ? -told : told;
          expect(Math.abs(signed - skew)).toBeLessThanOrEqual((found?.errorUs ?? 120_000) / 1_000 + 1);
        },
      ),
      { seed: 3, numRuns: 60 },
    );
  });

  it("are the same where the difference may be none, and where nothing bounds it", () => {
    expect(
      clocksOf(
        [
          ["a", 20],
          ["b", 20],
          ["a", 20],
          ["b", 20],
        ],
        5,
      ).skews(),
    ).toEqual([]);
    expect(
      clocksOf(
        [
          ["a", 1],
          ["a", 1],
          ["b", 1],
        ],
        5_000,
      ).skews(),
    ).toEqual([]);
    expect(new ServerClocks().skews()).toEqual([]);
  });

  it("are not compared across clusters, whose counts have nothing to do with each other", () => {
    const clocks = new ServerClocks();
    for (let at = 0; at < 100; at += 1) {
      const us = START_US + at * 1_000_000;
      clocks.add("one", { version: 1_000 + at, fromUs: us, toUs: us + 1_000 });
      clocks.add("two", { version: 1_000 + at * 7, fromUs: us, toUs: us + 1_000 });
    }
    expect(clocks.skews()).toEqual([]);
  });

  it("are compared within bounds, however much is written", () => {
    const clocks = new ServerClocks();
    for (let at = 0; at < 60_000; at += 1) {
      const us = START_US + at * 10_000;
      const server = at % 2 === 0 ? "a" : "b";
      clocks.add(server, {
        version: at + 1,
        fromUs: us + (at % 2) * 3_000_000,
        toUs: us + (at % 2) * 3_000_000 + 1_000,
      });
    }
    expect(clocks.skews()).toHaveLength(1);
    expect(Math.abs((clocks.skews()[0]?.us ?? 0) - 3_000_000)).toBeLessThan(100_000);
  });
});
