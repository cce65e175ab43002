import type { Stats } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { packedChunks } from "../packed-chunks.ts";
import { peek } from "../peek.ts";
import { unpack } from "../unpack.ts";
import { ARCHIVE_BYTES, archiveKindOf, type ArchiveKind } from "./kind.ts";
import { ArchiveFault, type Member } from "./member.ts";

/** What is known of an archive file in one state; another state of it is another archive. */
export interface KnownArchive {
  readonly path: string;
  readonly kind: ArchiveKind;
  /** What it is packed in as a whole. */
  readonly layers: readonly string[];
  /** Members that were passed so far: all before the last of them. */
  readonly members: Map<string, KnownMember>;
}

export interface KnownMember {
  readonly ordinal: number;
  /** Where it lies in the file; null when it can only be come upon. */
  readonly offset: number | null;
  readonly bytes: number;
}

/** Each has some 100 bytes a member. */
const MAX_ARCHIVES = 32;

const archives = new Map<string, KnownArchive>();

/** Throws an ArchiveFault when it is none. */
export async function knownArchive(path: string, handle: FileHandle): Promise<KnownArchive> {
  const key = stateOf(path, await handle.stat());
  const known = archives.get(key);
  if (known !== undefined) return known;
  const { layers, stream } = await unpack(packedChunks(handle, 8192), { onFault: () => {} });
  const { head, stream: rest } = await peek(stream, ARCHIVE_BYTES);
  await rest.return();
  const kind = archiveKindOf(head);
  if (kind === null) throw new ArchiveFault("it is no archive");
  const archive: KnownArchive = { path, kind, layers, members: new Map() };
  archives.set(key, archive);
  for (const [oldest] of archives) {
    if (archives.size <= MAX_ARCHIVES) break;
    archives.delete(oldest);
  }
  return archive;
}

function stateOf(path: string, { ino, dev, size, mtimeMs }: Stats): string {
  return `${path}\0${dev}\0${ino}\0${size}\0${mtimeMs}`;
}

export function learnMember({ members, layers }: KnownArchive, { name, ordinal, offset, bytes }: Member): void {
  members.set(name, { ordinal, offset: layers.length === 0 ? offset : null, bytes });
}

/** The member of the archive itself that a path goes through: further archives may lie in it. */
export function topMember(
  { members }: KnownArchive,
  inner: string,
): { readonly known: KnownMember; readonly rest: string } | null {
  for (let at = inner.length; at > 0; at = inner.lastIndexOf("/", at - 1)) {
    const known = members.get(inner.slice(0, at));
    if (known !== undefined) return { known, rest: inner.slice(at + 1) };
  }
  return null;
}
