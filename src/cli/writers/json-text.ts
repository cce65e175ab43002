import { obeyed, unitEscapes } from "../../events/obeyed-text.ts";

/** What JSON leaves raw; its own line feeds stay. */
const RAW = obeyed({ but: "\\n" });

/** Most text: told in a quarter of the time. */
const PLAIN = /^[\x20-\x7e\n]*$/;

/** JSON of a value with nothing in it that a terminal would obey: the same value to every JSON parser. */
export function jsonText(value: unknown, indent?: number): string {
  const text = JSON.stringify(value, null, indent) ?? "null";
  return PLAIN.test(text) ? text : text.replace(RAW, unitEscapes);
}
