/** Reads the value at a path of a diff (`spec.containers[name=nginx].image`) out of another copy of the object: the masked one. */

export const NOT_FOUND: unique symbol = Symbol("not found");

export function valueAt(value: unknown, path: string): unknown {
  if (path === "") return value;
  if (value === null || typeof value !== "object") return NOT_FOUND;
  if (Array.isArray(value)) {
    for (const [at, entry] of (value as unknown[]).entries()) {
      for (const step of stepsTo(entry, at, path)) {
        const found = valueAt(entry, path.slice(step));
        if (found !== NOT_FOUND) return found;
      }
    }
    return NOT_FOUND;
  }
  const rest = path.startsWith(".") ? path.slice(1) : path;
  for (const [key, item] of Object.entries(value)) {
    const name = /^[\w-]+$/.test(key) ? key : `"${key}"`;
    if (!rest.startsWith(name)) continue;
    const next = rest.slice(name.length);
    if (next !== "" && !next.startsWith(".") && !next.startsWith("[")) continue;
    const found = valueAt(item, next);
    if (found !== NOT_FOUND) return found;
  }
  return NOT_FOUND;
}

/** Lengths of `[3]` or `[name=nginx]` at the beginning of the path that mean this entry of a list. */
function* stepsTo(entry: unknown, at: number, path: string): Generator<number> {
  const position = `[${at}]`;
  if (path.startsWith(position)) yield position.length;
  if (entry === null || typeof entry !== "object") return;
  for (const [key, item] of Object.entries(entry)) {
    if (!path.startsWith(`[${key}=`)) continue;
    const keyed = `[${key}=${typeof item === "string" ? item : JSON.stringify(item)}]`;
    if (path.startsWith(keyed)) yield keyed.length;
  }
}
