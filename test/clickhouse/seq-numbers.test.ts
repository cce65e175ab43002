import * as fc from "fast-check";
import { expect, test } from "vitest";
import { laneOf, LANES, nextSeq, seqAt } from "../../src/clickhouse/ship/seq-numbers.ts";

const YEAR_MS = 365 * 86_400_000;
const now = fc.integer({ min: Date.UTC(2026, 6), max: Date.UTC(2026, 6) + 30 * YEAR_MS });

test("batches of any length, of shippers in any lanes, have no number in common and grow", () => {
  const batch = fc.record({ lane: fc.constantFrom(0, 1, 2, LANES - 1), rows: fc.integer({ min: 1, max: 120_000 }) });
  const shipped = fc.record({
    from: now,
    batches: fc.array(batch, { maxLength: 12 }),
    pauseMs: fc.constantFrom(0, 900, 5_000),
  });
  fc.assert(
    fc.property(shipped, ({ from, batches, pauseMs }) => {
      const last = new Map<number, number>();
      const ranges: { readonly first: number; readonly rows: number }[] = [];
      for (const [at, { lane, rows }] of batches.entries()) {
        const first = nextSeq(from + at * pauseMs, lane, last.get(lane) ?? 0);
        expect(first).toBeGreaterThan(last.get(lane) ?? -1);
        for (const row of [0, 1, 16_383, 16_384, 40_000, rows - 1].filter((one) => one < rows)) {
          const seq = seqAt(first, row);
          expect([laneOf(seq), Number.isSafeInteger(seq)]).toEqual([lane, true]);
          if (row > 0) expect(seq).toBeGreaterThan(seqAt(first, row - 1));
        }
        last.set(lane, seqAt(first, rows - 1));
        ranges.push({ first, rows });
      }
      const all = ranges.flatMap(({ first, rows }) =>
        Array.from({ length: Math.min(rows, 200) }, (_, row) => seqAt(first, rows - 1 - row)),
      );
      expect(new Set(all).size).toBe(all.length);
    }),
    { numRuns: 50 },
  );
});
