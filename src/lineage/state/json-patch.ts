import type { JsonValue } from "../json.ts";
import { text } from "../json.ts";
import { draftOf, isList, isObject, sameJson } from "./json-tree.ts";

/** More operations than any client sends. */
const MAX_OPERATIONS = 5_000;

/** JSON Patch (RFC 6902); null when an operation does not fit the state, which then is not the one it was sent for. */
export function jsonPatch(target: JsonValue, operations: readonly JsonValue[]): JsonValue | null {
  let state: JsonValue | undefined = target;
  for (const operation of operations.slice(0, MAX_OPERATIONS)) {
    if (!isObject(operation) || state === undefined) return null;
    const path = tokens(text(operation, "path"));
    const from = tokens(text(operation, "from"));
    const value = operation["value"] ?? null;
    switch (operation["op"]) {
      case "add":
        state = put(state, path, value, true);
        break;
      case "replace":
        state = read(state, path) === undefined ? undefined : put(state, path, value, false);
        break;
      case "remove":
        state = read(state, path) === undefined ? undefined : remove(state, path);
        break;
      case "copy":
      case "move": {
        const moved = read(state, from);
        if (moved === undefined) return null;
        const rest: JsonValue | undefined = operation["op"] === "move" ? remove(state, from) : state;
        state = rest === undefined ? undefined : put(rest, path, moved, true);
        break;
      }
      case "test":
        if (!sameJson(read(state, path), value)) return null;
        break;
      default:
        return null;
    }
  }
  return state ?? null;
}

function tokens(pointer: string): readonly string[] {
  if (pointer === "") return [];
  return pointer
    .slice(1)
    .split("/")
    .map((token) => token.replaceAll("~1", "/").replaceAll("~0", "~"));
}

function read(state: JsonValue, path: readonly string[]): JsonValue | undefined {
  let current: JsonValue | undefined = state;
  for (const token of path) {
    if (isList(current)) current = /^\d+$/.test(token) ? current[Number(token)] : undefined;
    else if (isObject(current)) current = Object.hasOwn(current, token) ? current[token] : undefined;
    else return undefined;
  }
  return current;
}

/** A copy with the value at the path; undefined when the path leads nowhere. */
function put(state: JsonValue, path: readonly string[], value: JsonValue, insert: boolean): JsonValue | undefined {
  const [token, ...rest] = path;
  if (token === undefined) return value;
  if (isList(state)) {
    const at = token === "-" ? state.length : /^\d+$/.test(token) ? Number(token) : -1;
    if (at < 0 || at > state.length) return undefined;
    const copy = [...state];
    if (rest.length > 0) {
      const inner = put(copy[at] ?? null, rest, value, insert);
      if (inner === undefined) return undefined;
      copy[at] = inner;
    } else {
      copy.splice(at, insert ? 0 : 1, value);
    }
    return copy;
  }
  if (!isObject(state)) return undefined;
  const copy = draftOf(state);
  if (rest.length === 0) {
    copy[token] = value;
    return copy;
  }
  const inner = put(copy[token] ?? null, rest, value, insert);
  if (inner === undefined) return undefined;
  copy[token] = inner;
  return copy;
}

function remove(state: JsonValue, path: readonly string[]): JsonValue | undefined {
  const [token, ...rest] = path;
  if (token === undefined) return undefined;
  if (isList(state)) {
    const at = Number(token);
    const copy = [...state];
    if (rest.length === 0) {
      copy.splice(at, 1);
      return copy;
    }
    const inner = remove(copy[at] ?? null, rest);
    if (inner === undefined) return undefined;
    copy[at] = inner;
    return copy;
  }
  if (!isObject(state)) return undefined;
  const copy = draftOf(state);
  if (rest.length === 0) {
    delete copy[token];
    return copy;
  }
  const inner = remove(copy[token] ?? null, rest);
  if (inner === undefined) return undefined;
  copy[token] = inner;
  return copy;
}
