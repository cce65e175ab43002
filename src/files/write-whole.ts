import { randomBytes } from "node:crypto";
import { closeSync, fsyncSync, linkSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** File systems without hard links say so in one of these ways. */
const NO_LINKS: ReadonlySet<string> = new Set(["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK"]);

/**
 * Writes a file whole or not at all, readable by its owner only: beside its place first, onto the disk, then under its name.
 * Whatever goes wrong (a full disk, a signal), what was there is as it was. Without `replace` a file that is there stays
 * (EEXIST). A link in `path` is replaced, not followed. Throws the system's errors.
 */
export function writeWhole(
  path: string,
  content: string | Uint8Array,
  { replace }: { readonly replace: boolean },
): void {
  // Not named after the file: names may be as long as a file system lets them.
  const draft = join(dirname(path), `.ktrail-${randomBytes(8).toString("hex")}`);
  try {
    const file = openSync(draft, "wx", 0o600);
    try {
      writeFileSync(file, content);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    if (replace) renameSync(draft, path);
    else publish(draft, path);
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Gives the draft its name unless it is taken: in one step where the file system can. */
function publish(draft: string, path: string): void {
  try {
    linkSync(draft, path);
  } catch (error) {
    if (!NO_LINKS.has(codeOf(error))) throw error;
    closeSync(openSync(path, "wx", 0o600));
    renameSync(draft, path);
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}
