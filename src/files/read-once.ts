import { type Stats, statSync } from "node:fs";

/** Undefined where nothing is there, or nobody may look: whoever reads it says why. */
export function statOf(path: string | Buffer): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

/** Whether it can be read but once: `-`, `<(kubectl get configmap …)`. */
export function isReadOnce(path: string): boolean {
  if (path === "-") return true;
  const stat = statOf(path);
  return stat !== undefined && !stat.isFile() && !stat.isDirectory();
}
