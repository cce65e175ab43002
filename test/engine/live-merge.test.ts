import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import * as fc from "fast-check";
import type { EventBatch } from "../../src/index/event-batch.ts";
import { LiveMerge } from "../../src/engine/live-merge.ts";

function batch(...times: readonly number[]): EventBatch {
  return {
    count: times.length,
    stageUs: Float64Array.from(times),
    receivedUs: Float64Array.from(times),
    bytes: new Uint32Array(times.length),
  } as unknown as EventBatch;
}

function recorder(): { readonly times: number[]; readonly merge: LiveMerge } {
  const times: number[] = [];
  const merge = new LiveMerge((one, from, to) => {
    for (let row = from; row < to; row += 1) times.push(one.stageUs[row] as number);
  });
  return { times, merge };
}

describe("merging followed logs", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("passes the events of a single log on at once", async () => {
    const { times, merge } = recorder();
    const lane = merge.open();
    await lane.push(batch(5, 1));
    await lane.push(batch(3));
    expect(times).toEqual([5, 1, 3]);
  });

  it("waits for the other log no longer than the hold", async () => {
    const { times, merge } = recorder();
    const [left, right] = [merge.open(), merge.open()];
    void left.live();
    void right.live();
    void left.push(batch(1, 4, 9));
    expect(times).toEqual([]);
    void right.push(batch(2, 5));
    expect(times).toEqual([1, 2, 4, 5]);
    vi.advanceTimersByTime(150);
    expect(times).toEqual([1, 2, 4, 5]);
    vi.advanceTimersByTime(100);
    expect(times).toEqual([1, 2, 4, 5, 9]);
  });

  it("waits for a log that still reads its past, however long, but holds a bounded number of rows", async () => {
    const { times, merge } = recorder();
    const [ahead, behind] = [merge.open(), merge.open()];
    void ahead.push(batch(...Array.from({ length: 65_536 }, (_, i) => 10 + i)));
    let isTaken = false;
    void ahead.push(batch(99_999)).then(() => {
      isTaken = true;
    });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(times).toEqual([]);
    expect(isTaken).toBe(false);
    void behind.push(batch(1, 12));
    await vi.advanceTimersByTimeAsync(0);
    expect(times).toEqual([1, 10, 11, 12, 12]);
    expect(isTaken).toBe(true);
    void behind.live();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(times).toHaveLength(65_539);
  });

  it("tells when the past of a log is appended", async () => {
    const { times, merge } = recorder();
    const [left, right] = [merge.open(), merge.open()];
    void right.live();
    void left.push(batch(7));
    let seen: number[] | null = null;
    void left.live().then(() => {
      seen = [...times];
    });
    await vi.advanceTimersByTimeAsync(100);
    expect(seen).toBeNull();
    await vi.advanceTimersByTimeAsync(200);
    expect(seen).toEqual([7]);
  });

  it("lets go of everything when it stops", () => {
    const { times, merge } = recorder();
    const [left] = [merge.open(), merge.open()];
    void left?.push(batch(1, 2));
    merge.stop();
    expect(times).toEqual([1, 2]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("sorts sorted logs that come in time, and loses nothing", () => {
    const log = fc.array(fc.array(fc.integer({ min: 0, max: 1_000 }), { maxLength: 5 }), { maxLength: 6 });
    fc.assert(
      fc.property(fc.array(log, { minLength: 2, maxLength: 4 }), (logs) => {
        const { times, merge } = recorder();
        const lanes = logs.map(() => merge.open());
        logs.forEach((batches, i) => {
          let last = 0;
          for (const one of batches) {
            const sorted = one.map((step) => (last += step));
            void lanes[i]?.push(batch(...sorted));
          }
        });
        merge.stop();
        const all = logs.flat(2).length;
        expect(times).toHaveLength(all);
        expect(times).toEqual(times.toSorted((a, b) => a - b));
      }),
      { seed: 7, numRuns: 200 },
    );
  });
});
