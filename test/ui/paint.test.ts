import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { displayWidth } from "../../src/models/display-width.ts";
import type { Tone } from "../../src/models/view.ts";
import type { Line } from "../../src/models/view.ts";
import { createPainter as createRowPainter, type PaintOptions, rowText } from "../../src/ui/paint.ts";
import type { Capabilities } from "../../src/terminal/capabilities.ts";
import { themeNamed, THEMES, toneCodes } from "../../src/terminal/themes.ts";

function createPainter(capabilities: Capabilities) {
  const paint = createRowPainter(capabilities, toneCodes(themeNamed("dark", THEMES, {}), capabilities.color));
  return (line: Line, width: number, options?: PaintOptions): string => rowText(paint(line, width, options));
}

const SGR = /\u001b\[[\d;]*m/g;
const tones = fc.constantFrom<Tone>("normal", "muted", "danger", "heading", "code4xx");
const hostile = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: "grapheme" }),
  fc.constantFrom(
    "\u001b[2J",
    "\u001b]52;c;aGk=\u0007",
    "\u009b31m",
    "\u202eevil",
    "a\tb\r\nc",
    "\ud800",
    "👩‍🔧 日本 é",
    "\u{e0041}",
    "\u2066x\u2069",
  ),
);
const lines = fc.array(fc.record({ text: hostile, tone: tones, bold: fc.boolean() }), { maxLength: 6 });

describe("the last guard before the terminal", () => {
  for (const unicode of [true, false]) {
    test(`nothing a terminal obeys gets through (unicode ${unicode})`, () => {
      const paint = createPainter({ color: "256", unicode });
      fc.assert(
        fc.property(lines, fc.integer({ min: 0, max: 120 }), fc.boolean(), (line, width, reverse) => {
          const text = paint(line, width, { reverse }).replaceAll(SGR, "");
          expect(text).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/);
          expect(text.isWellFormed()).toBe(true);
          if (!unicode) expect(text).toMatch(/^[\x20-\x7e]*$/);
          expect(displayWidth(text)).toBeLessThanOrEqual(width);
        }),
        { seed: 5, numRuns: 400 },
      );
    });
  }
});

describe("colours", () => {
  const line = [{ text: "403", tone: "code4xx" as const }];

  test("by what the terminal can do", () => {
    expect(createPainter({ color: "16", unicode: true })(line, 10)).toBe("\u001b[33m403\u001b[0m");
    expect(createPainter({ color: "256", unicode: true })(line, 10)).toBe("\u001b[38;5;172m403\u001b[0m");
    expect(createPainter({ color: "true", unicode: true })(line, 10)).toBe("\u001b[38;2;208;135;0m403\u001b[0m");
    expect(createPainter({ color: "none", unicode: true })(line, 10)).toBe("403");
  });

  test("the row under the cursor is one bar as far as it has text, with or without colours", () => {
    for (const color of ["none", "256"] as const) {
      expect(createPainter({ color, unicode: true })(line, 6, { reverse: true })).toBe("\u001b[7m403\u001b[0m");
    }
  });

  test("without colours what is worst still stands out", () => {
    expect(createPainter({ color: "none", unicode: true })([{ text: "x", tone: "danger" }], 5)).toBe(
      "\u001b[1mx\u001b[0m",
    );
  });
});
