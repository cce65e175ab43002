import { stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { FileGeneration } from "./contract.ts";
import { holdsGeneration, openFile, type OpenFile } from "./generation.ts";
import { isOutOfDescriptors } from "./read-error.ts";
import { listRotatedSet, type SetMember } from "./rotated-set.ts";
import { namesIn, pathOf } from "../files/file-names.ts";

/** A rotated set as it is now, and where in it a generation is. */
export interface Located {
  readonly members: readonly SetMember[];
  /** Position in `members`; −1 when it is gone. */
  readonly at: number;
}

/** Looks for a generation among the files of its set, newest first. Unreadable members are skipped. */
export async function locate(path: string, generation: FileGeneration): Promise<Located> {
  const members = await listRotatedSet(path).catch(() => []);
  for (let at = members.length - 1; at >= 0; at -= 1) {
    const member = members[at];
    if (member !== undefined && (await holds(member.path, generation))) return { members, at };
  }
  return { members, at: -1 };
}

/**
 * Opens the file that holds a generation now: under its name, renamed or compressed within its set, or renamed to anything
 * in its directory. Null when it is gone. The caller closes the handle. Throws when this process has no descriptor left.
 */
export async function openGeneration(generation: FileGeneration): Promise<OpenFile | null> {
  const direct = await openIfHolds(generation.path, generation);
  if (direct !== null) return direct;
  const { members, at } = await locate(generation.path, generation);
  const member = members[at];
  if (member !== undefined) {
    const found = await openIfHolds(member.path, generation);
    if (found !== null) return found;
  }
  return openByInode(generation);
}

async function openByInode(generation: FileGeneration): Promise<OpenFile | null> {
  const directory = dirname(generation.path);
  for (const name of await namesIn(directory).catch(() => [])) {
    const path = join(directory, name);
    const stats = await stat(pathOf(path)).catch(() => null);
    if (stats?.ino !== generation.inode || stats.dev !== generation.device) continue;
    const found = await openIfHolds(path, generation);
    if (found !== null) return found;
  }
  return null;
}

async function holds(path: string, generation: FileGeneration): Promise<boolean> {
  const file = await openIfHolds(path, generation);
  await file?.handle.close();
  return file !== null;
}

async function openIfHolds(path: string, generation: FileGeneration): Promise<OpenFile | null> {
  let file: OpenFile;
  try {
    file = await openFile(path);
  } catch (error) {
    if (isOutOfDescriptors(error)) throw error;
    return null;
  }
  if (holdsGeneration(file.generation, generation)) return file;
  await file.handle.close();
  return null;
}
