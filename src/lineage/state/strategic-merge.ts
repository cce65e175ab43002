import type { JsonObject, JsonValue } from "../json.ts";
import { draftOf, isList, isObject, MAX_DEPTH, sameJson, type Draft } from "./json-tree.ts";
import { isSet, mergeKeyOf } from "./merge-keys.ts";

const ORDER = "$setElementOrder/";
const DELETE_VALUES = "$deleteFromPrimitiveList/";

/** Strategic merge patch with `$patch`, `$retainKeys`, `$setElementOrder` and `$deleteFromPrimitiveList`. */
export function strategicMerge(target: JsonValue | undefined, patch: JsonValue, depth = 0): JsonValue {
  if (!isObject(patch) || depth > MAX_DEPTH) return patch;
  if (patch["$patch"] === "replace") return withoutDirectives(patch);
  if (patch["$patch"] === "delete") return null;
  const result = draftOf(isObject(target) ? target : {});
  retain(result, patch["$retainKeys"]);
  for (const key of Object.keys(patch)) {
    const value = patch[key] ?? null;
    if (key.startsWith(DELETE_VALUES)) {
      const name = key.slice(DELETE_VALUES.length);
      const gone = isList(value) ? value : [];
      const kept = listOf(result[name]).filter((entry) => !gone.some((other) => sameJson(entry, other)));
      // The API server does not store empty lists.
      if (kept.length === 0) delete result[name];
      else result[name] = kept;
    } else if (key.startsWith("$")) {
      continue;
    } else if (value === null) {
      delete result[key];
    } else if (isList(value)) {
      const merged = mergeList(key, listOf(result[key]), value, patch[`${ORDER}${key}`], depth);
      if (merged.length === 0 && value.some((entry) => isObject(entry) && entry["$patch"] !== undefined))
        delete result[key];
      else result[key] = merged;
    } else {
      const merged = strategicMerge(result[key], value, depth + 1);
      if (merged === null) delete result[key];
      else result[key] = merged;
    }
  }
  return result;
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return isList(value) ? value : [];
}

function retain(result: Draft, keys: JsonValue | undefined): void {
  if (!isList(keys)) return;
  for (const key of Object.keys(result)) {
    if (!keys.includes(key)) delete result[key];
  }
}

function withoutDirectives(patch: JsonObject): JsonValue {
  const result = draftOf(patch);
  for (const key of Object.keys(result)) {
    if (key.startsWith("$")) delete result[key];
  }
  return result;
}

function mergeList(
  name: string,
  before: readonly JsonValue[],
  patch: readonly JsonValue[],
  order: JsonValue | undefined,
  depth: number,
): readonly JsonValue[] {
  if (patch.some((entry) => isObject(entry) && entry["$patch"] === "replace")) {
    return patch.filter((entry) => !(isObject(entry) && entry["$patch"] === "replace"));
  }
  if (isSet(name)) return [...before, ...patch.filter((value) => !before.some((entry) => sameJson(entry, value)))];
  const example = patch.find((entry) => isObject(entry));
  const key = isObject(example) ? mergeKeyOf(name, example) : null;
  if (key === null) return patch;
  const merged = [...before];
  for (const entry of patch) {
    if (!isObject(entry)) continue;
    const at = merged.findIndex((other) => isObject(other) && sameJson(other[key], entry[key]));
    if (entry["$patch"] === "delete") {
      if (at >= 0) merged.splice(at, 1);
    } else if (at >= 0) {
      merged[at] = strategicMerge(merged[at], entry, depth + 1);
    } else {
      // As the API server does: a new element is taken as it stands, with its nulls.
      merged.push(withoutDirectives(entry));
    }
  }
  return isList(order) ? ordered(merged, order, key) : merged;
}

/** Elements the order names come in that order; others keep their place among themselves. */
function ordered(merged: readonly JsonValue[], order: readonly JsonValue[], key: string): readonly JsonValue[] {
  const rank = (entry: JsonValue): number =>
    order.findIndex((other) => isObject(other) && isObject(entry) && sameJson(other[key], entry[key]));
  const named = merged.filter((entry) => rank(entry) >= 0).sort((left, right) => rank(left) - rank(right));
  const result: JsonValue[] = [];
  let next = 0;
  for (const entry of merged) {
    if (rank(entry) < 0) result.push(entry);
    else {
      result.push(named[next] ?? entry);
      next += 1;
    }
  }
  return result;
}
