import { parseJson } from "./json.ts";

/** Like parseJson, but numbers beyond 2^53 keep their digits. Throws SyntaxError. */
export function parseExact(text: string): unknown {
  if (!/\d{16}/.test(text)) return parseJson(text);
  const rawJSON = (JSON as { rawJSON?: (text: string) => unknown }).rawJSON;
  if (rawJSON === undefined) return parseJson(text);
  const reviver = (_key: string, value: unknown, context?: { source?: string }): unknown =>
    typeof value === "number" && context?.source !== undefined && String(value) !== context.source
      ? rawJSON.call(JSON, context.source)
      : value;
  return parseJson(text, reviver as (key: string, value: unknown) => unknown);
}

/** A number that keeps its digits: an object that JSON.stringify writes as it was. */
export function isRaw(value: object): boolean {
  return "isRawJSON" in JSON && (JSON as { isRawJSON(value: unknown): boolean }).isRawJSON(value);
}
