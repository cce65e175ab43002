import { constants } from "node:fs";
import { open, stat, type FileHandle } from "node:fs/promises";
import { cursorChunks } from "./cursors.ts";
import { knownArchive, topMember } from "./known-archives.ts";
import { fileRange } from "./members.ts";
import { pathOf } from "../../files/file-names.ts";

/** A file in an archive, by its path: `must-gather.tar.gz/audit_logs/…/audit.log`. */
export interface MemberFile {
  /** The archive, open. The caller closes it. */
  readonly handle: FileHandle;
  readonly bytes: number;
  /** How the archive is packed: `gzip+tar`. */
  readonly packing: string;
  /** The file as it is stored, from its start; may be asked for again. Pulling may throw an ArchiveFault. */
  readonly chunks: () => AsyncGenerator<Uint8Array, void, void>;
}

/** Null when the path leads into no file. Throws what node:fs throws, and an ArchiveFault. */
export async function openMember(path: string): Promise<MemberFile | null> {
  const split = await splitPath(path);
  if (split === null) return null;
  const { file, inner } = split;
  const handle = await open(pathOf(file), constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const archive = await knownArchive(file, handle);
    const packing = [...archive.layers, archive.kind].join("+");
    const top = topMember(archive, inner);
    const chunks = (): AsyncGenerator<Uint8Array, void, void> => {
      const { offset = null, bytes = 0 } = top?.rest === "" ? top.known : {};
      return offset === null ? cursorChunks(archive, inner) : fileRange(file, offset, offset + bytes);
    };
    return { handle, bytes: top?.known.bytes ?? 0, packing, chunks };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** Splits a path that leads into a file; null when no part of it is one. */
async function splitPath(path: string): Promise<{ readonly file: string; readonly inner: string } | null> {
  for (let at = path.lastIndexOf("/"); at > 0; at = path.lastIndexOf("/", at - 1)) {
    const file = path.slice(0, at);
    const stats = await stat(pathOf(file)).catch(() => null);
    if (stats?.isFile() === true) return { file, inner: path.slice(at + 1) };
    if (stats?.isDirectory() === true) return null;
  }
  return null;
}
