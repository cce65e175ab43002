import { describe, expect, it } from "vitest";
import * as fc from "fast-check";
import type { EventBatch } from "../../src/index/event-batch.ts";
import { mergeByTime, type BatchStream } from "../../src/engine/merge.ts";

function batch(times: readonly number[]): EventBatch {
  return {
    count: times.length,
    stageUs: Float64Array.from(times),
    receivedUs: Float64Array.from(times),
  } as unknown as EventBatch;
}

async function* stream(batches: readonly EventBatch[]): BatchStream {
  for (const one of batches) {
    await Promise.resolve();
    yield one;
  }
}

async function merged(streams: readonly (readonly (readonly number[])[])[]): Promise<number[]> {
  const times: number[] = [];
  await mergeByTime(
    streams.map((batches) => stream(batches.map(batch))),
    (one, from, to) => {
      for (let row = from; row < to; row += 1) times.push(one.stageUs[row] as number);
    },
  );
  return times;
}

describe("merging several API servers' logs", () => {
  it("interleaves them by time", async () => {
    expect(
      await merged([
        [[1, 4], [9]],
        [
          [2, 3, 5],
          [8, 10],
        ],
      ]),
    ).toEqual([1, 2, 3, 4, 5, 8, 9, 10]);
  });

  it("leaves a single log as it is, out of order or not", async () => {
    expect(await merged([[[5, 1], [], [3]]])).toEqual([5, 1, 3]);
  });

  it("passes every batch on exactly once, empty ones too", async () => {
    const seen: number[] = [];
    await mergeByTime([stream([batch([]), batch([1])]), stream([batch([2]), batch([])])], (one) => {
      seen.push(one.count);
    });
    expect(seen).toEqual([0, 1, 1, 0]);
  });

  it("takes every row once and sorts sorted logs, whatever the batches", async () => {
    const log = fc
      .array(fc.array(fc.integer({ min: 0, max: 1_000 }), { maxLength: 5 }), { maxLength: 5 })
      .map((batches) => {
        const times = batches.flat().sort((a, b) => a - b);
        return batches.map((one) => times.splice(0, one.length));
      });
    await fc.assert(
      fc.asyncProperty(fc.array(log, { maxLength: 4 }), async (logs) => {
        const expected = logs.flat(2).sort((a, b) => a - b);
        expect(await merged(logs)).toEqual(expected);
      }),
      { numRuns: 200 },
    );
  });
});
