import { realpath } from "node:fs/promises";
import type { FileGeneration } from "./contract.ts";
import { locate } from "./locate.ts";
import { isLiveName } from "./rotated-set.ts";

/** A generation as it was left. */
export interface Finished {
  readonly generation: FileGeneration;
  /** Bytes of it that were delivered. */
  readonly offset: number;
  /** When it was last written, as far as we saw. */
  readonly mtimeMs: number;
}

export interface Successor {
  readonly path: string;
  readonly offset: number;
  /** It is the same generation, back under its name. */
  readonly resumes: boolean;
}

/**
 * The file created after a generation: a rotated one that was never seen under the followed name when several rotations
 * happened between two looks, otherwise the file of that name. `setPath` is `path` with symbolic links resolved when it was
 * opened: rotated files lie there. Null when there is none yet.
 */
export async function successor(path: string, setPath: string, after: Finished): Promise<Successor | null> {
  const { members, at } = await locate(setPath, after.generation);
  const own = members[at];
  if (own !== undefined) {
    const next = members[at + 1];
    if (next !== undefined) return fresh(next.path);
    const elsewhere = await relinked(path, setPath);
    if (elsewhere !== null) return elsewhere;
    return own.path === setPath ? { path: own.path, offset: after.offset, resumes: true } : null;
  }
  // Deleted meanwhile: what follows was rotated after it was last written.
  for (const member of members) if (member.name.rotatedMs >= after.mtimeMs) return fresh(member.path);
  const live = members.find(({ name }) => isLiveName(name));
  return live === undefined ? relinked(path, setPath) : fresh(live.path);
}

/** The name is a symbolic link that points to another file now, as the kubelet's names of container logs do. */
async function relinked(path: string, setPath: string): Promise<Successor | null> {
  const target = await realpath(path).catch(() => setPath);
  return target === setPath ? null : fresh(path);
}

function fresh(path: string): Successor {
  return { path, offset: 0, resumes: false };
}
