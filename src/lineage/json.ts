/** Reading parsed JSON of unknown shape: a wrong type reads as absent, never as an error. */

export type JsonValue = string | number | boolean | null | JsonObject | readonly JsonValue[];
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

export function asObject(value: JsonValue | undefined): JsonObject | null {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : null;
}

/** Own properties only: bodies are written by strangers, so `constructor` must not find Object's. */
export function field(value: JsonValue | undefined, key: string, inner?: string): JsonValue | undefined {
  const found = member(value, key);
  return inner === undefined ? found : member(found, inner);
}

function member(value: JsonValue | undefined, key: string): JsonValue | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  return Object.hasOwn(value, key) ? (value as JsonObject)[key] : undefined;
}

export function text(value: JsonValue | undefined, key: string, inner?: string): string {
  const found = field(value, key, inner);
  return typeof found === "string" ? found : "";
}

export function number(value: JsonValue | undefined, key: string, inner?: string): number | undefined {
  const found = field(value, key, inner);
  return typeof found === "number" ? found : undefined;
}

export function list(value: JsonValue | undefined, key: string, inner?: string): readonly JsonValue[] {
  const found = field(value, key, inner);
  return Array.isArray(found) ? (found as readonly JsonValue[]) : [];
}
