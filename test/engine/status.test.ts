import { describe, expect, it, vi } from "vitest";
import { InputTally } from "../../src/engine/input-tally.ts";
import { progressOf, skippedOf, Throttle } from "../../src/engine/status.ts";

function input(total: number | null, bytes: number, state: "reading" | "done"): InputTally {
  const tally = new InputTally("audit.log");
  tally.totalBytes = total;
  tally.bytes = bytes;
  tally.state = state;
  return tally;
}

describe("engine status", () => {
  it("weighs progress by bytes and counts finished inputs whole", () => {
    const reports = [input(100, 50, "reading"), input(300, 7, "done")].map((tally) => tally.report());
    expect(progressOf(reports)).toBe(350 / 400);
  });
  it("knows no progress where a size is unknown or nothing is read", () => {
    expect(progressOf([input(null, 5, "reading").report()])).toBeNull();
    expect(progressOf([])).toBeNull();
  });
  it("leaves failed inputs out of the progress", () => {
    const failed = input(1_000, 0, "done");
    failed.error = "missing";
    expect(progressOf([failed.report(), input(10, 5, "reading").report()])).toBe(0.5);
  });
  it("sums what was skipped and keeps only a few samples", () => {
    const tally = new InputTally("audit.log");
    for (let n = 0; n < 100; n += 1) tally.reject(n % 2 === 0 ? "bad" : "foreign", n, 1, "not JSON", "x");
    expect(skippedOf([tally.report()])).toEqual({ bad: 50, foreign: 50, truncated: 0, duplicate: 0 });
    expect(tally.report().samples.length).toBeLessThan(50);
  });
  it("publishes at most once per interval and the last change always", () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
    try {
      let published = 0;
      const throttle = new Throttle(() => {
        published += 1;
      }, 100);
      for (let n = 0; n < 50; n += 1) throttle.touch();
      vi.advanceTimersByTime(100);
      expect(published).toBe(1);
      throttle.touch();
      vi.advanceTimersByTime(99);
      vi.advanceTimersByTime(1);
      expect(published).toBe(2);
      // What may wait does not hold up what is due.
      throttle.touchIn(5_000);
      throttle.touch();
      vi.advanceTimersByTime(100);
      expect(published).toBe(3);
      throttle.touchIn(5_000);
      vi.advanceTimersByTime(4_999);
      expect(published).toBe(3);
      vi.advanceTimersByTime(1);
      expect(published).toBe(4);
      throttle.stop();
    } finally {
      vi.useRealTimers();
    }
  });
});
