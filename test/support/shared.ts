import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

const root = join(import.meta.dirname, "../..");
/** Recordings and truths beside the repository, or beside the folder its worktrees are in. */
const SHARED = [join(root, "../shared/data"), join(root, "../../shared/data")].find((folder) => existsSync(folder));

/** A path below the shared data; null where it is not there: tests then skip. */
export function sharedPath(path: string): string | null {
  if (SHARED === undefined) return null;
  const full = join(SHARED, path);
  return existsSync(full) ? full : null;
}

/** Lines that are not empty, of a plain or gzip file. */
export function linesOf(path: string): string[] {
  const bytes = readFileSync(path);
  const plain = bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes;
  return plain
    .toString("utf8")
    .split("\n")
    .filter((line) => line !== "");
}
