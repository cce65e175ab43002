import type { LocatedText } from "../yaml/located.ts";

export type ScalarType = "string" | "bool" | "number" | "null";

const TRUE = /^(?:y|Y|yes|Yes|YES|true|True|TRUE|on|On|ON)$/;
const FALSE = /^(?:n|N|no|No|NO|false|False|FALSE|off|Off|OFF)$/;
const INTEGER = /^[-+]?(?:0[xX][0-9a-fA-F]+|0[oO]?[0-7]+|0[bB][01]+|0|[1-9][0-9]*)$/;
const FLOAT =
  /^(?:[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;

/**
 * What the API server takes a scalar of YAML 1.1 for: unquoted `yes`, `on` and `n` are truth values, `5` and `0x1f`
 * numbers, dates texts.
 */
export function scalarType({ text, isPlain }: LocatedText): ScalarType {
  if (text === null) return "null";
  if (!isPlain) return "string";
  if (TRUE.test(text) || FALSE.test(text)) return "bool";
  const digits = /^[-+0-9]/.test(text) ? text.replaceAll("_", "") : text;
  return INTEGER.test(digits) || FLOAT.test(digits) ? "number" : "string";
}

export function isTrue(value: LocatedText): boolean {
  return TRUE.test(value.text ?? "");
}
