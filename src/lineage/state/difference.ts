import type { JsonValue } from "../json.ts";
import { draftOf, isList, isObject, MAX_DEPTH, sameJson } from "./json-tree.ts";
import { mergeKeyOf } from "./merge-keys.ts";

export interface StateChange {
  /** `spec.template.spec.containers[name=nginx].image` */
  readonly path: string;
  readonly kind: "added" | "removed" | "changed";
  readonly before: JsonValue | undefined;
  readonly after: JsonValue | undefined;
}

/** A diff is for reading: beyond this many lines it says nothing more. */
const MAX_CHANGES = 2_000;

/** What differs between two states, in the order of the later one. Lists are joined by their merge keys. */
export function differenceOf(before: JsonValue, after: JsonValue): StateChange[] {
  const changes: StateChange[] = [];
  compare("", "", before, after, changes, 0);
  return changes;
}

function compare(
  path: string,
  name: string,
  before: JsonValue | undefined,
  after: JsonValue | undefined,
  changes: StateChange[],
  depth: number,
): void {
  if (changes.length >= MAX_CHANGES || sameJson(before, after)) return;
  if (before === undefined) changes.push({ path, kind: "added", before, after });
  else if (after === undefined) changes.push({ path, kind: "removed", before, after });
  else if (depth < MAX_DEPTH && isObject(before) && isObject(after)) {
    for (const key of new Set([...Object.keys(after), ...Object.keys(before)])) {
      const [was, is] = [own(before, key), own(after, key)];
      compare(`${path}${path === "" ? "" : "."}${quoted(key)}`, key, was, is, changes, depth + 1);
    }
  } else if (depth < MAX_DEPTH && isList(before) && isList(after))
    compareLists(path, name, before, after, changes, depth);
  else changes.push({ path, kind: "changed", before, after });
}

function own(object: { readonly [key: string]: JsonValue }, key: string): JsonValue | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

function compareLists(
  path: string,
  name: string,
  before: readonly JsonValue[],
  after: readonly JsonValue[],
  changes: StateChange[],
  depth: number,
): void {
  const key = sharedKey(name, [...before, ...after]);
  if (key === null) {
    const longest = Math.min(Math.max(before.length, after.length), MAX_CHANGES);
    for (let at = 0; at < longest; at += 1) {
      compare(`${path}[${String(at)}]`, "", before[at], after[at], changes, depth + 1);
    }
    return;
  }
  const byKey = new Map(before.map((entry) => [keyText(entry, key), entry]));
  const seen = new Set<string>();
  for (const entry of after) {
    const id = keyText(entry, key);
    seen.add(id);
    compare(`${path}[${key}=${id}]`, "", byKey.get(id), entry, changes, depth + 1);
  }
  for (const [id, entry] of byKey) {
    if (!seen.has(id)) compare(`${path}[${key}=${id}]`, "", entry, undefined, changes, depth + 1);
  }
}

/** Key that every element has, each with its own value; null: compare by position. */
function sharedKey(name: string, entries: readonly JsonValue[]): string | null {
  const [first] = entries;
  const key = isObject(first) ? mergeKeyOf(name, first) : null;
  return key !== null && entries.every((entry) => isObject(entry) && Object.hasOwn(entry, key)) ? key : null;
}

function keyText(entry: JsonValue, key: string): string {
  const value = isObject(entry) ? entry[key] : null;
  return typeof value === "string" ? value : JSON.stringify(value);
}

function quoted(key: string): string {
  return /^[\w-]+$/.test(key) ? key : `"${key}"`;
}

/** Without metadata.managedFields: long, and about who wrote rather than what. */
export function withoutManagedFields(state: JsonValue): JsonValue {
  if (!isObject(state)) return state;
  const metadata = state["metadata"];
  if (!isObject(metadata) || !Object.hasOwn(metadata, "managedFields")) return state;
  const trimmed = draftOf(metadata);
  delete trimmed["managedFields"];
  return Object.assign(draftOf(state), { metadata: trimmed });
}
