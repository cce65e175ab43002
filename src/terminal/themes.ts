import type { Span, Tone } from "../models/view.ts";
import type { ColorDepth, Environment } from "./capabilities.ts";
import { parseStyle, sgrOf, type ToneStyle } from "./tone-style.ts";

type StyledTone = Exclude<Tone, "normal">;

/** Looks of every tone; what is meant is in the models, what it looks like only here. */
export interface Theme {
  readonly name: string;
  /** The background it is made for. */
  readonly background: "dark" | "light" | "any";
  readonly about: string;
  readonly tones: Readonly<Record<StyledTone, ToneStyle>>;
}

/** Tone → SGR parameters ("1;31"); a tone that is missing is drawn as plain text. */
export type ToneCodes = ReadonlyMap<Tone, string>;

/** What colours mean, from which every tone takes its own. `[style]` or `[style, colour of 16]`. */
interface Palette {
  readonly muted: Look;
  readonly accent: Look;
  readonly heading?: Look;
  readonly good: Look;
  readonly warn: Look;
  readonly danger: Look;
  readonly info: Look;
  readonly human: Look;
  readonly match?: Look;
  readonly key?: Look;
}
type Look = readonly [style: string, basic?: number];

const [RED, GREEN, YELLOW, BLUE, MAGENTA, CYAN, WHITE, GREY] = [1, 2, 3, 4, 5, 6, 7, 8] as const;
const BRIGHT = 8;

const dark: Palette = {
  muted: ["#808080", GREY],
  accent: ["#1aa5a5", CYAN],
  good: ["#4faa4f", GREEN],
  warn: ["#d08700", YELLOW],
  danger: ["bold #d75f5f", RED],
  info: ["#5f87d7", BLUE],
  human: ["#b868b8", MAGENTA],
};
/** Yellow of the 16 colours can't be read on white: magenta warns there. */
const light: Palette = {
  muted: ["#6b6b6b", GREY],
  accent: ["#00757a", CYAN],
  good: ["#2a7a2e", GREEN],
  warn: ["#935700", MAGENTA],
  danger: ["bold #c02020", RED],
  info: ["#1f5fbf", BLUE],
  human: ["#8e3a9d", MAGENTA],
};
const colorblind: Palette = {
  muted: ["#949494", GREY],
  accent: ["#9ad0f5", CYAN],
  good: ["#4f9fe0", BLUE],
  warn: ["#f5e05a", YELLOW],
  danger: ["bold #e07a1f", MAGENTA],
  info: ["#4f9fe0", BLUE],
  human: ["#d49ac4", WHITE],
};
const colorblindLight: Palette = {
  muted: ["#6b6b6b", GREY],
  accent: ["#00617a", CYAN],
  good: ["#0058b0", BLUE],
  warn: ["#a06000", MAGENTA],
  danger: ["bold #6a2600", RED],
  info: ["#0058b0", BLUE],
  human: ["#8a3f78", MAGENTA],
};
const contrast: Palette = {
  muted: ["#c4c4c4", WHITE],
  accent: ["#5fffff", CYAN + BRIGHT],
  heading: ["bold #ffffff", WHITE + BRIGHT],
  good: ["#5fff5f", GREEN + BRIGHT],
  warn: ["#ffff5f", YELLOW + BRIGHT],
  danger: ["bold underline #ff8787", RED + BRIGHT],
  info: ["#9fc8ff", CYAN + BRIGHT],
  human: ["#ffafff", MAGENTA + BRIGHT],
};
const terminal: Palette = {
  muted: ["bright-black"],
  accent: ["cyan"],
  good: ["green"],
  warn: ["yellow"],
  danger: ["bold red"],
  info: ["blue"],
  human: ["magenta"],
};
const mono: Palette = {
  muted: ["dim"],
  accent: ["default"],
  good: ["default"],
  warn: ["underline"],
  danger: ["bold underline"],
  info: ["default"],
  human: ["bold"],
  match: ["reverse"],
  key: ["bold"],
};

/** The first two are what `auto` chooses from. */
export const THEMES: readonly Theme[] = [
  theme("dark", "dark", "for dark backgrounds, and readable on most others", dark),
  theme("light", "light", "for light backgrounds", light),
  theme("colorblind", "dark", "blue, yellow and orange instead of green and red", colorblind),
  theme("colorblind-light", "light", "the same for light backgrounds", colorblindLight),
  theme("contrast", "dark", "bright colours on black, at least 7 : 1", contrast),
  theme("terminal", "any", "the terminal's own 16 colours, so that its palette decides", terminal),
  theme("mono", "any", "no colours: bold, dim and underlined", mono),
];

/** Light where the terminal says so: `COLORFGBG` ends in the number of the background colour. */
export function themeOfBackground(environment: Environment): "dark" | "light" {
  const background = /(?:^|;)(\d+)$/.exec(environment["COLORFGBG"] ?? "")?.[1];
  // 8 is dark grey; 7 and the bright colours are light.
  return background !== undefined && Number(background) >= 7 && Number(background) !== 8 ? "light" : "dark";
}

/** The theme of this name, `auto` by the background; dark where there is no such theme. */
export function themeNamed(name: string, themes: readonly Theme[], environment: Environment): Theme {
  const wanted = name === "auto" ? themeOfBackground(environment) : name;
  const found = themes.find((candidate) => candidate.name === wanted) ?? THEMES[0];
  if (found === undefined) throw new Error("there is always a theme");
  return found;
}

export function toneCodes({ tones }: Theme, depth: ColorDepth): ToneCodes {
  const codes = new Map<Tone, string>();
  for (const [tone, style] of Object.entries(tones) as [StyledTone, ToneStyle][]) {
    const sgr = sgrOf(style, depth);
    if (sgr !== "") codes.set(tone, sgr);
  }
  return codes;
}

/** SGR parameters of a piece of text; "" for none. */
export function spanCodes({ tone, bold }: Pick<Span, "tone" | "bold">, codes: ToneCodes): string {
  const own = codes.get(tone ?? "normal") ?? "";
  if (bold !== true || /^1(;|$)/.test(own)) return own;
  return own === "" ? "1" : `1;${own}`;
}

/** Tones a theme can set, in the order of docs. */
export function styledTones(): readonly StyledTone[] {
  return Object.keys(THEMES[0]?.tones ?? {}) as StyledTone[];
}

function theme(name: string, background: Theme["background"], about: string, palette: Palette): Theme {
  const { muted, accent, good, warn, danger, info, human } = palette;
  const looks: Readonly<Record<StyledTone, Look>> = {
    muted,
    accent,
    heading: palette.heading ?? ["bold"],
    good,
    warn,
    danger,
    info,
    code2xx: good,
    code3xx: accent,
    code4xx: warn,
    code5xx: danger,
    human,
    node: accent,
    controller: info,
    serviceaccount: good,
    bar: info,
    match: palette.match ?? bold(warn),
    key: palette.key ?? bold(accent),
  };
  const tones = Object.fromEntries(Object.entries(looks).map(([tone, look]) => [tone, styleOf(look)]));
  return { name, background, about, tones: tones as Theme["tones"] };
}

function bold([style, ...basic]: Look): Look {
  return [`bold ${style}`, ...basic];
}

function styleOf([text, basic]: Look): ToneStyle {
  const parsed = parseStyle(text);
  if (!parsed.ok) throw new Error(`no such style: ${text}`);
  return basic === undefined ? parsed.style : { ...parsed.style, basic };
}
