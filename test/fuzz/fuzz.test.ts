import { expect, test } from "vitest";
import { V1_CREATE, V1_LIST } from "../../src/formats/shape/sample-events.ts";
import { fuzz, seeds } from "./fuzz.ts";

/** The same cases each time; `npm run fuzz` goes on for as long as it is let. */
test("damaged inputs of every format: no reader throws, loses its place or depends on how its input comes", async () => {
  const { failures, events, cases } = await fuzz(seeds([V1_LIST, V1_CREATE]), 1, (done) => done >= 1_500);
  expect(failures).toEqual([]);
  expect(cases).toBe(1_500);
  expect(events).toBeGreaterThan(500);
});
