import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  bucketMiddle,
  bucketOf,
  BUCKETS,
  LatencyHistograms,
  MAX_LATENCY_US,
  RELATIVE_ERROR,
} from "../../src/queries/latency-histogram.ts";
import { nearestRank } from "../support/oracle-groups.ts";
import { runs } from "../support/runs.ts";

const latency = fc.oneof(
  fc.integer({ min: 0, max: 300 }),
  fc.integer({ min: 0, max: MAX_LATENCY_US }),
  fc.integer({ min: 0, max: 1e6 }),
);

describe("the latency histogram", () => {
  test("a bucket's middle is within the stated error of every value in it", () => {
    fc.assert(
      fc.property(latency, (us) => {
        const bucket = bucketOf(us);
        expect(bucket).toBeGreaterThanOrEqual(0);
        expect(bucket).toBeLessThan(BUCKETS);
        expect(Math.abs(bucketMiddle(bucket) - us)).toBeLessThanOrEqual(us * RELATIVE_ERROR);
      }),
      { numRuns: runs(5_000), seed: 4 },
    );
  });

  test("buckets go up with their values", () => {
    for (let us = 1; us < 70_000; us++) expect(bucketOf(us) - bucketOf(us - 1)).toBeOneOf([0, 1]);
    expect(bucketOf(MAX_LATENCY_US)).toBe(BUCKETS - 1);
  });

  test("percentiles are within the stated error of nearest rank", () => {
    fc.assert(
      fc.property(fc.array(latency, { minLength: 1, maxLength: 200 }), fc.constantFrom(0.5, 0.9, 0.99), (values, p) => {
        const histograms = new LatencyHistograms(4);
        for (const us of values) histograms.add(3, us);
        const exact = nearestRank(values, p);
        expect(Math.abs(histograms.percentile(3, p, values.length) - exact)).toBeLessThanOrEqual(
          exact * RELATIVE_ERROR,
        );
      }),
      { numRuns: runs(500), seed: 6 },
    );
  });
});
