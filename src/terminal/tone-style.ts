import type { ColorDepth } from "./capabilities.ts";

/** How one tone looks. */
export interface ToneStyle {
  /** `RRGGBB`, an index of the 256 colours (below 16: the terminal's own palette), or null for the terminal's own text colour. */
  readonly color: string | number | null;
  /** What stands for `color` where there are 16 colours: 0–15; absent: the nearest. */
  readonly basic?: number;
  readonly attributes: readonly Attribute[];
}

const ATTRIBUTES = { bold: 1, dim: 2, italic: 3, underline: 4, reverse: 7 } as const;
export type Attribute = keyof typeof ATTRIBUTES;

const HUES = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"] as const;
/** The 16 colours by their common names, in the order of their numbers. */
const NAMES: readonly string[] = [...HUES, ...HUES.map((name) => `bright-${name}`)];
/** xterm's values of the 16 colours, for finding the nearest. */
const BASIC_RGB: readonly number[] = [
  0x000000, 0xcd0000, 0x00cd00, 0xcdcd00, 0x0000ee, 0xcd00cd, 0x00cdcd, 0xe5e5e5, 0x7f7f7f, 0xff0000, 0x00ff00,
  0xffff00, 0x5c5cff, 0xff00ff, 0x00ffff, 0xffffff,
];
const CUBE_LEVELS = [0, 95, 135, 175, 215, 255] as const;

/** Words a style is written with, for messages. */
export const STYLE_WORDS = `#rrggbb, 0 to 255, a colour (red, bright-blue, …), ${Object.keys(ATTRIBUTES).join(", ")}, default`;

/** `bold #d75f5f`, `245`, `underline bright-red`, `default`; the word that is none of these. */
export function parseStyle(
  text: string,
): { readonly ok: true; readonly style: ToneStyle } | { readonly ok: false; readonly word: string } {
  let color: ToneStyle["color"] = null;
  const attributes: Attribute[] = [];
  for (const word of text.trim().toLowerCase().split(/\s+/)) {
    if (isAttribute(word)) attributes.push(word);
    else if (/^#[0-9a-f]{6}$/.test(word)) color = word.slice(1);
    else if (/^\d{1,3}$/.test(word) && Number(word) < 256) color = Number(word);
    else if (NAMES.includes(word)) color = NAMES.indexOf(word);
    else if (word !== "default") return { ok: false, word };
  }
  return { ok: true, style: { color, attributes } };
}

/** Every word `parseStyle` knows by name, for "did you mean". */
export function styleNames(): readonly string[] {
  return [...NAMES, ...Object.keys(ATTRIBUTES), "default"];
}

/** SGR parameters (`1;38;5;167`), "" for plain text. */
export function sgrOf({ color, basic, attributes }: ToneStyle, depth: ColorDepth): string {
  const codes = attributes.map((attribute) => String(ATTRIBUTES[attribute]));
  if (color !== null && depth !== "none") codes.push(colorCode(color, basic, depth));
  return codes.join(";");
}

function colorCode(color: string | number, basic: number | undefined, depth: "16" | "256" | "true"): string {
  if (typeof color === "number" && color < 16) return basicCode(color);
  if (depth === "16") return basicCode(basic ?? nearestBasic(rgbOf(color)));
  if (typeof color === "number") return `38;5;${color}`;
  if (depth === "256") return `38;5;${nearestPalette(color)}`;
  return `38;2;${channelsOf(rgbOf(color)).join(";")}`;
}

function basicCode(index: number): string {
  return String(index < 8 ? 30 + index : 82 + index);
}

/** A colour as one number, `0xRRGGBB`. */
export function rgbOf(color: string | number): number {
  if (typeof color === "string") return Number.parseInt(color, 16);
  if (color < 16) return BASIC_RGB[color] ?? 0;
  if (color >= 232) return (8 + 10 * (color - 232)) * 0x010101;
  const at = color - 16;
  const [red, green, blue] = [Math.floor(at / 36), Math.floor(at / 6) % 6, at % 6].map(
    (level) => CUBE_LEVELS[level] ?? 0,
  );
  return ((red ?? 0) << 16) | ((green ?? 0) << 8) | (blue ?? 0);
}

function channelsOf(rgb: number): readonly [number, number, number] {
  return [rgb >> 16, (rgb >> 8) & 0xff, rgb & 0xff];
}

function nearestPalette(color: string): number {
  return nearest(
    rgbOf(color),
    Array.from({ length: 240 }, (_, at) => at + 16),
  );
}

function nearestBasic(rgb: number): number {
  return nearest(
    rgb,
    Array.from({ length: 16 }, (_, at) => at),
  );
}

function nearest(rgb: number, candidates: readonly number[]): number {
  let best = candidates[0] ?? 0;
  let least = Infinity;
  for (const candidate of candidates) {
    const other = channelsOf(rgbOf(candidate));
    const distance = channelsOf(rgb).reduce((sum, channel, at) => sum + (channel - (other[at] ?? 0)) ** 2, 0);
    if (distance < least) [best, least] = [candidate, distance];
  }
  return best;
}

function isAttribute(word: string): word is Attribute {
  return Object.hasOwn(ATTRIBUTES, word);
}
