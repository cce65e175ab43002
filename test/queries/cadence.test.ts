import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cadenceOf, LEAST_BEATS, medianOf } from "../../src/queries/cadence.ts";

const SECOND = 1e6;

function times(...seconds: readonly number[]): Float64Array {
  return Float64Array.from(seconds, (at) => at * SECOND).sort();
}

const fraction = fc.double({ min: 0, max: 1, noNaN: true });

/** A client with a period, a phase that wanders by `noise` of it, and some beats left out. */
const periodic = fc
  .record({
    period: fc.double({ min: 0.5, max: 3_600, noNaN: true }),
    noise: fc.double({ min: 0, max: 0.08, noNaN: true }),
    shifts: fc.array(fraction, { minLength: 12, maxLength: 200 }),
    missEvery: fc.integer({ min: 5, max: 50 }),
    burst: fc.integer({ min: 1, max: 4 }),
  })
  .map(({ period, noise, shifts, missEvery, burst }) => ({
    period,
    calls: times(
      ...shifts.flatMap((shift, at) =>
        at % missEvery === 3
          ? []
          : Array.from(
              { length: burst },
              (_, call) => (at + (shift - 0.5) * 2 * noise) * period + call * period * 0.002,
            ),
      ),
    ),
  }));

describe("cadence", () => {
  it("finds the period of noisy periodic calls, missed beats and bursts included", () => {
    fc.assert(
      fc.property(periodic, ({ period, calls }) => {
        const found = cadenceOf(calls);
        expect(found).not.toBeNull();
        expect(Math.abs((found?.periodMs ?? 0) / 1_000 - period) / period).toBeLessThan(0.1);
        expect(found?.kind).toBe("regular");
      }),
      { seed: 7, numRuns: 300 },
    );
  });

  it("calls random calls irregular", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 1e-9, max: 1, noNaN: true }), { minLength: 100, maxLength: 300 }),
        fc.double({ min: 0.1, max: 1_000, noNaN: true }),
        (randoms, mean) => {
          // The generator prefers small and edge values: spread them evenly first, then make distances exponential.
          let at = 0;
          const calls = times(
            ...randoms.map((random, index) => {
              const even = (random + index * 0.618_033_988_75) % 1 || 0.5;
              at -= Math.log(even) * mean;
              return at;
            }),
          );
          expect(cadenceOf(calls)?.kind).not.toBe("regular");
        },
      ),
      { seed: 7, numRuns: 300 },
    );
  });

  it("does not depend on when the calls began", () => {
    fc.assert(
      fc.property(periodic, fc.integer({ min: 0, max: 1e6 }), ({ calls }, days) => {
        const later = calls.map((us) => us + days * SECOND);
        const [first, second] = [cadenceOf(calls), cadenceOf(later)];
        expect(second?.beats).toBe(first?.beats);
        expect(second?.periodMs ?? 0).toBeCloseTo(first?.periodMs ?? 0, 2);
      }),
      { seed: 7, numRuns: 200 },
    );
  });

  it("is not moved by a silence of the log", () => {
    const calls = times(0, 10, 20, 30, 40, 700, 710, 720, 730);
    expect(cadenceOf(calls)).toMatchObject({ periodMs: 10_000, jitterMs: 0, kind: "regular" });
  });

  it("tells no period from too few calls, or from calls at one moment", () => {
    expect(cadenceOf(times())).toBeNull();
    expect(cadenceOf(times(0, 10, 20))).toBeNull();
    expect(cadenceOf(times(5, 5, 5, 5, 5, 5))).toBeNull();
    expect(cadenceOf(times(...Array.from({ length: LEAST_BEATS }, (_, at) => at)))?.kind).toBe("regular");
  });

  it("takes the mean of the middle two as the median", () => {
    expect(medianOf(Float64Array.of(4, 1, 3, 2))).toBe(2.5);
    expect(medianOf(Float64Array.of(3, 1, 2))).toBe(2);
  });
});
