import { pathToFileURL } from "node:url";
import * as fc from "fast-check";
import original from "string-width";
import { beforeAll, describe, expect, test } from "vitest";
import { displayWidth } from "../../src/models/display-width.ts";
import { bundle } from "../support/bundle.ts";

let bundled: typeof original;
beforeAll(async () => {
  const file = await bundle("test/support/string-width-entry.ts");
  ({ stringWidth: bundled } = (await import(pathToFileURL(file).href)) as { stringWidth: typeof original });
});

describe("the width of text, and in the bundled program, is string-width's", () => {
  test("of every character of the Basic Multilingual Plane", () => {
    const differing: string[] = [];
    for (let code = 0; code <= 0xff_ff; code += 1) {
      const character = String.fromCharCode(code);
      const width = original(character);
      if (bundled(character) !== width || displayWidth(character) !== width) differing.push(code.toString(16));
    }
    expect(differing).toEqual([]);
  });

  test("of any text, styled or not, whatever stands beside what", () => {
    const parts = fc.oneof(
      fc.string({ unit: "grapheme" }),
      fc.string({ unit: "binary" }),
      fc.constantFrom(
        "…",
        "─│",
        "✔",
        "✖",
        "●",
        "⏎",
        "▲\ufe0f",
        "1\ufe0f\u20e3",
        "✔\ufe0f",
        "e\u0301",
        "日本",
        "\u001b[31m",
        "\u001b[m",
      ),
    );
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 6 }), (pieces) => {
        const text = pieces.join("");
        expect([bundled(text), displayWidth(text)]).toEqual([original(text), original(text)]);
      }),
      { seed: 21, numRuns: 2_000 },
    );
  });
});
