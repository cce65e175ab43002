import type { Span, Tone } from "../../models/view.ts";

/** SGR codes of the 16 colours every terminal has; tones without one keep the terminal's own colour. */
const COLORS: Partial<Readonly<Record<Tone, string>>> = {
  muted: "2",
  accent: "36",
  heading: "1",
  good: "32",
  warn: "33",
  danger: "31",
  code3xx: "36",
  code4xx: "33",
  code5xx: "31",
  human: "36",
  bar: "34",
};

export function styledText({ text, tone, bold }: Span): string {
  const code = tone === undefined ? undefined : COLORS[tone];
  const codes = [bold === true ? "1" : "", code ?? ""].filter((part) => part !== "").join(";");
  return codes === "" ? text : `\u001b[${codes}m${text}\u001b[0m`;
}
