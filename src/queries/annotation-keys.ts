import { parseJson } from "../events/json.ts";
import { OVERFLOW, type RequestIndex } from "../index/contract.ts";
import type { LogValue } from "./nearest-values.ts";
import type { Pauses } from "./scan.ts";

/** Strangers choose keys: no more are told apart. */
const MOST_KEYS = 1_000;
const CHUNK = 4_096;

/** Keys of audit annotations with how many requests have each, most frequent first. */
export function* annotationKeys(index: RequestIndex): Pauses<LogValue[]> {
  for (;;) {
    const keys = yield* countKeys(index, index.generation);
    if (keys === null) continue;
    return [...keys]
      .map(([value, requests]) => ({ value, requests }))
      .sort((a, b) => b.requests - a.requests || (a.value < b.value ? -1 : 1));
  }
}

/** Null when codes were renumbered in a pause. */
function* countKeys(index: RequestIndex, generation: number): Pauses<Map<string, number> | null> {
  const requests = new Uint32Array(index.outcomes.size);
  for (const block of index.blocks) {
    yield;
    if (index.generation !== generation) return null;
    for (let row = 0; row < block.count; row++) {
      const outcome = block.outcome[row] as number;
      if (outcome < requests.length) requests[outcome] = (requests[outcome] as number) + 1;
    }
  }
  const keys = new Map<string, number>();
  for (let outcome = 0; outcome < requests.length; outcome++) {
    if (outcome % CHUNK === CHUNK - 1) yield;
    if (index.generation !== generation) return null;
    const count = requests[outcome] as number;
    const code = index.outcomes.annotations[outcome] ?? OVERFLOW;
    if (count === 0 || code === OVERFLOW) continue;
    for (const key of keysIn(index.dictionaries.annotations.text(code))) {
      if (keys.has(key) || keys.size < MOST_KEYS) keys.set(key, (keys.get(key) ?? 0) + count);
    }
  }
  return keys;
}

function keysIn(json: string): readonly string[] {
  try {
    return json === "" ? [] : Object.keys(parseJson(json) as object);
  } catch {
    return [];
  }
}
