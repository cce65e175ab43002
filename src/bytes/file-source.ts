import type { FileHandle } from "node:fs/promises";
import type { ByteSource, Compression, FileGeneration } from "./contract.ts";
import { decompress } from "./compression.ts";
import { openFile, type OpenFile } from "./generation.ts";
import { printable, readError } from "./read-error.ts";

export interface FileSourceOptions {
  /** Part to read, by default all of it. The way to a part of a compressed file leads through all before it. */
  readonly from?: number;
  readonly to?: number;
  readonly chunkBytes?: number;
  /** How to get at the file, where its name may have changed. */
  readonly opener?: () => Promise<OpenFile>;
}

/** 256 KiB–1 MiB stays in the cache between reading and scanning; 4 MiB is measurably slower. */
const CHUNK_BYTES = 512 * 1024;
const PACKED_CHUNK_BYTES = 128 * 1024;

/** A file read once from start to end, what is appended meanwhile included. Opened by the first pull. */
export function fileSource(path: string, options: FileSourceOptions = {}): ByteSource {
  return new FileSource(path, options);
}

class FileSource implements ByteSource {
  readonly path: string;
  compression: Compression = "none";
  totalBytes: number | null = null;
  bytesRead = 0;
  generation: FileGeneration | null = null;
  fault: string | null = null;
  private readonly options: FileSourceOptions;

  constructor(path: string, options: FileSourceOptions) {
    this.path = path;
    this.options = options;
  }

  async *chunks(signal?: AbortSignal): AsyncGenerator<Uint8Array, void, void> {
    let file: OpenFile;
    try {
      file = await (this.options.opener ?? (() => openFile(this.path)))();
    } catch (error) {
      throw await readError(this.path, error);
    }
    this.generation = file.generation;
    this.compression = file.compression;
    const { from = 0, to = Number.POSITIVE_INFINITY } = this.options;
    try {
      if (file.compression === "none") {
        this.totalBytes = Math.max(0, Math.min(file.bytes, to) - from);
        yield* this.plain(file.handle, from, to, this.options.chunkBytes ?? CHUNK_BYTES, signal);
      } else {
        this.totalBytes = file.bytes;
        const packed = this.plain(file.handle, 0, Number.POSITIVE_INFINITY, PACKED_CHUNK_BYTES, signal);
        const onFault = (sentence: string): void => {
          if (signal?.aborted !== true) this.fault = `${printable(this.path)}: ${sentence}`;
        };
        yield* part(decompress(file.compression, packed, onFault), from, to);
      }
    } catch (error) {
      throw await readError(this.path, error);
    } finally {
      await file.handle.close();
    }
  }

  /** Two buffers: the next chunk is read while the caller works on this one. */
  private async *plain(
    handle: FileHandle,
    from: number,
    to: number,
    chunkBytes: number,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<Uint8Array, void, void> {
    let buffer = Buffer.allocUnsafeSlow(chunkBytes);
    let spare = Buffer.allocUnsafeSlow(chunkBytes);
    let offset = from;
    const read = (): Promise<number> => {
      const reading = readSome(handle, buffer, offset, to);
      // It may fail while the caller is still busy: the failure is met at the next pull.
      reading.catch(() => 0);
      return reading;
    };
    let pending = read();
    try {
      for (;;) {
        const bytes = await pending;
        if (bytes === 0 || signal?.aborted === true) return;
        this.bytesRead += bytes;
        offset += bytes;
        const chunk = buffer.subarray(0, bytes);
        [buffer, spare] = [spare, buffer];
        pending = read();
        yield chunk;
      }
    } finally {
      // The handle is closed next: a read under way must have ended.
      await pending.catch(() => 0);
    }
  }
}

async function readSome(handle: FileHandle, into: Buffer, offset: number, to: number): Promise<number> {
  const bytes = Math.min(into.length, to - offset);
  if (bytes <= 0) return 0;
  return (await handle.read(into, 0, bytes, offset)).bytesRead;
}

/** Cuts [from, to) out of a stream of chunks. */
async function* part(
  chunks: AsyncGenerator<Uint8Array, void, void>,
  from: number,
  to: number,
): AsyncGenerator<Uint8Array, void, void> {
  let offset = 0;
  for await (const chunk of chunks) {
    const piece = chunk.subarray(Math.max(0, from - offset), Math.max(0, to - offset));
    offset += chunk.length;
    if (piece.length > 0) yield piece;
    if (offset >= to) return;
  }
}
