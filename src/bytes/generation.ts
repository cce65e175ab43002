import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";
import type { Compression, FileGeneration } from "./contract.ts";
import { compressionOf, decompress } from "./compression.ts";

/** How much of a file's beginning tells it from others: an audit event's ID is within the first 300 bytes. */
export const HEAD_BYTES = 1024;
/** Fewer bytes may end before the first event's ID, and prove nothing: then only the inode counts. */
export const MIN_HEAD_BYTES = 128;

export interface OpenFile {
  readonly handle: FileHandle;
  readonly path: string;
  readonly compression: Compression;
  readonly generation: FileGeneration;
  /** Size on disk when opened. */
  readonly bytes: number;
  readonly mtimeMs: number;
}

/** Opens for reading and takes the fingerprint. The caller closes the handle. Throws what node:fs throws. */
export async function openFile(path: string): Promise<OpenFile> {
  // A pipe under a log's name must not block the opener.
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) throw new Error("it is not a regular file");
    const { dev, ino, size, mtimeMs } = stats;
    const compression = await compressionAt(handle);
    const head = await readHead(handle, compression, HEAD_BYTES);
    return { handle, path, compression, generation: { path, device: dev, inode: ino, head }, bytes: size, mtimeMs };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

export interface Peeked {
  /** Size on disk. */
  readonly bytes: number;
  readonly compression: Compression;
  /** The first bytes on disk: a part of the buffer given. */
  readonly head: Uint8Array;
  readonly device: number;
  readonly inode: number;
  readonly mtimeMs: number;
}

/** Reads the beginning of a file at once, without the thread pool, and leaves it closed. Throws what node:fs throws. */
export function peekFile(path: string, into: Uint8Array): Peeked {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
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
    return { bytes: size, compression: compressionOf(head), head, device: dev, inode: ino, mtimeMs };
  } finally {
    closeSync(fd);
  }
}

async function compressionAt(handle: FileHandle): Promise<Compression> {
  const magic = new Uint8Array(4);
  await handle.read(magic, 0, 4, 0);
  return compressionOf(magic);
}

/** The first decompressed bytes, fewer when the file is shorter or its compression cut. */
export async function readHead(handle: FileHandle, compression: Compression, bytes: number): Promise<Uint8Array> {
  const head = new Uint8Array(bytes);
  if (compression === "none") return head.subarray(0, await readFully(handle, head, 0));
  let filled = 0;
  const packed = packedChunks(handle, Math.max(4096, bytes / 4));
  for await (const chunk of decompress(compression, packed, () => {})) {
    const part = chunk.subarray(0, bytes - filled);
    head.set(part, filled);
    filled += part.length;
    if (filled === bytes) break;
  }
  return head.subarray(0, filled);
}

/** The file's bytes as they are, from the start. */
export async function* packedChunks(handle: FileHandle, chunkBytes: number): AsyncGenerator<Uint8Array, void, void> {
  const buffer = new Uint8Array(chunkBytes);
  for (let offset = 0; ;) {
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, offset);
    if (bytesRead === 0) return;
    offset += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
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
