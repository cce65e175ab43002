import * as fc from "fast-check";
import { expect, test } from "vitest";
import { LEAST_SILENCE_US, Runs } from "../../../src/queries/continuity/activity.ts";
import { silencesOf } from "../../../src/queries/continuity/silences.ts";

/** Clients in bursts, watches that are logged minutes after they were received. */
const times = fc.array(
  fc.oneof(
    fc.integer({ min: 0, max: 60_000_000 }),
    fc.integer({ min: 0, max: 20 }).map((slot) => slot * 3_000_000),
    fc.integer({ min: 0, max: 900_000 }),
  ),
  { maxLength: 120 },
);

test("silences are those between all times in order, to the microsecond, however they come and are cut into blocks", () => {
  fc.assert(
    fc.property(times, fc.integer({ min: 1, max: 40 }), (all, rows) => {
      const whole = new Runs();
      for (let from = 0; from < all.length; from += rows) {
        const part = new Runs();
        for (const us of all.slice(from, from + rows)) part.add(us);
        part.sort();
        whole.addAll(part);
      }
      whole.sort();
      const sorted = all.toSorted((a, b) => a - b);
      const expected = sorted.flatMap((toUs, i) => {
        const fromUs = sorted[i - 1] ?? toUs;
        return toUs - fromUs >= LEAST_SILENCE_US ? [{ fromUs, toUs }] : [];
      });
      expect(silencesOf(whole)).toEqual(expected);
      let requests = 0;
      for (let at = 0; at < whole.length; at++) requests += whole.requestsOf(at);
      expect(requests).toBe(all.length);
    }),
    { numRuns: 400, seed: 11 },
  );
});
