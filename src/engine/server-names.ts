import { basename, dirname, join } from "node:path";
import { parseRotatedName } from "../bytes/rotated-set.ts";

/** Which API server wrote a source: by the name its input tells, else the set of rotated files it belongs to. */
export function serverName({ path, apiserver }: { readonly path: string; readonly apiserver: string }): string {
  return apiserver === "" ? join(dirname(path), parseRotatedName(basename(path)).base) : apiserver;
}
