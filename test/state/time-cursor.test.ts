import * as fc from "fast-check";
import { expect, test } from "vitest";
import { resample } from "../../src/models/charts.ts";
import { chosenTime, movedBy, movedTo, type Timeline } from "../../src/state/time-cursor.ts";

const timelines = fc
  .record({ columns: fc.integer({ min: 1, max: 300 }), steps: fc.integer({ min: 1, max: 300 }) })
  .map(({ columns, steps }): Timeline => ({
    first: 0,
    end: 1,
    axis: 1,
    left: 0,
    columns,
    steps: Math.min(columns, steps),
    fromUs: 1_793_232_000_000_000,
    toUs: 1_793_232_000_000_000 + 7_919_000_003,
  }));

test("a step is as many columns as a chart draws of its value, and steps together are the whole time", () => {
  fc.assert(
    fc.property(timelines, (timeline) => {
      const values = Array.from({ length: timeline.steps }, (_, at) => at + 1);
      const drawn = resample(values, timeline.columns);
      let toUs = timeline.fromUs;
      let params: Record<string, string> = { timeCursor: "" };
      for (let step = 0; step < timeline.steps; step++) {
        params = { ...params, ...movedBy({ params }, timeline, 1) };
        const chosen = chosenTime({ params }, timeline);
        const columns = drawn.flatMap((value, column) => (value === step + 1 ? [column] : []));
        expect([chosen?.first, chosen?.last]).toEqual([columns[0], columns.at(-1)]);
        expect(chosen?.fromUs).toBe(toUs);
        toUs = chosen?.toUs ?? Number.NaN;
      }
      expect(toUs).toBe(timeline.toUs);
      expect(chosenTime({ params: { ...params, ...movedBy({ params }, timeline, 5) } }, timeline)?.toUs).toBe(toUs);
    }),
    { numRuns: 100 },
  );
});

test("it stays on its moment when the screen changes, and a range has both ends in it", () => {
  fc.assert(
    fc.property(timelines, timelines, fc.nat(100), fc.nat(100), (one, other, a, b) => {
      const moment = (part: number): string =>
        movedTo(one.fromUs + ((one.toUs - one.fromUs) / 101) * part, one)?.timeCursor ?? "";
      const [timeCursor, timeRange] = [moment(a), moment(b)];
      for (const timeline of [one, other]) {
        const chosen = chosenTime({ params: { timeCursor, timeRange } }, timeline);
        for (const us of [timeCursor, timeRange].map(Number)) {
          expect(us >= (chosen?.fromUs ?? Number.NaN) && us < (chosen?.toUs ?? Number.NaN)).toBe(true);
        }
        expect(chosen?.isRange).toBe(true);
      }
    }),
    { numRuns: 100 },
  );
});

test("what is not drawn has no cursor", () => {
  const timeline: Timeline = { first: 0, end: 1, axis: 1, left: 0, columns: 10, steps: 10, fromUs: 100, toUs: 200 };
  for (const timeCursor of ["99", "200", "", "x", "-1e999"])
    expect(chosenTime({ params: { timeCursor } }, timeline)).toBeNull();
  expect(movedTo(250, timeline)).toBeNull();
});
