import type { RequestDetail } from "../../engine/contract.ts";
import { parseExact } from "../../events/exact-json.ts";
import { isObject, type JsonObject } from "../../events/json-values.ts";
import { prepared } from "../prepared.ts";

/** The original event as parsed JSON; undefined when it can't be read or is no JSON object. */
export const eventOf = prepared(({ raw }: RequestDetail): JsonObject | undefined => {
  if (raw === null) return undefined;
  try {
    const value = parseExact(raw);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
});

/** Own property at a path; undefined where there is none. */
export function partOf(value: unknown, ...path: readonly string[]): unknown {
  let at = value;
  for (const key of path) {
    if (!isObject(at) || !Object.hasOwn(at, key)) return undefined;
    at = at[key];
  }
  return at;
}

export function textOf(value: unknown): string {
  return typeof value === "string" ? value : typeof value === "number" ? String(value) : "";
}

/** The body of an event and what it is about, for masking. */
export function bodyOf(event: unknown, which: "requestObject" | "responseObject"): unknown {
  return partOf(event, which);
}
