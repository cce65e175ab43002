import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { displayWidth } from "../../src/models/display-width.ts";
import type { PaintedRow } from "../../src/ui/paint.ts";
import { rowUpdate } from "../../src/ui/row-update.ts";
import { styleChange } from "../../src/ui/sgr.ts";
import { type DisplayStream, Surface } from "../../src/ui/surface.ts";
import { FakeTerminal } from "../support/terminal.ts";

const COLUMNS = 30;
const texts = fc.oneof(
  fc.string({ unit: "grapheme-ascii", maxLength: 8 }),
  fc.constantFrom("…", "─│┌", "█▇▁", "日本", "é", "👩‍🔧", "      ", "403"),
);
const spans = fc.record({
  text: texts,
  sgr: fc.constantFrom("", "31", "38;5;244", "1;38;5;172", "1", "7", "44", "1;38;2;1;2;3;48;5;9", "58;5;1;31"),
});
/** Rows never wider than the screen: a wide character takes two columns. */
const rows = fc
  .array(spans, { maxLength: 4 })
  .map((row) => row.filter((_, at) => row.slice(0, at + 1).reduce((sum, s) => sum + s.text.length * 2, 0) <= COLUMNS));

function drawn(terminal: FakeTerminal, height: number): unknown {
  return Array.from({ length: height }, (_, row) =>
    Array.from({ length: COLUMNS }, (_, column) => {
      const { char, reverse, bold, color } = terminal.styleAt(column, row);
      // Whether an empty cell was ever written doesn't show.
      const isBlank = char === "" || char === " ";
      return isBlank && !reverse ? " " : `${isBlank ? " " : char}/${reverse}/${bold}/${isBlank ? "" : color}`;
    }),
  );
}

const settled = (terminal: FakeTerminal): Promise<void> =>
  new Promise((resolve) => terminal.stdout.write("", undefined, resolve));

const surfaceOn = (terminal: FakeTerminal): Surface => new Surface(terminal.stdout as unknown as DisplayStream);

/** What was handed over in one go is written behind it. */
const committed = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("the surface", () => {
  test("after any sequence of changes the screen is what drawing it afresh gives", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(rows, rows, rows), { minLength: 1, maxLength: 5 }), async (frames) => {
        const grown = new FakeTerminal(COLUMNS, 4);
        const surface = surfaceOn(grown);
        for (const frame of frames) {
          surface.put(0, 3, frame);
          await committed();
        }
        const fresh = new FakeTerminal(COLUMNS, 4);
        surfaceOn(fresh).put(0, 3, frames.at(-1) ?? []);
        await settled(grown);
        await settled(fresh);
        expect(drawn(grown, 3)).toEqual(drawn(fresh, 3));
        grown.close();
        fresh.close();
      }),
      { seed: 9, numRuns: 200 },
    );
  });

  test("what regions hand over in one commit is one write, the same again none, and rows that are missing are blank", async () => {
    const terminal = new FakeTerminal(20, 6);
    const surface = surfaceOn(terminal);
    const writes = (): string[] => terminal.stdout.writes.splice(0);
    surface.put(2, 2, [[{ text: "a", sgr: "" }]]);
    surface.put(5, 1, [[{ text: "b", sgr: "" }]]);
    await committed();
    expect(writes()).toEqual(["\u001b[m\u001b[H\u001b[J\u001b[3Ha\u001b[6Hb"]);
    surface.put(2, 2, [[{ text: "a", sgr: "" }], []]);
    await committed();
    expect(writes()).toEqual([]);
    surface.put(2, 2, []);
    await committed();
    expect(writes()).toEqual(["\u001b[3H\u001b[K"]);
    terminal.close();
  });

  test("waits while the terminal is somebody else's, then starts from an empty screen of whatever size", async () => {
    const terminal = new FakeTerminal(20, 6);
    const surface = surfaceOn(terminal);
    surface.put(
      0,
      6,
      Array.from({ length: 6 }, (_, at) => [{ text: `row ${at}`, sgr: "" }]),
    );
    await committed();
    surface.hold();
    terminal.stdout.write("\u001b[3Hsomething else");
    terminal.resize(20, 3);
    surface.put(0, 3, [[{ text: "first", sgr: "" }]]);
    await committed();
    terminal.stdout.writes.length = 0;
    surface.release();
    expect(terminal.stdout.writes).toEqual(["\u001b[m\u001b[H\u001b[J\u001b[1Hfirst"]);
    await settled(terminal);
    expect(terminal.screen()).toEqual(["first", "", ""]);
    terminal.close();
  });
});

describe("updating a row", () => {
  const row = (text: string, sgr = ""): PaintedRow => [{ text, sgr }];

  test("writes the changed cells only", () => {
    expect(rowUpdate(row("requests 1,204"), row("requests 1,205"), 3)).toBe("\u001b[3;14H5");
    const before = row(`403${" ".repeat(20)}7 requests`);
    const after = row(`404${" ".repeat(20)}8 requests`);
    expect(rowUpdate(before, after, 1)).toBe("\u001b[1;3H4\u001b[20C8");
  });

  test("a shorter row is erased to its end, a changed style is written anew", () => {
    expect(rowUpdate(row("abcdef"), row("abc"), 2)).toBe("\u001b[2;4H\u001b[K");
    expect(rowUpdate(row("abc"), row("abc", "31"), 2)).toBe("\u001b[2H\u001b[31mabc\u001b[m");
  });

  test("rows with characters of uncertain width are written whole, what follows them at its column, without wrapping", () => {
    expect(rowUpdate(row("日本 1"), row("日本 2"), 1)).toBe("\u001b[?7l\u001b[1;1H\u001b[2K日本\u001b[5G 2\u001b[?7h");
    const family = rowUpdate(
      null,
      [
        { text: "a👩‍👩‍👧", sgr: "31" },
        { text: " 403", sgr: "" },
      ],
      2,
    );
    expect(family).toBe("\u001b[?7l\u001b[2;1H\u001b[2K\u001b[31ma👩‍👩‍👧\u001b[m\u001b[4G 403\u001b[?7h");
  });

  test("columns behind such characters stay where they are on a terminal that draws them wider or narrower", async () => {
    for (const name of ["👩‍👩‍👧‍👦", "🇩🇪🇩🇪", "日本語", "e\u0301\u0301", "नमस्ते", "1️⃣", "❤️", "שלום"]) {
      // xterm.js counts by Unicode 6: flags and families come out wider than here.
      const terminal = new FakeTerminal(COLUMNS, 2);
      const width = displayWidth(name);
      terminal.stdout.write(rowUpdate(null, row(`${name}${" ".repeat(20 - width)}403 end`), 1));
      await settled(terminal);
      expect([20, 21, 22].map((column) => terminal.styleAt(column, 0).char).join(""), name).toBe("403");
      expect(terminal.screen()[1]).toBe("");
      terminal.close();
    }
  });
});

describe("between styles", () => {
  test("only what differs is said, and nothing is taken back that need not be", () => {
    expect(styleChange("", "38;5;244")).toBe("\u001b[38;5;244m");
    expect(styleChange("38;5;244", "38;5;68")).toBe("\u001b[38;5;68m");
    expect(styleChange("38;5;244", "1;38;5;244")).toBe("\u001b[1m");
    expect(styleChange("1;38;5;172", "38;5;244")).toBe("\u001b[0;38;5;244m");
    expect(styleChange("7", "")).toBe("\u001b[m");
    expect(styleChange("31", "31")).toBe("");
    expect(styleChange("31", "58;5;1;31")).toBe("\u001b[0;58;5;1;31m");
  });
});
