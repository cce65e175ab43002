import { describe, expect, it } from "vitest";
import { burstsOf } from "../../src/queries/bursts.ts";

const SECOND = 1_000_000;

describe("bursts", () => {
  it("are runs of steps with four times the usual", () => {
    expect(burstsOf([10, 11, 9, 44, 55, 10, 0, 10, 43], 5 * SECOND, SECOND)).toEqual([
      { fromUs: 8 * SECOND, toUs: 10 * SECOND, requests: 99, usual: 11, peak: 55 },
    ]);
  });

  it("go on over one calmer step, not over two", () => {
    const at = (counts: readonly number[]): number[] => burstsOf(counts, 0, 1).map(({ toUs }) => toUs);
    expect(at([5, 5, 5, 50, 5, 50, 5, 5, 50, 5, 5])).toEqual([6, 9]);
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
