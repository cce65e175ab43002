import { stat } from "node:fs/promises";
import { dirname } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { FileGeneration } from "./contract.ts";
import { HEAD_BYTES, holdsGeneration, MIN_HEAD_BYTES, openFile, sameBytes } from "./generation.ts";
import { errorCode, isOutOfDescriptors } from "./read-error.ts";
import { isLiveName, listRotatedSet } from "./rotated-set.ts";
import { pathOf } from "../files/file-names.ts";

/** Files that were read are remembered, at least so many and twice what is there. */
const MOST_PASSED = 4_096;
/** A directory that changed this shortly before it was looked at may have changed once more in the same tick of its clock. */
const TICK_MS = 50;
const MOST_LOOKS = 8;

/** A rotated file as it was found; `generation` is null when it cannot be opened. */
export interface Member {
  readonly path: string;
  readonly generation: FileGeneration | null;
}

interface Listed {
  readonly path: string;
  readonly inode: string;
  /** Changes whenever the file does. */
  readonly key: string;
  readonly mtimeMs: number;
}

type Found = Member & Listed;

/**
 * The rotated files beside a followed one, and which of them hold nothing new. Known by their first bytes, since rotation
 * renames, copies and compresses them; by their inode where they are too short to tell.
 */
export class WatchedSet {
  private readonly path: string;
  /** First bytes by themselves as text; those of short files also begin what was appended to. */
  private readonly heads = new Map<string, Uint8Array>();
  private readonly inodes = new Set<string>();
  private known = new Map<string, Found>();
  private sighted: readonly Found[] = [];
  private lookedAt = Number.NaN;
  private most = MOST_PASSED;

  /** `path`: of the followed file, without symbolic links. */
  constructor(path: string) {
    this.path = path;
  }

  isFor(path: string): boolean {
    return path === this.path;
  }

  /** Whether the directory is as it was when it was last looked at. */
  async isUnchanged(): Promise<boolean> {
    const now = await stat(pathOf(dirname(this.path))).catch(() => null);
    return now !== null && now.mtimeMs === this.lookedAt;
  }

  /**
   * Takes note of what is there. When the followed file proves afterwards to be the one it was, `passSeen` says that all of
   * it is older.
   */
  async see(): Promise<void> {
    this.sighted = await this.look();
  }

  passSeen(): void {
    for (const { generation, inode } of this.sighted) this.remember(generation, inode);
    this.sighted = [];
  }

  /**
   * Rotated files nobody has read, oldest first; without empty ones, and without those that hold `current`. Throws what
   * node:fs throws when the directory cannot be listed.
   */
  async unread(current: FileGeneration | null = null): Promise<readonly Member[]> {
    const found = await this.look();
    return found.filter(({ generation, inode }) =>
      generation === null
        ? !this.inodes.has(inode)
        : generation.head.length > 0 &&
          !this.isPassed(generation, inode) &&
          (current === null || !holdsGeneration(generation, current)),
    );
  }

  /** All that hold a generation, newest first. */
  async holding(known: FileGeneration): Promise<readonly Member[]> {
    const found = await this.look();
    return found.filter(({ generation }) => generation !== null && holdsGeneration(generation, known)).reverse();
  }

  /** Everything that is there now, or was last written before `beforeMs`, holds nothing new. */
  async passAll(beforeMs = Number.POSITIVE_INFINITY): Promise<void> {
    for (const { generation, inode, mtimeMs } of await this.look()) {
      if (mtimeMs < beforeMs) this.remember(generation, inode);
    }
  }

  pass(generation: FileGeneration): void {
    this.remember(generation, inodeOf(generation.device, generation.inode));
  }

  /** A file that cannot be read and will not be waited for any longer. */
  giveUp(member: Member): void {
    for (const { path, inode } of this.known.values()) if (path === member.path) this.inodes.add(inode);
  }

  private remember(generation: FileGeneration | null, inode: string): void {
    this.inodes.add(inode);
    dropOldest(this.inodes, this.most);
    if (generation === null || generation.head.length < MIN_HEAD_BYTES) return;
    this.heads.set(textOf(generation.head), generation.head);
    dropOldest(this.heads, this.most);
  }

  /** An inode is used again once its file is gone: it proves something only for what has no first bytes. */
  private isPassed({ head }: FileGeneration, inode: string): boolean {
    if (head.length < MIN_HEAD_BYTES) return this.inodes.has(inode);
    if (this.heads.has(textOf(head))) return true;
    for (const passed of this.heads.values()) {
      if (passed.length < HEAD_BYTES && sameBytes(head.subarray(0, passed.length), passed)) return true;
    }
    return false;
  }

  /**
   * Members but the live one, oldest first. Files that did not change are not opened again. Looked at until it stays the
   * same: numbered files move on by one, and what was read of one name would be taken for another's.
   */
  private async look(): Promise<readonly Found[]> {
    let files = await this.list();
    for (let tries = 0; tries < MOST_LOOKS; tries++) {
      const directory = await stat(pathOf(dirname(this.path))).catch(() => null);
      const heads = await this.headsOf(files);
      const again = await this.list();
      if (heads === null || !isDeepStrictEqual(files, again)) {
        files = again;
        continue;
      }
      const found = files.map((file, at) => ({ ...file, generation: heads[at] ?? null }));
      this.most = Math.max(MOST_PASSED, 2 * found.length);
      this.known = new Map(found.map((member) => [member.key, member]));
      const isSettled = directory !== null && Date.now() - directory.mtimeMs > TICK_MS;
      this.lookedAt = isSettled ? directory.mtimeMs : Number.NaN;
      return found;
    }
    throw new Error("its directory keeps changing");
  }

  private async list(): Promise<readonly Listed[]> {
    const files: Listed[] = [];
    for (const { path, name } of await listRotatedSet(this.path)) {
      if (isLiveName(name)) continue;
      const stats = await stat(pathOf(path)).catch(() => null);
      if (stats === null || !stats.isFile()) continue;
      const inode = inodeOf(stats.dev, stats.ino);
      files.push({ path, inode, key: `${inode} ${stats.size} ${stats.mtimeMs}`, mtimeMs: stats.mtimeMs });
    }
    return files;
  }

  /** Null when one was moved on meanwhile. */
  private async headsOf(files: readonly Listed[]): Promise<readonly (FileGeneration | null)[] | null> {
    const heads: (FileGeneration | null)[] = [];
    for (const { path, key } of files) {
      const head = this.known.get(key)?.generation ?? (await generationAt(path));
      if (head === "gone") return null;
      heads.push(head);
    }
    return heads;
  }
}

/** Null when it cannot be read. Throws where nothing can be said of any file. */
async function generationAt(path: string): Promise<FileGeneration | null | "gone"> {
  try {
    const { handle, generation } = await openFile(path);
    await handle.close();
    return generation;
  } catch (error) {
    if (isOutOfDescriptors(error)) throw error;
    return errorCode(error) === "ENOENT" ? "gone" : null;
  }
}

function dropOldest(kept: Set<string> | Map<string, unknown>, most: number): void {
  for (const oldest of kept.keys()) {
    if (kept.size <= most) return;
    kept.delete(oldest);
  }
}

function textOf(head: Uint8Array): string {
  return Buffer.from(head.buffer, head.byteOffset, head.byteLength).toString("latin1");
}

function inodeOf(device: number, inode: number): string {
  return `${device}:${inode}`;
}
