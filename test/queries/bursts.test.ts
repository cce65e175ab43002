import { describe, expect, it } from "vitest";
import { burstsOf } from "../../src/queries/bursts.ts";

const SECOND = 1_000_000;

describe("bursts", () => {
  it("are the busiest steps, where they have three times the usual", () => {
    const counts = [...Array.from({ length: 300 }, (_, i) => 9 + (i % 3)), 44, 55, 10, 0, 10, 43];
    expect(burstsOf(counts, 5 * SECOND, SECOND)).toEqual([
      { fromUs: 305 * SECOND, toUs: 307 * SECOND, requests: 99, usual: 10, peak: 55 },
      { fromUs: 310 * SECOND, toUs: 311 * SECOND, requests: 43, usual: 10, peak: 43 },
    ]);
  });

  it("are few in a log of bursts", () => {
    const counts = Array.from({ length: 1_000 }, (_, i) => (i % 4 === 0 ? 100 + i : 10));
    expect(burstsOf(counts, 0, 1).length).toBeLessThanOrEqual(10);
  });

  it("go on over one calmer step, not over two", () => {
    const calm = Array.from({ length: 400 }, () => 5);
    const ends = burstsOf([...calm, 50, 5, 50, 5, 5, 50, 5, 5], 0, 1).map(({ toUs }) => toUs);
    expect(ends).toEqual([403, 406]);
  });

  it("need twenty requests where there is usually one", () => {
    expect(burstsOf([1, 0, 1, 19, 0, 1], 0, 1)).toEqual([]);
    expect(burstsOf([1, 0, 1, 20, 0, 1], 0, 1)).toHaveLength(1);
  });

  it("are none in an even log, or an empty one", () => {
    expect(burstsOf([400, 390, 410, 405], 0, 1)).toEqual([]);
    expect(burstsOf([], 0, 1)).toEqual([]);
    expect(burstsOf([0, 0], 0, 1)).toEqual([]);
  });
});
