import type { FileHandle } from "node:fs/promises";

/** A file's bytes [from, to) as they are. A chunk is valid until the next one is pulled. */
export async function* packedChunks(
  handle: FileHandle,
  chunkBytes: number,
  from = 0,
  to = Number.POSITIVE_INFINITY,
): AsyncGenerator<Uint8Array, void, void> {
  const buffer = new Uint8Array(chunkBytes);
  for (let offset = from; offset < to;) {
    const { bytesRead } = await handle.read(buffer, 0, Math.min(buffer.length, to - offset), offset);
    if (bytesRead === 0) return;
    offset += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}
