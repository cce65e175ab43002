import type { JsonValue } from "../json.ts";
import { text } from "../json.ts";
import { isList, isObject } from "./json-tree.ts";
import { jsonPatch } from "./json-patch.ts";
import { isBuiltIn, mergeKeyOf } from "./merge-keys.ts";
import { mergePatch } from "./merge-patch.ts";
import { strategicMerge } from "./strategic-merge.ts";

/** The patch's Content-Type is not in an audit event: its kind is told by what it looks like and how it was sent. */
export type PatchKind = "json" | "apply" | "strategic" | "merge";

/** `?force=` comes with every server-side apply, and only with those. */
export function patchKindOf(patch: JsonValue, resource: string, uri: string): PatchKind {
  if (isList(patch)) return "json";
  if (/[?&]force=/.test(uri) && text(patch, "kind") !== "" && text(patch, "apiVersion") !== "") return "apply";
  if (hasDirective(patch, 0)) return "strategic";
  return isBuiltIn(resource) && hasKeyedList(patch, 0) ? "strategic" : "merge";
}

const LOOK_DEEP = 24;

function hasDirective(value: JsonValue | undefined, depth: number): boolean {
  if (depth > LOOK_DEEP) return false;
  if (isList(value)) return value.some((entry) => hasDirective(entry, depth + 1));
  if (!isObject(value)) return false;
  return Object.keys(value).some(
    (key) =>
      key === "$patch" ||
      key === "$retainKeys" ||
      key.startsWith("$setElementOrder/") ||
      key.startsWith("$deleteFromPrimitiveList/") ||
      hasDirective(value[key], depth + 1),
  );
}

/** Lists whose elements have a merge key: controllers and clients of built-in kinds send those as strategic patches. */
function hasKeyedList(value: JsonValue | undefined, depth: number): boolean {
  if (depth > LOOK_DEEP || !isObject(value)) return false;
  return Object.keys(value).some((key) => {
    const inner = value[key];
    if (isList(inner)) return inner.some((entry) => isObject(entry) && mergeKeyOf(key, entry) !== null);
    return hasKeyedList(inner, depth + 1);
  });
}

/** State after a patch; null when it cannot be worked out from this state. */
export function applyPatch(state: JsonValue, patch: JsonValue, kind: PatchKind): JsonValue | null {
  if (kind === "json") return isList(patch) ? jsonPatch(state, patch) : null;
  if (kind === "merge") return mergePatch(state, patch);
  // Server-side apply joins lists as strategic merge does; fields its manager gave up stay, which only a full body shows.
  return strategicMerge(state, patch);
}
