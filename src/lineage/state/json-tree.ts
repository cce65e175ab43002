import type { JsonObject, JsonValue } from "../json.ts";

/** An object being built: without a prototype, so that a key `__proto__` is a key like any other. */
export type Draft = Record<string, JsonValue>;

export function draftOf(object: JsonObject): Draft {
  const draft = Object.create(null) as Draft;
  for (const key of Object.keys(object)) draft[key] = object[key] ?? null;
  return draft;
}

export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}

/** Nobody nests deeper on purpose; what does is left as it is. */
export const MAX_DEPTH = 100;

export function sameJson(left: JsonValue | undefined, right: JsonValue | undefined, depth = 0): boolean {
  if (left === right) return true;
  if (depth > MAX_DEPTH) return false;
  if (isList(left) && isList(right)) {
    return left.length === right.length && left.every((entry, at) => sameJson(entry, right[at], depth + 1));
  }
  if (!isObject(left) || !isObject(right)) return false;
  const keys = Object.keys(left);
  if (keys.length !== Object.keys(right).length) return false;
  return keys.every((key) => Object.hasOwn(right, key) && sameJson(left[key], right[key], depth + 1));
}
