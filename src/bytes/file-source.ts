import type { FileHandle } from "node:fs/promises";
import type { ByteSource, Compression, FileGeneration } from "./contract.ts";
import { isArchiveFault } from "./archives/member.ts";
import { HEAD_BYTES, openFile, peekFile, type OpenFile } from "./generation.ts";
import { errorCode, printable, readError } from "./read-error.ts";
import { SharedHandles } from "./shared-handles.ts";
import { unpack } from "./unpack.ts";

export interface FileSourceOptions {
  /** Part to read, by default all of it. The way to a part of a compressed file leads through all before it. */
  readonly from?: number;
  readonly to?: number;
  readonly chunkBytes?: number;
  /** What is known of its size: a small file is read at once, and closed before it is handed over. */
  readonly bytes?: number;
  /** Where buffers come from and go to, for a caller with many files who keeps nothing of a chunk once it pulls again. */
  readonly buffers?: Buffer[];
  /** How to get at the file, where its name may have changed. */
  readonly opener?: () => Promise<OpenFile>;
}

/** 256 KiB–1 MiB stays in the cache between reading and scanning; 4 MiB is measurably slower. */
const CHUNK_BYTES = 512 * 1024;
const PACKED_CHUNK_BYTES = 128 * 1024;
const SMALL_BYTES = 128 * 1024;

/** What one file needs at a time. */
const MOST_BUFFERS = 2;

const scratch = Buffer.allocUnsafeSlow(SMALL_BYTES);
const handles = new SharedHandles();

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
    const { bytes = Number.POSITIVE_INFINITY, opener, from: start } = this.options;
    if (bytes < SMALL_BYTES && opener === undefined && start === undefined) {
      const whole = await this.whole();
      if (whole !== null) {
        if (whole.length > 0 && signal?.aborted !== true) yield whole;
        return;
      }
    }
    let file: OpenFile;
    try {
      file = await (this.options.opener ?? (() => openFile(this.path)))();
    } catch (error) {
      throw await readError(this.path, error);
    }
    this.generation = file.generation;
    this.compression = file.compression;
    const { from = 0, to = Number.POSITIVE_INFINITY } = this.options;
    let close: { close(): Promise<void> } = file.handle;
    try {
      if (file.compression === "none") {
        this.totalBytes = Math.max(0, Math.min(file.bytes, to) - from);
        // Whoever opens it by a means of their own can not have it opened again.
        const shared = opener === undefined ? handles.adopt(file.generation, file.handle) : null;
        close = shared ?? file.handle;
        const read: Read = shared === null ? fromHandle(file.handle) : (into, at) => shared.read(into, at);
        yield* this.plain(read, from, to, this.options.chunkBytes ?? CHUNK_BYTES, signal, this.options.buffers);
      } else {
        this.totalBytes = file.bytes;
        const packed =
          file.member === null
            ? this.plain(fromHandle(file.handle), 0, Number.POSITIVE_INFINITY, PACKED_CHUNK_BYTES, signal)
            : this.counted(file.member(), signal);
        const onFault = (sentence: string): void => {
          if (signal?.aborted !== true) this.fault = `${printable(this.path)}: ${sentence}`;
        };
        const { stream } = await unpack(packed, { onFault });
        yield* part(stream, from, to);
      }
    } catch (error) {
      if (!isArchiveFault(error)) throw await readError(this.path, error);
      this.fault = `${printable(this.path)}: ${error.message}`;
    } finally {
      await close.close();
    }
  }

  /** All of a small plain file; null when it turns out to be another. */
  private async whole(): Promise<Uint8Array | null> {
    try {
      const { bytes, layer, head, device, inode } = peekFile(this.path, scratch);
      // Filled: there may be more.
      if (layer !== null || head.length >= SMALL_BYTES) return null;
      const whole = new Uint8Array(head);
      this.generation = { path: this.path, device, inode, head: whole.slice(0, HEAD_BYTES) };
      this.totalBytes = bytes;
      this.bytesRead = whole.length;
      return whole;
    } catch (error) {
      // Its path leads into an archive.
      if (errorCode(error) === "ENOTDIR") return null;
      throw await readError(this.path, error);
    }
  }

  private async *counted(
    chunks: AsyncGenerator<Uint8Array, void, void>,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<Uint8Array, void, void> {
    for await (const chunk of chunks) {
      if (signal?.aborted === true) return;
      this.bytesRead += chunk.length;
      yield chunk;
    }
  }

  /** Two buffers: the next chunk is read while the caller works on this one. */
  private async *plain(
    source: Read,
    from: number,
    to: number,
    chunkBytes: number,
    signal: AbortSignal | undefined,
    buffers: Buffer[] = [],
  ): AsyncGenerator<Uint8Array, void, void> {
    const taken = (): Buffer => {
      const known = buffers.pop();
      return known?.length === chunkBytes ? known : Buffer.allocUnsafeSlow(chunkBytes);
    };
    let buffer = taken();
    let spare = taken();
    let offset = from;
    const read = (): Promise<number> => {
      const bytes = Math.min(buffer.length, to - offset);
      const reading = bytes <= 0 ? Promise.resolve(0) : source(buffer.subarray(0, bytes), offset);
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
      if (buffers.length < MOST_BUFFERS) buffers.push(buffer, spare);
    }
  }
}

/** Reads at an offset once; returns how many bytes there were. */
type Read = (into: Uint8Array, offset: number) => Promise<number>;

function fromHandle(handle: FileHandle): Read {
  return async (into, offset) => (await handle.read(into, 0, into.length, offset)).bytesRead;
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
