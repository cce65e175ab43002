import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseStyle, rgbOf, sgrOf } from "../../src/terminal/tone-style.ts";
import { spanCodes, themeNamed, themeOfBackground, THEMES, toneCodes } from "../../src/terminal/themes.ts";

type Rgb = readonly [number, number, number];

/** Linear light, 0–1. */
function linear(rgb: number): Rgb {
  const channel = (value: number): number => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
  return [channel((rgb >> 16) / 255), channel(((rgb >> 8) & 255) / 255), channel((rgb & 255) / 255)];
}

function luminance([red, green, blue]: Rgb): number {
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** WCAG 2's contrast ratio. */
function contrast(a: number, b: number): number {
  const [high = 0, low = 0] = [luminance(linear(a)), luminance(linear(b))].toSorted((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

/** Full protanopia and deuteranopia after Machado, Oliveira and Fernandes (2009). */
const BLINDNESS: readonly (readonly [string, readonly Rgb[]])[] = [
  [
    "protanopia",
    [
      [0.152286, 1.052583, -0.204868],
      [0.114503, 0.786281, 0.099216],
      [-0.003882, -0.048116, 1.051998],
    ],
  ],
  [
    "deuteranopia",
    [
      [0.367322, 0.860646, -0.227968],
      [0.280085, 0.672501, 0.047413],
      [-0.01182, 0.04294, 0.968881],
    ],
  ],
];

/** CIE L*a*b* of a colour as somebody sees it. */
function lab(rgb: number, seen: readonly Rgb[]): Rgb {
  const light = linear(rgb);
  const apply = (rows: readonly Rgb[], by: Rgb): number[] =>
    rows.map((row) =>
      Math.min(
        1,
        Math.max(
          0,
          row.reduce((sum, weight, at) => sum + weight * (by[at] ?? 0), 0),
        ),
      ),
    );
  const [r = 0, g = 0, b = 0] = apply(seen, light);
  const x = (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505;
  const y = 0.2126 * r + 0.7152 * g + 0.0722 * b;
  const z = (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089;
  const f = (value: number): number => (value > 0.008856 ? Math.cbrt(value) : 7.787 * value + 16 / 116);
  return [116 * f(y) - 16, 500 * (f(x) - f(y)), 200 * (f(y) - f(z))];
}

function colorOf(theme: string, tone: "good" | "warn" | "danger" | "muted" | "accent" | "info" | "human"): number {
  const { color } = themeNamed(theme, THEMES, {}).tones[tone];
  return rgbOf(color ?? 0);
}

describe("themes can be read", () => {
  const backgrounds = { dark: [0x000000, 0x1c1c1c], light: [0xffffff, 0xf8f8f8] } as const;
  for (const { name, background, tones } of THEMES) {
    if (background === "any") continue;
    for (const [tone, { color }] of Object.entries(tones)) {
      if (color === null) continue;
      test(`${name}: ${tone} on ${background}`, () => {
        const least = name === "contrast" ? 7 : tone === "muted" ? 4 : 4.2;
        for (const behind of backgrounds[background]) {
          expect(contrast(rgbOf(color), behind)).toBeGreaterThanOrEqual(least);
        }
      });
    }
  }

  for (const theme of ["colorblind", "colorblind-light"]) {
    for (const [kind, seen] of BLINDNESS) {
      test(`${theme} keeps good, warn and danger apart with ${kind}`, () => {
        const labs = (["good", "warn", "danger"] as const).map((tone) => lab(colorOf(theme, tone), seen));
        for (const [at, one] of labs.entries()) {
          for (const other of labs.slice(at + 1)) {
            expect(Math.hypot(...one.map((value, i) => value - (other[i] ?? 0)))).toBeGreaterThan(20);
          }
        }
      });
    }
  }

  test("mono uses no colour at any depth", () => {
    for (const depth of ["none", "16", "256", "true"] as const) {
      for (const code of toneCodes(themeNamed("mono", THEMES, {}), depth).values())
        expect(code).toMatch(/^[1-7](;[1-7])*$/);
    }
  });

  test("terminal leaves every colour to the terminal's palette", () => {
    for (const code of toneCodes(themeNamed("terminal", THEMES, {}), "true").values()) expect(code).not.toMatch(/38;/);
  });
});

describe("which theme", () => {
  test("light where the terminal says that its background is light", () => {
    expect(themeOfBackground({})).toBe("dark");
    expect(themeOfBackground({ COLORFGBG: "15;0" })).toBe("dark");
    expect(themeOfBackground({ COLORFGBG: "0;15" })).toBe("light");
    expect(themeOfBackground({ COLORFGBG: "0;default;15" })).toBe("light");
    expect(themeOfBackground({ COLORFGBG: "0;7" })).toBe("light");
    expect(themeOfBackground({ COLORFGBG: "15;8" })).toBe("dark");
    expect(themeOfBackground({ COLORFGBG: "15;default" })).toBe("dark");
    expect(themeNamed("auto", THEMES, { COLORFGBG: "0;15" }).name).toBe("light");
    expect(themeNamed("contrast", THEMES, { COLORFGBG: "0;15" }).name).toBe("contrast");
  });
});

describe("styles", () => {
  const sgr = (text: string, depth: "none" | "16" | "256" | "true"): string | null => {
    const parsed = parseStyle(text);
    return parsed.ok ? sgrOf(parsed.style, depth) : null;
  };

  test("by what the terminal can do", () => {
    expect(sgr("bold #d75f5f", "true")).toBe("1;38;2;215;95;95");
    expect(sgr("bold #d75f5f", "256")).toBe("1;38;5;167");
    expect(sgr("bold #ff1010", "16")).toBe("1;91");
    expect(sgr("bold #d75f5f", "none")).toBe("1");
    expect(sgr("245", "256")).toBe("38;5;245");
    expect(sgr("245", "true")).toBe("38;5;245");
    expect(sgr("underline bright-red", "true")).toBe("4;91");
    expect(sgr("default", "true")).toBe("");
    expect(sgr("300", "true")).toBeNull();
    expect(sgr("rot", "true")).toBeNull();
  });

  test("are nothing but numbers, whatever was written", () => {
    const words = fc.constantFrom("bold", "#12ab9F", "17", "bright-blue", "default", "dim", "256", "\u001b[2J", "");
    fc.assert(
      fc.property(fc.array(words), fc.constantFrom("none", "16", "256", "true"), (parts, depth) => {
        expect(sgr(parts.join(" "), depth) ?? "").toMatch(/^(\d+(;\d+)*)?$/);
      }),
      { seed: 7 },
    );
  });

  test("bold text keeps its tone, and is not made bold twice", () => {
    const codes = new Map([
      ["danger", "1;31"],
      ["human", "172"],
    ] as const);
    expect(spanCodes({ tone: "danger", bold: true }, codes)).toBe("1;31");
    expect(spanCodes({ tone: "human", bold: true }, codes)).toBe("1;172");
    expect(spanCodes({ bold: true }, codes)).toBe("1");
  });
});
