import { describe, expect, it, vi } from "vitest";
import { InputTally } from "../../src/engine/input-tally.ts";
import { progressOf, skippedOf, Throttle } from "../../src/engine/status.ts";
import { StatusBoard } from "../../src/engine/status-board.ts";

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
  it("tells of another span of time only with another revision: questions that name it are not asked anew before", async () => {
    const ring = { revision: 1, blocks: [], counters: { toUs: 5e6, events: 1 }, rowCount: 1 };
    const grow = (toUs: number): void => {
      Object.assign(ring, { revision: ring.revision + 1, counters: { toUs, events: 1 } });
      Object.assign(ring, { blocks: [{ minReceivedUs: 1e6, maxReceivedUs: toUs }] });
    };
    const board = new StatusBoard(
      () =>
        ({
          ring,
          book: { reports: () => [], apiservers: 1, untold: [] },
          clocks: { skews: () => [] },
          settling: { share: null },
          named: [],
        }) as never,
    );
    grow(5e6);
    board.flush();
    const first = board.latest;
    expect(first).toMatchObject({ revision: 2, to: "1970-01-01T00:00:05.000000Z" });
    const question = Promise.withResolvers<null>();
    const answered = board.pace.answering(question.promise);
    grow(9e6);
    board.flush();
    const { revision, from, to } = board.latest;
    expect({ revision, from, to }).toEqual({ revision: first.revision, from: first.from, to: first.to });
    question.resolve(null);
    await answered;
    board.phase = "idle";
    board.flush();
    expect(board.latest).toMatchObject({ revision: 3, to: "1970-01-01T00:00:09.000000Z" });
    board.stop();
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
