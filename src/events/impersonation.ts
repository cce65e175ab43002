import { isObject, type JsonObject } from "./json-values.ts";

/** An event's `impersonatedUser`, as parsed JSON; null where nobody was impersonated. An empty one counts as none. */
export function impersonatedOf(value: unknown): JsonObject | null {
  return isObject(value) && Object.keys(value).length > 0 ? value : null;
}
