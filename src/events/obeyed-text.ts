/**
 * What a terminal obeys instead of showing, and what makes people misread the text around it: C0, DEL, C1, marks and overrides of
 * direction, line separators, invisible operators, tags. The inside of a character class with the flag `u`. Every way out of the
 * program uses this set; how it replaces them is its own.
 */
const OBEYED =
  "\\u0000-\\u001f\\u007f-\\u009f\\u061c\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u206f\\ufeff\\ufff9-\\ufffb\\u{e0000}-\\u{e007f}";

/** All of them, without some characters (`but`, the inside of a class) and with others (`and`), wherever they stand. */
export function obeyed({ but, and = "" }: { readonly but?: string; readonly and?: string } = {}): RegExp {
  return new RegExp(`${but === undefined ? "" : `(?![${but}])`}[${OBEYED}${and}]`, "gu");
}

/** `\uNNNN` of each of its UTF-16 units: the same character to every reader of JSON and YAML. */
export function unitEscapes(character: string): string {
  let text = "";
  for (let at = 0; at < character.length; at++) {
    text += `\\u${character.charCodeAt(at).toString(16).padStart(4, "0")}`;
  }
  return text;
}
