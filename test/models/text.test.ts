import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { byteSize, count, duration, percent, rate, rates, shortCount } from "../../src/models/numbers.ts";
import { isSafeText, safeText } from "../../src/models/text-safety.ts";
import { clockTime, dateTime, deltaTime, parseTime, relativeTime, zoneName } from "../../src/models/times.ts";

const FORBIDDEN =
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200c\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/u;

describe("text safety", () => {
  it("shows what a terminal would obey", () => {
    expect(safeText("\u001b]0;owned\u0007\u001b[2J")).toBe("\\x1b]0;owned\\x07\\x1b[2J");
    expect(safeText("a\nb\tc\r")).toBe("a\\nb\\tc\\r");
    expect(safeText("\u009b31m\u007f")).toBe("\\x9b31m\\x7f");
    expect(safeText("abc\u202exe.exe")).toBe("abc\\u{202e}xe.exe");
    expect(safeText("ad\u200bmin")).toBe("ad\\u{200b}min");
    expect(safeText("\ud800x")).toBe("\\u{d800}x");
  });

  it("leaves names in any script alone", () => {
    for (const text of ["日本語", "👩‍👩‍👧‍👦", "❤️", "מלך", "e\u0301", "नमस्ते"]) expect(safeText(text)).toBe(text);
    expect(safeText("日é", false)).toBe("\\u{65e5}\\xe9");
  });

  it("bounds length and piled-up marks", () => {
    expect(safeText("x".repeat(10_000_000)).length).toBeLessThan(1_100);
    expect(safeText(`z${"\u0301".repeat(500)}`)).toBe(`z${"\u0301".repeat(4)}[+496 marks]`);
  });

  it("never lets a control character through, and is idempotent", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 60 }), fc.boolean(), (text, unicode) => {
        const safe = safeText(text, unicode);
        expect(safe).not.toMatch(FORBIDDEN);
        expect(safe.isWellFormed()).toBe(true);
        expect(safeText(safe, unicode)).toBe(safe);
        expect(isSafeText(safe)).toBe(true);
        if (!unicode) expect(safe).toMatch(/^[\x20-\x7e]*$/);
      }),
      { seed: 11, numRuns: 600 },
    );
  });
});

describe("numbers", () => {
  it("reads as people write them", () => {
    expect([0, 999, 1_234, 1_234_567].map(count)).toEqual(["0", "999", "1,234", "1,234,567"]);
    expect([7, 999, 1_234, 9_960, 34_567, 999_960, 1_234_567].map(shortCount)).toEqual([
      "7",
      "999",
      "1.2k",
      "10k",
      "35k",
      "1.0M",
      "1.2M",
    ]);
    expect(
      [0, 0.045, 0.9996, 1.234, 12.34, 123.4, 1_234, 12_345, 59_960, 185_000, 8_040_000, 273_600_000].map(duration),
    ).toEqual([
      "0 ms",
      "45 µs",
      "1.00 ms",
      "1.23 ms",
      "12.3 ms",
      "123 ms",
      "1.23 s",
      "12.3 s",
      "1m00s",
      "3m05s",
      "2h14m",
      "3d04h",
    ]);
    expect(duration(null)).toBe("-");
    expect([1_234, 12.34, 0.31, 0.02, 0.0005, 0].map(rate)).toEqual([
      "1.2k/s",
      "12/s",
      "0.3/s",
      "1.2/min",
      "1.8/h",
      "0/s",
    ]);
    const texts = rates([1_234, 0.02]);
    expect([1_234, 12.34, 0.31, 0.0212, 0.001, 0.0009, 0, Number.NaN].map(texts)).toEqual([
      "1.2k/s",
      "12/s",
      "0.3/s",
      "0.021/s",
      "0.001/s",
      "<0.001/s",
      "0/s",
      "-",
    ]);
    expect([0, 0.0004, 0.123, 0.9999, 1].map(percent)).toEqual(["0%", "<0.1%", "12.3%", ">99.9%", "100%"]);
    expect([512, 1_536, 17_500_000].map(byteSize)).toEqual(["512 B", "1.5 KiB", "16.7 MiB"]);
  });
});

describe("times", () => {
  const ms = Date.parse("2026-11-21T00:09:30.459Z");
  it("shows the zone, the distance and the difference", () => {
    expect(clockTime(ms, "utc")).toBe("00:09:30.459");
    expect(dateTime(ms, "utc")).toBe("2026-11-21 00:09:30.459");
    expect(zoneName(ms, "utc")).toBe("UTC");
    expect(zoneName(ms, "local")).toMatch(/^[+-]\d\d:\d\d$/);
    expect(relativeTime(ms, ms + 185_000)).toBe("3m05s ago");
    expect(relativeTime(ms, ms)).toBe("now");
    expect(deltaTime(ms + 12, ms)).toBe("+12.0 ms");
    expect(deltaTime(ms, null)).toBe("-");
  });

  it("survives what is no time", () => {
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, 9e15]) expect(clockTime(bad, "local")).toBe("-");
    expect(Number.isNaN(parseTime(null))).toBe(true);
    expect(Number.isNaN(parseTime("soon"))).toBe(true);
  });
});
