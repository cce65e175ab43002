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
    streams.map((batches) => ({ batches: stream(batches.map(batch)), firstUs: Number.NaN })),
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
    const logs = [
      [[], [1]],
      [[2], []],
    ];
    const streams = logs.map((batches) => ({ batches: stream(batches.map(batch)), firstUs: Number.NaN }));
    await mergeByTime(streams, (one) => {
      seen.push(one.count);
      return undefined;
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

  it("begins a log when its time has come, and ends it before the next", async () => {
    let open = 0;
    let most = 0;
    async function* counted(times: readonly number[]): BatchStream {
      open += 1;
      most = Math.max(most, open);
      yield* stream(times.map((us) => batch([us])));
      open -= 1;
    }
    // In any order; each overlaps the next one only.
    const firsts = Array.from({ length: 500 }, (_, at) => ((at * 7) % 500) * 10);
    const times: number[] = [];
    await mergeByTime(
      firsts.map((firstUs) => ({ batches: counted([firstUs, firstUs + 4, firstUs + 12]), firstUs })),
      (one) => {
        times.push(one.stageUs[0] as number);
        return undefined;
      },
    );
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(times).toHaveLength(1_500);
    expect(most).toBeLessThanOrEqual(3);
  });
});
