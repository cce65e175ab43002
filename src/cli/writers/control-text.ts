/** Everything a terminal may obey except the line feed. */
const CONTROL = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** Control characters as visible `\xNN` or `\uNNNN`; line feeds stay. */
export function escapeControl(text: string): string {
  return text.replace(CONTROL, (char) => {
    const code = char.charCodeAt(0).toString(16);
    return code.length <= 2 ? `\\x${code.padStart(2, "0")}` : `\\u${code.padStart(4, "0")}`;
  });
}

/** The same for what has to stay on one line: line feeds too become visible, as `\\n`. */
export function escapeLine(text: string): string {
  return escapeControl(text).replaceAll("\n", "\\n");
}
