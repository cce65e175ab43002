import type { JsonValue } from "../json.ts";
import { draftOf, isObject, MAX_DEPTH } from "./json-tree.ts";

/** JSON merge patch (RFC 7386): null removes, lists are replaced. */
export function mergePatch(target: JsonValue | undefined, patch: JsonValue, depth = 0): JsonValue {
  if (!isObject(patch) || depth > MAX_DEPTH) return patch;
  const result = draftOf(isObject(target) ? target : {});
  for (const key of Object.keys(patch)) {
    const value = patch[key] ?? null;
    if (value === null) delete result[key];
    else result[key] = mergePatch(result[key], value, depth + 1);
  }
  return result;
}
