import { obeyed } from "../../events/obeyed-text.ts";

const CONTROL = obeyed({ but: "\\n" });
/** What nobody sees: two names that differ by it would look the same. */
const INVISIBLE = /[\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}]/gu;

/** Control characters as visible `\xNN` or `\uNNNN`; line feeds stay. */
export function escapeControl(text: string): string {
  return text.replace(CONTROL, escaped);
}

/** For what has to stay on one line and be told apart by eye: line feeds become visible too, as `\\n`, and characters without width. */
export function escapeLine(text: string): string {
  return escapeControl(text).replaceAll("\n", "\\n").replace(INVISIBLE, escaped);
}

function escaped(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16);
  if (code.length <= 2) return `\\x${code.padStart(2, "0")}`;
  return code.length <= 4 ? `\\u${code.padStart(4, "0")}` : `\\u{${code}}`;
}
