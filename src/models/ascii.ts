import { displayWidth } from "./display-width.ts";
import type { Line } from "./view.ts";

/** Our own glyphs and their one-column twins for screens without Unicode. */
const TWINS: ReadonlyMap<string, string> = new Map([
  ["…", "~"],
  ["µ", "u"],
  ["·", "."],
  ["•", "*"],
  ["×", "x"],
  ["→", ">"],
  ["←", "<"],
  ["↑", "^"],
  ["↓", "v"],
  ["▲", "^"],
  ["▼", "v"],
  ["▸", ">"],
  ["◆", "*"],
  ["▾", "v"],
  ["›", ">"],
  ["✖", "x"],
  ["✔", "+"],
  ["⚠", "!"],
  ["≥", ">"],
  ["≤", "<"],
  ["–", "-"],
  ["—", "-"],
  ["∑", "S"],
  ["─", "-"],
  ["│", "|"],
  ["├", "|"],
  ["└", "`"],
  ["┬", "+"],
  ["┴", "+"],
  ["█", "#"],
  ["▓", "%"],
  ["▒", "x"],
  ["░", ":"],
  ["▏", "|"],
]);

const NOT_ASCII = /[^\x20-\x7e]/;
const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });

/** The same line in ASCII, every character as wide as before. */
export function asciiLine(line: Line): Line {
  return line.map((part) => (NOT_ASCII.test(part.text) ? { ...part, text: asciiText(part.text) } : part));
}

export function asciiText(text: string): string {
  if (!NOT_ASCII.test(text)) return text;
  let plain = "";
  for (const { segment } of segmenter.segment(text))
    plain += NOT_ASCII.test(segment) ? (TWINS.get(segment) ?? "?".repeat(displayWidth(segment))) : segment;
  return plain;
}
