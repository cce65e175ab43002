import { describe, expect, it } from "vitest";
import { parseExact } from "../../src/events/exact-json.ts";
import { jsonLines } from "../../src/models/json-lines.ts";
import { lineText } from "../../src/models/line.ts";

describe("JSON lines", () => {
  const value = parseExact(
    '{"metadata":{"name":"x","managedFields":[{"manager":"kubectl"}]},"big":12345678901234567890,"none":{},"text":"a\\nb"}',
  );
  const show = (width: number, folded: readonly string[]): string =>
    `\n${jsonLines(value, {
      width,
      unicode: true,
      isFolded: (path, key) => key === "managedFields" || folded.includes(path),
    })
      .map((line) => lineText(line.line))
      .join("\n")}`;

  it("pretty-prints, folds and keeps every digit", () => {
    expect(show(60, [])).toMatchInlineSnapshot(`
      "
      {
        "metadata": {
          "name": "x",
          "managedFields": [ … 1 item ]
        },
        "big": 12345678901234567890,
        "none": {},
        "text": "a\\nb"
      }"
    `);
    expect(show(60, ["/metadata"])).toMatchInlineSnapshot(`
      "
      {
        "metadata": { … 2 fields },
        "big": 12345678901234567890,
        "none": {},
        "text": "a\\nb"
      }"
    `);
  });

  it("wraps long strings and escapes hostile ones", () => {
    const lines = jsonLines(
      { note: `${"word ".repeat(10)}\u001b[2J\u202e` },
      { width: 30, unicode: true, isFolded: () => false },
    );
    expect(`\n${lines.map((line) => lineText(line.line)).join("\n")}`).toMatchInlineSnapshot(`
      "
      {
        "note": "word word word
          word word word word
          word word word
          \\u001b[2J\\u{202e}"
      }"
    `);
  });
});
