import { statSync } from "node:fs";

/** Whether it can be read but once: `-`, `<(kubectl get configmap …)`. */
export function isReadOnce(path: string): boolean {
  if (path === "-") return true;
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat !== undefined && !stat.isFile() && !stat.isDirectory();
}
