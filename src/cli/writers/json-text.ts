/** Characters JSON leaves raw but a terminal may obey or a reader may be misled by: DEL, C1, bidi and line separators. */
const RISKY = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** JSON of a value with nothing in it that a terminal would obey: the same value to every JSON parser. */
export function jsonText(value: unknown, indent?: number): string {
  const text = JSON.stringify(value, null, indent) ?? "null";
  return text.replace(RISKY, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
