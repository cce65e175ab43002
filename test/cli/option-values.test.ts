import { describe, expect, it } from "vitest";
import { count, dimensions, durationMs, limit, sizeBytes, time } from "../../src/cli/option-values.ts";

describe("durations", () => {
  it.each([
    ["15m", 900_000],
    ["1h30m", 5_400_000],
    ["500ms", 500],
    ["1.5h", 5_400_000],
    ["2d", 172_800_000],
    ["1m500ms", 60_500],
  ])("%s", (text, ms) => {
    expect(durationMs(text)).toBe(ms);
  });

  it.each(["", "m", "-5m", "5 m", "5x", "1h!", "1e3s", "ten minutes"])("refuses %j", (text) => {
    expect(() => durationMs(text)).toThrow(/is no duration/);
  });

  it("asks for the unit when it is missing", () => {
    expect(() => durationMs("15")).toThrow("did you mean 15s or 15m?");
  });
});

describe("times", () => {
  it.each(["2026-11-21T00:09:31.812345Z", "2026-11-21", "00:09:31", "15m", "now-2h", "now"])("%s", (text) => {
    expect(time(text)).toBe(text);
  });

  it.each(["yesterday", "2026-13-40", "2026-02-31T25:00:00Z", "now+2h", "", "15"])("refuses %j", (text) => {
    expect(() => time(text)).toThrow(/is no time; expected like/);
  });
});

describe("numbers and sizes", () => {
  it("counts", () => {
    expect(count(1)("250k")).toBe(250_000);
    expect(count(1)("2M")).toBe(2_000_000);
    expect(count(1)("1_000")).toBe(1_000);
    expect(() => count(1)("0")).toThrow(/at least 1/);
    expect(() => count(0)("-1")).toThrow(/no number/);
    expect(() => count(0)("1.5")).toThrow(/no number/);
    expect(limit("all")).toBe(Number.POSITIVE_INFINITY);
    expect(limit("0")).toBe(0);
  });

  it.each([
    ["256MiB", 268_435_456],
    ["1G", 1_073_741_824],
    ["1Gi", 1_073_741_824],
    ["500MB", 500_000_000],
    ["4096", 4_096],
    ["4096B", 4_096],
    ["1.5k", 1_536],
  ])("%s", (text, bytes) => {
    expect(sizeBytes(text)).toBe(bytes);
  });

  it.each(["", "MB", "-1G", "1X", "1e9"])("refuses size %j", (text) => {
    expect(() => sizeBytes(text)).toThrow(/no size/);
  });
});

describe("dimensions", () => {
  it("takes several, and annotations by key", () => {
    expect(dimensions("user,verb")).toEqual(["user", "verb"]);
    expect(dimensions("annotation:k8s.io/deprecated")).toEqual(["annotation:k8s.io/deprecated"]);
  });

  it("suggests what was meant", () => {
    expect(() => dimensions("usr")).toThrow(/did you mean user\?/);
    expect(() => dimensions("user,")).toThrow(/no dimension/);
    expect(() => dimensions("annotation:")).toThrow(/no dimension/);
    expect(() => dimensions("__proto__")).toThrow(/no dimension/);
  });

  it("shows control characters of a mistake instead of sending them", () => {
    expect(() => dimensions("\u001b[31m")).toThrow(/^[^\u001b]*$/);
  });
});
