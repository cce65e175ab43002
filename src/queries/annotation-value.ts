import { parseJson } from "../events/json.ts";

/** Value of one audit annotation in the JSON text of all of them; "" when it is not there or no text. */
export function annotationValue(json: string, key: string): string {
  if (json === "" || (!json.includes(key) && !mayHideKey(json, key))) return "";
  const annotations = annotationsIn(json);
  const value = Object.hasOwn(annotations, key) ? annotations[key] : undefined;
  return typeof value === "string" ? value : "";
}

/** Values of all audit annotations whose key passes, in the JSON text of all of them. */
export function annotationValues(json: string, key: (name: string) => boolean): readonly string[] {
  return json === "" ? [] : textsOfKeys(annotationsIn(json), key);
}

/** Of the keys that pass; what is no text is none. */
export function textsOfKeys(
  annotations: Readonly<Record<string, unknown>>,
  key: (name: string) => boolean,
): readonly string[] {
  return Object.entries(annotations).flatMap(([name, value]) =>
    typeof value === "string" && key(name) ? [value] : [],
  );
}

function annotationsIn(json: string): Readonly<Record<string, unknown>> {
  try {
    const annotations = parseJson(json);
    return typeof annotations === "object" && annotations !== null ? (annotations as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

const PLAIN_KEY = /^[\w./-]+$/;

/** A plain key can only be spelled otherwise by \u or \/; others hold what JSON (or Go) escapes. */
function mayHideKey(json: string, key: string): boolean {
  return PLAIN_KEY.test(key) ? /\\[u/]/.test(json) : json.includes("\\");
}
