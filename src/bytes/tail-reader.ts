import type { FollowEvent } from "./contract.ts";
import { HEAD_BYTES, readFully, sameBytes, type OpenFile } from "./generation.ts";
import { packedChunks } from "./packed-chunks.ts";
import { printable } from "./read-error.ts";
import { unpack } from "./unpack.ts";

/** Bytes read again with every read, to notice that the file was rewritten under us. */
const OVERLAP_BYTES = 256;
const CHUNK_BYTES = 512 * 1024;

/** Reads one generation on and on. */
export interface GenerationReader {
  readonly file: OpenFile;
  /** Where the next byte will come from. */
  readonly offset: number;
  /** Set when bytes of the generation are known to be lost. */
  readonly fault: string | null;
  /** Delivers what there is up to the end of the file; returns false when the file is not the same any more. */
  drain(signal: AbortSignal): AsyncGenerator<FollowEvent, boolean, void>;
}

/** `overlap`: the bytes before `offset` as far as they are known, to be verified. */
export function generationReader(file: OpenFile, offset: number, overlap = new Uint8Array(0)): GenerationReader {
  return file.compression === "none" ? new TailReader(file, offset, overlap) : new PackedReader(file, offset);
}

/** The bytes before the reader's position, for a reader of a copy of the same generation. */
export function overlapOf(reader: GenerationReader): Uint8Array<ArrayBuffer> {
  return reader instanceof TailReader ? reader.overlap : new Uint8Array(0);
}

/**
 * An open plain file. Every read verifies that it is still the file it was: copytruncate may shrink it and let it grow
 * beyond the old position before we look again.
 */
class TailReader implements GenerationReader {
  offset: number;
  readonly file: OpenFile;
  readonly fault = null;
  overlap: Uint8Array<ArrayBuffer>;
  private readonly buffer = Buffer.allocUnsafeSlow(OVERLAP_BYTES + CHUNK_BYTES);

  constructor(file: OpenFile, offset: number, overlap: Uint8Array<ArrayBuffer>) {
    this.file = file;
    this.offset = offset;
    this.overlap = overlap;
  }

  async *drain(signal: AbortSignal): AsyncGenerator<FollowEvent, boolean, void> {
    const { handle } = this.file;
    while (!signal.aborted) {
      const known = this.overlap.length;
      const { bytesRead } = await handle.read(this.buffer, 0, known + CHUNK_BYTES, this.offset - known);
      if (bytesRead < known || !sameBytes(this.buffer.subarray(0, known), this.overlap)) return false;
      const atEnd = bytesRead < known + CHUNK_BYTES;
      if ((atEnd || this.offset === 0) && !(await this.hasSameHead())) return false;
      const chunk = this.buffer.subarray(known, bytesRead);
      if (chunk.length === 0) return true;
      const offset = this.offset;
      this.learnHead(chunk);
      this.offset += chunk.length;
      this.overlap = new Uint8Array(this.buffer.subarray(Math.max(0, bytesRead - OVERLAP_BYTES), bytesRead));
      yield { kind: "chunk", bytes: chunk, offset };
      if (atEnd) return true;
    }
    return true;
  }

  private async hasSameHead(): Promise<boolean> {
    const { head } = this.file.generation;
    const now = new Uint8Array(head.length);
    return (await readFully(this.file.handle, now, 0)) === head.length && sameBytes(now, head);
  }

  /** The fingerprint of a file that was short when it was opened grows with it. */
  private learnHead(chunk: Uint8Array): void {
    const { generation } = this.file;
    const { length } = generation.head;
    const known = length - this.offset;
    if (length >= HEAD_BYTES || known < 0 || known >= chunk.length) return;
    generation.head = Buffer.concat([generation.head, chunk.subarray(known, known + HEAD_BYTES - length)]);
  }
}

/** A rotated file that was compressed before we came to it: delivered once, as a whole, from `offset` on. */
class PackedReader implements GenerationReader {
  offset: number;
  readonly file: OpenFile;
  fault: string | null = null;
  private done = false;

  constructor(file: OpenFile, offset: number) {
    this.file = file;
    this.offset = offset;
  }

  async *drain(signal: AbortSignal): AsyncGenerator<FollowEvent, boolean, void> {
    const { compression, handle, path } = this.file;
    if (this.done || compression === "none") return true;
    this.done = true;
    let position = 0;
    const onFault = (sentence: string): void => {
      this.fault = `${printable(path)}: ${sentence}`;
    };
    const { stream } = await unpack(packedChunks(handle, 128 * 1024), { onFault });
    for await (const chunk of stream) {
      if (signal.aborted) return true;
      const offset = Math.max(position, this.offset);
      position += chunk.length;
      if (position <= offset) continue;
      this.offset = position;
      yield { kind: "chunk", bytes: chunk.subarray(chunk.length - (position - offset)), offset };
    }
    return true;
  }
}
