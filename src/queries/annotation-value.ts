import { parseJson } from "../events/json.ts";

/** Value of one audit annotation in the JSON text of all of them; "" when it is not there or no text. */
export function annotationValue(json: string, key: string): string {
  // Keys are written as they are unless they hold characters that JSON (or Go) escapes.
  if (json === "" || (!json.includes(key) && !json.includes("\\"))) return "";
  let annotations: unknown;
  try {
    annotations = parseJson(json);
  } catch {
    return "";
  }
  if (typeof annotations !== "object" || annotations === null || !Object.hasOwn(annotations, key)) return "";
  const value = (annotations as Record<string, unknown>)[key];
  return typeof value === "string" ? value : "";
}
