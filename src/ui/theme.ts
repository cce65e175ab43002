import type { Tone } from "../models/view.ts";
import type { ColorDepth } from "./terminal/capabilities.ts";

/** One tone on terminals with 16 colours (SGR number), 256 (palette index) and true colour (RRGGBB); bold where colour is missing. */
interface ToneColors {
  readonly basic: number;
  readonly palette: number;
  readonly rgb: string;
  readonly strong?: boolean;
}

/** Readable on dark and light backgrounds alike: no pure yellow, white or black as a foreground. */
const TONES: Readonly<Record<Exclude<Tone, "normal">, ToneColors>> = {
  muted: { basic: 90, palette: 244, rgb: "808080" },
  accent: { basic: 36, palette: 37, rgb: "1aa5a5" },
  heading: { basic: 1, palette: -1, rgb: "", strong: true },
  good: { basic: 32, palette: 71, rgb: "4faa4f" },
  warn: { basic: 33, palette: 172, rgb: "d08700" },
  danger: { basic: 31, palette: 167, rgb: "d75f5f", strong: true },
  info: { basic: 34, palette: 68, rgb: "5f87d7" },
  code2xx: { basic: 32, palette: 71, rgb: "4faa4f" },
  code3xx: { basic: 36, palette: 37, rgb: "1aa5a5" },
  code4xx: { basic: 33, palette: 172, rgb: "d08700" },
  code5xx: { basic: 31, palette: 167, rgb: "d75f5f", strong: true },
  human: { basic: 35, palette: 133, rgb: "b05fb0" },
  node: { basic: 36, palette: 37, rgb: "1aa5a5" },
  controller: { basic: 34, palette: 68, rgb: "5f87d7" },
  serviceaccount: { basic: 32, palette: 71, rgb: "4faa4f" },
  bar: { basic: 34, palette: 68, rgb: "5f87d7" },
  match: { basic: 33, palette: 172, rgb: "d08700", strong: true },
  key: { basic: 36, palette: 37, rgb: "1aa5a5", strong: true },
};

export type Theme = ReadonlyMap<Tone, string>;

/** SGR parameters per tone ("1;31"); a tone that is missing is drawn as plain text. */
export function themeFor(depth: ColorDepth): Theme {
  const theme = new Map<Tone, string>();
  for (const [tone, colors] of Object.entries(TONES) as [Exclude<Tone, "normal">, ToneColors][]) {
    const codes = colors.strong === true ? ["1"] : [];
    if (colors.palette >= 0) {
      if (depth === "16") codes.push(String(colors.basic));
      else if (depth === "256") codes.push(`38;5;${colors.palette}`);
      else if (depth === "true") codes.push(`38;2;${channels(colors.rgb)}`);
    }
    if (codes.length > 0) theme.set(tone, codes.join(";"));
  }
  return theme;
}

function channels(rgb: string): string {
  return [0, 2, 4].map((at) => Number.parseInt(rgb.slice(at, at + 2), 16)).join(";");
}
