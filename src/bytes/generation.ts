import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";
import { openMember } from "./archives/open-member.ts";
import type { Compression, FileGeneration } from "./contract.ts";
import { layerOf, type Layer } from "./layer-of.ts";
import { packedChunks } from "./packed-chunks.ts";
import { peek } from "./peek.ts";
import { errorCode } from "./read-error.ts";
import { unpack } from "./unpack.ts";
import { pathOf } from "../files/file-names.ts";

/** How much of a file's beginning tells it from others: an audit event's ID is within the first 300 bytes. */
export const HEAD_BYTES = 1024;
/** Fewer bytes may end before the first event's ID, and prove nothing: then only the inode counts. */
export const MIN_HEAD_BYTES = 128;

export interface OpenFile {
  readonly handle: FileHandle;
  readonly path: string;
  readonly compression: Compression;
  readonly generation: FileGeneration;
  /** Size on disk, or in the archive, when opened. */
  readonly bytes: number;
  readonly mtimeMs: number;
  /** Of a file in an archive, whose own handle this is: its bytes as they are stored; null for others. */
  readonly member: (() => AsyncGenerator<Uint8Array, void, void>) | null;
}

/**
 * Opens for reading and takes the fingerprint; the path may lead into an archive. The caller closes the handle. Throws what
 * node:fs throws, and what is wrong with an archive.
 */
export async function openFile(path: string): Promise<OpenFile> {
  let handle: FileHandle;
  try {
    // A pipe under a log's name must not block the opener.
    handle = await open(pathOf(path), constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    const member = errorCode(error) === "ENOTDIR" ? await openArchived(path) : null;
    if (member === null) throw error;
    return member;
  }
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) throw new Error("it is not a regular file");
    const { dev, ino, size, mtimeMs } = stats;
    const file = { handle, path, bytes: size, mtimeMs, member: null };
    const first = new Uint8Array(HEAD_BYTES);
    let head: Uint8Array = first.subarray(0, await readFully(handle, first, 0));
    let compression: Compression = "none";
    if (layerOf(head) !== null) ({ head, compression } = await beginning(packedChunks(handle, 4096), HEAD_BYTES));
    return { ...file, compression, generation: { path, device: dev, inode: ino, head } };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

export interface PeekedFile {
  /** Size on disk. */
  readonly bytes: number;
  /** What it is packed in; null when it can be read anywhere. */
  readonly layer: Layer | null;
  /** The first bytes on disk: a part of the buffer given. */
  readonly head: Uint8Array;
  readonly device: number;
  readonly inode: number;
  readonly mtimeMs: number;
}

/** Reads the beginning of a file at once, without the thread pool, and leaves it closed. Throws what node:fs throws. */
export function peekFile(path: string, into: Uint8Array): PeekedFile {
  const fd = openSync(pathOf(path), constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stats = fstatSync(fd);
    if (!stats.isFile()) throw new Error("it is not a regular file");
    let filled = 0;
    while (filled < into.length) {
      const bytes = readSync(fd, into, filled, into.length - filled, filled);
      if (bytes === 0) break;
      filled += bytes;
    }
    const head = into.subarray(0, filled);
    const { size, dev, ino, mtimeMs } = stats;
    return { bytes: size, layer: layerOf(head), head, device: dev, inode: ino, mtimeMs };
  } finally {
    closeSync(fd);
  }
}

async function openArchived(path: string): Promise<OpenFile | null> {
  const member = await openMember(path);
  if (member === null) return null;
  const { handle, bytes, packing, chunks } = member;
  try {
    const { dev, ino, mtimeMs } = await handle.stat();
    const { head, compression: own } = await beginning(chunks(), HEAD_BYTES);
    const compression = own === "none" ? packing : `${packing}+${own}`;
    return {
      handle,
      path,
      compression,
      generation: { path, device: dev, inode: ino, head },
      bytes,
      mtimeMs,
      member: chunks,
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** The first decompressed bytes, fewer when the file is shorter or its compression cut. */
export async function readHead(
  file: Pick<OpenFile, "handle" | "compression" | "member">,
  bytes: number,
): Promise<Uint8Array> {
  const { handle, compression, member } = file;
  if (compression !== "none")
    return (await beginning(member?.() ?? packedChunks(handle, Math.max(4096, bytes / 4)), bytes)).head;
  const head = new Uint8Array(bytes);
  return head.subarray(0, await readFully(handle, head, 0));
}

async function beginning(
  packed: AsyncGenerator<Uint8Array, void, void>,
  bytes: number,
): Promise<{ readonly head: Uint8Array; readonly compression: Compression }> {
  const { layers, stream } = await unpack(packed, { onFault: () => {} });
  const { head, stream: rest } = await peek(stream, bytes);
  await rest.return();
  return { head: head.slice(0, bytes), compression: layers.length === 0 ? "none" : layers.join("+") };
}

/** Reads from `offset` until `into` is full or the file ends; returns the number of bytes. */
export async function readFully(handle: FileHandle, into: Uint8Array, offset: number): Promise<number> {
  let filled = 0;
  while (filled < into.length) {
    const { bytesRead } = await handle.read(into, filled, into.length - filled, offset + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return filled;
}

/**
 * Whether a file just opened holds a known generation: it begins with the same bytes, or, while these are too few to
 * tell, has the same inode. An inode alone proves nothing: they are reused, and copytruncate keeps them.
 */
export function holdsGeneration(file: FileGeneration, known: FileGeneration): boolean {
  const expected = known.head.length;
  if (file.head.length < expected || !sameBytes(file.head.subarray(0, expected), known.head)) return false;
  return expected >= MIN_HEAD_BYTES || (file.device === known.device && file.inode === known.inode);
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
