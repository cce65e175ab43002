// string-width for Ink, its helpers and us. The original compiles Unicode property classes and loads ICU when it is first called
// for anything beyond ASCII, which takes longer than all of the first frame; rows of marks everybody agrees on don't need them.
const STYLES = /\u001b\[[\d;]*m/g;
/** Anything but printable characters of one column that join with nothing beside them. */
const UNSURE =
  /[^\x20-\x7e\u00a1-\u00a8\u00aa-\u00ac\u00af-\u02ff\u2010-\u2027\u2030-\u203a\u2190-\u2193\u2200-\u22ff\u23ce\u2500-\u25a9\u25b2\u25b8\u25bc\u25be\u25c6\u25cf\u2714\u2716\u2800-\u28ff]/;

export default function stringWidth(text, options) {
  if (typeof text === "string" && options === undefined) {
    const plain = text.includes("\u001b[") ? text.replaceAll(STYLES, "") : text;
    if (!UNSURE.test(plain)) return plain.length;
  }
  return require("string-width/original").default(text, options);
}
