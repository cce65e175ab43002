import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { packedChunks } from "../packed-chunks.ts";
import { peek } from "../peek.ts";
import { unpack } from "../unpack.ts";
import { ARCHIVE_BYTES, archiveKindOf } from "./kind.ts";
import type { KnownArchive } from "./known-archives.ts";
import { ArchiveFault, isArchiveFault, type Member } from "./member.ts";
import { pathOf } from "../../files/file-names.ts";

/** An archive in an archive has to fit into memory where it can only be read from its end. */
const MAX_INNER_ZIP_BYTES = 64 * 1024 * 1024;
/** Archives in archives. */
const MAX_DEPTH = 3;
const CHUNK_BYTES = 128 * 1024;

/** The members of an archive file, in order. Throws an ArchiveFault where it is damaged, after those before that. */
export async function* fileMembers({ path, kind, layers }: KnownArchive): AsyncGenerator<Member, void, void> {
  if (kind === "zip" && layers.length === 0) {
    const { openZipFile } = await import("./archive-readers.ts");
    const zip = await openZipFile(path);
    try {
      yield* zip.members;
    } finally {
      zip.close();
    }
    return;
  }
  yield* streamMembers(fileRange(path, 0, Number.POSITIVE_INFINITY), 0);
}

/** Bytes [from, to) of a file that is opened by the first pull. */
export async function* fileRange(path: string, from: number, to: number): AsyncGenerator<Uint8Array, void, void> {
  const handle = await open(pathOf(path), constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    yield* packedChunks(handle, CHUNK_BYTES, from, to);
  } finally {
    await handle.close();
  }
}

/**
 * The members of an archive that is pulled, packed or not, `depth` archives deep. Throws an ArchiveFault when it is none,
 * damaged or too deep.
 */
export async function* streamMembers(
  content: AsyncGenerator<Uint8Array, void, void>,
  depth: number,
): AsyncGenerator<Member, void, void> {
  let fault: string | null = null;
  const { stream } = await unpack(content, { onFault: (sentence) => (fault = sentence) });
  try {
    if (depth > MAX_DEPTH) throw new ArchiveFault(`archives lie more than ${MAX_DEPTH} deep in each other`);
    const peeked = await peek(stream, ARCHIVE_BYTES);
    const kind = archiveKindOf(peeked.head);
    if (kind === null) throw new ArchiveFault(fault ?? "it is no archive");
    const { openZipBytes, tarMembers } = await import("./archive-readers.ts");
    if (kind === "tar") {
      yield* tarMembers(peeked.stream);
      return;
    }
    const zip = await openZipBytes(await whole(peeked.stream));
    try {
      yield* zip.members;
    } finally {
      zip.close();
    }
  } catch (error) {
    // A cut packing cuts the archive: its own complaint says less.
    throw isArchiveFault(error) && fault !== null ? new ArchiveFault(fault) : error;
  } finally {
    await stream.return();
  }
}

async function whole(stream: AsyncGenerator<Uint8Array, void, void>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    bytes += chunk.length;
    if (bytes > MAX_INNER_ZIP_BYTES) {
      const size = `${MAX_INNER_ZIP_BYTES / 1024 / 1024} MiB`;
      throw new ArchiveFault(
        `a zip archive that is packed, in another archive or piped may have at most ${size}: unpack it first`,
      );
    }
    chunks.push(Buffer.from(chunk));
  }
  return Buffer.concat(chunks);
}
