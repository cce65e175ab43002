import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formats } from "../../src/formats/registry.ts";
import { V1_CREATE, V1_LIST, pretty } from "../../src/formats/shape/sample-events.ts";
import { readAll } from "./collect.ts";

const inputs = formats.flatMap(({ id, samples }) => samples().map(({ name, text }) => ({ id, name, text })));

describe("chunk borders do not matter", () => {
  it.each(inputs)("$id: $name, byte by byte", ({ text }) => {
    const data = Buffer.from(text);
    expect(readAll("", data, [1])).toEqual(readAll("", data));
  });

  it.each(inputs)("$id: $name, cut at random places", ({ text }) => {
    const data = Buffer.from(text);
    const whole = readAll("", data);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 30 }), (sizes) => {
        expect(readAll("", data, sizes)).toEqual(whole);
      }),
      { seed: 11, numRuns: 60 },
    );
  });

  // Pieces of valid and broken input, put together at random: what comes out may be anything, but always the same.
  const piece = fc.oneof(
    fc.constantFrom(V1_LIST, V1_CREATE, pretty(V1_LIST), `{"kind":"EventList","items":[${V1_LIST}]}`, `[${V1_CREATE}]`),
    fc.constantFrom("\n", "\n", "\n\n", ",", "]", "}", "[", "{", '"', "\\", "\r\n", "\0\0", "\ufeff", "  "),
    fc.constantFrom(
      "2026-11-20T14:02:11Z stdout P ",
      "2026-11-20T14:02:11Z stdout F ",
      "cp1 ",
      "oops",
      "é😀",
      '{"a":1}',
    ),
    fc.nat({ max: 300 }).map((length) => V1_CREATE.slice(0, length)),
    fc.nat({ max: 300 }).map((length) => V1_LIST.slice(length)),
  );
  it.each(['1{\\2\n"', '1\\\\2\n"', '1{"a":1}\n{', "1[{]\n["])(
    "what an earlier line left behind a record is no part of it: %j",
    (text) => {
      const data = Buffer.from(text);
      expect(readAll("jsonl", data, [1])).toEqual(readAll("jsonl", data));
    },
  );

  it.each(["jsonl", "documents"])("%s: whatever the input", (id) => {
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 25 }).map((pieces) => Buffer.from(pieces.join(""))),
        fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 30 }),
        (data, sizes) => {
          const whole = readAll(id, data);
          expect(readAll(id, data, sizes)).toEqual(whole);
          for (const { text, offset, bytes } of whole.records) {
            if (bytes === Buffer.byteLength(text)) expect(data.toString("utf8", offset, offset + bytes)).toBe(text);
            expect(offset + bytes).toBeLessThanOrEqual(data.length);
          }
        },
      ),
      { seed: 12, numRuns: 400 },
    );
  });
});
