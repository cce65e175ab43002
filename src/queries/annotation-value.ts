import { parseJson } from "../events/json.ts";

/** Value of one audit annotation in the JSON text of all of them; "" when it is not there or no text. */
export function annotationValue(json: string, key: string): string {
  if (json === "" || (!json.includes(key) && !mayHideKey(json, key))) return "";
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

const PLAIN_KEY = /^[\w./-]+$/;

/** A plain key can only be spelled otherwise by \u or \/; others hold what JSON (or Go) escapes. */
function mayHideKey(json: string, key: string): boolean {
  return PLAIN_KEY.test(key) ? /\\[u/]/.test(json) : json.includes("\\");
}
