import { XxHash32 } from "./xxhash32.ts";

/** LZ4 frames, block by block; see docs/decisions/unpacking.md for why this is ours. */

const MAGIC = 0x184d2204;
const SKIPPABLE = 0x184d2a50;
const UNCOMPRESSED = 0x80000000;
const BLOCK_BYTES = [0, 0, 0, 0, 64 * 1024, 256 * 1024, 1024 * 1024, 4 * 1024 * 1024];
/** Linked blocks refer to so much of what came before. */
const HISTORY_BYTES = 64 * 1024;
const MIN_MATCH = 4;

/** Takes bytes of a stream in pieces of any size, gives what they hold. Throws an Error with a reason for damaged data. */
export class Lz4Frames {
  private chunks: Uint8Array[] = [];
  private pending = 0;
  /** Nothing can be done with less. */
  private wanted = 0;
  /** Bytes of a frame that is none of LZ4's. */
  private skipped = 0;
  private frame: Frame | null = null;

  *push(chunk: Uint8Array): Generator<Uint8Array, void, void> {
    this.chunks.push(Uint8Array.from(chunk));
    this.pending += chunk.length;
    if (this.pending < this.wanted) return;
    const bytes = this.chunks.length === 1 ? Buffer.from(this.chunks[0] as Uint8Array) : Buffer.concat(this.chunks);
    let at = 0;
    for (;;) {
      const blocks: Uint8Array[] = [];
      const used = this.step(bytes.subarray(at), blocks);
      if (used === 0) break;
      yield* blocks;
      at += used;
    }
    this.chunks = [bytes.subarray(at)];
    this.pending = bytes.length - at;
  }

  /** Takes what these bytes begin with; returns how much that is, 0 while it is not all there. */
  private step(bytes: Buffer, blocks: Uint8Array[]): number {
    if (this.skipped > 0) return this.skip(bytes);
    return this.frame === null ? this.begin(bytes) : this.block(this.frame, bytes, blocks);
  }

  /** Whether the stream may end here. */
  get isWhole(): boolean {
    return this.frame === null && this.pending === 0 && this.skipped === 0;
  }

  private skip(bytes: Buffer): number {
    const used = Math.min(this.skipped, bytes.length);
    this.skipped -= used;
    this.wanted = 0;
    return used;
  }

  private needs(wanted: number, bytes: Buffer): boolean {
    this.wanted = wanted;
    return bytes.length < wanted;
  }

  private begin(bytes: Buffer): number {
    if (this.needs(8, bytes)) return 0;
    const magic = bytes.readUInt32LE(0);
    if (magic >>> 4 === SKIPPABLE >>> 4) {
      this.skipped = bytes.readUInt32LE(4);
      return 8;
    }
    if (magic !== MAGIC) return damaged("no frame begins where one should");
    const flags = bytes[4] as number;
    const size = BLOCK_BYTES[((bytes[5] as number) >> 4) & 7] as number;
    if (flags >> 6 !== 1 || size === 0) return damaged("an unknown version");
    if ((flags & 1) !== 0) return damaged("it needs a dictionary");
    const header = 7 + ((flags & 8) !== 0 ? 8 : 0);
    if (this.needs(header, bytes)) return 0;
    if (((new XxHash32().update(bytes.subarray(4, header - 1)).digest() >>> 8) & 0xff) !== bytes[header - 1]) {
      return damaged("a frame's header is not what was written");
    }
    const isLinked = (flags & 0x20) === 0;
    this.frame = new Frame(size, isLinked, (flags & 0x10) !== 0 ? 4 : 0, (flags & 4) !== 0 ? 4 : 0);
    return header;
  }

  private block(frame: Frame, bytes: Buffer, blocks: Uint8Array[]): number {
    if (this.needs(4, bytes)) return 0;
    const word = bytes.readUInt32LE(0);
    if (word === 0) {
      const end = 4 + frame.endChecksum;
      if (this.needs(end, bytes)) return 0;
      this.frame = null;
      if (end > 4 && frame.content.digest() !== bytes.readUInt32LE(4)) damaged("its checksum is another");
      return end;
    }
    const isStored = word >= UNCOMPRESSED;
    const size = isStored ? word - UNCOMPRESSED : word;
    if (size > frame.blockBytes) return damaged("a block is larger than it says");
    const end = 4 + size + frame.blockChecksum;
    if (this.needs(end, bytes)) return 0;
    const packed = bytes.subarray(4, 4 + size);
    if (end > 4 + size && new XxHash32().update(packed).digest() !== bytes.readUInt32LE(4 + size)) {
      return damaged("its checksum is another");
    }
    const block = isStored ? frame.store(packed) : frame.decode(packed);
    if (frame.endChecksum > 0) frame.content.update(block);
    blocks.push(block);
    return end;
  }
}

function damaged(reason: string): never {
  throw new Error(reason);
}

class Frame {
  readonly blockBytes: number;
  readonly blockChecksum: number;
  readonly endChecksum: number;
  /** Of all blocks. */
  readonly content = new XxHash32();
  private readonly isLinked: boolean;
  /** The last bytes of the blocks before, then the block at hand. */
  private readonly out: Buffer;
  private history = 0;

  constructor(blockBytes: number, isLinked: boolean, blockChecksum: number, endChecksum: number) {
    this.blockBytes = blockBytes;
    this.isLinked = isLinked;
    this.blockChecksum = blockChecksum;
    this.endChecksum = endChecksum;
    this.out = Buffer.allocUnsafe(HISTORY_BYTES + blockBytes);
  }

  store(bytes: Uint8Array): Uint8Array {
    if (bytes.length > this.blockBytes) throw new Error("a block is larger than it says");
    this.out.set(bytes, this.history);
    return this.take(this.history + bytes.length);
  }

  decode(packed: Buffer): Uint8Array {
    const { out, history } = this;
    const limit = history + this.blockBytes;
    let from = 0;
    let to = history;
    while (from < packed.length) {
      const token = packed[from++] as number;
      let literals = token >> 4;
      if (literals === 15) [literals, from] = extended(packed, from, literals);
      if (from + literals > packed.length || to + literals > limit) throw new Error("a block ends in the middle");
      out.set(packed.subarray(from, from + literals), to);
      from += literals;
      to += literals;
      if (from === packed.length) break;
      if (from + 2 > packed.length) throw new Error("a block ends in the middle");
      const distance = packed.readUInt16LE(from);
      from += 2;
      let match = token & 15;
      if (match === 15) [match, from] = extended(packed, from, match);
      match += MIN_MATCH;
      if (distance === 0 || distance > to || to + match > limit) throw new Error("a block refers to nothing");
      // Matches may overlap what they write.
      if (distance >= match) out.copyWithin(to, to - distance, to - distance + match);
      else for (let i = 0; i < match; i += 1) out[to + i] = out[to + i - distance] as number;
      to += match;
    }
    return this.take(to);
  }

  /** Gives a copy of the block that ends at `to`, and keeps what the next one may refer to. */
  private take(to: number): Uint8Array {
    const { out, history } = this;
    const block = Uint8Array.prototype.slice.call(out, history, to);
    if (this.isLinked) {
      const kept = Math.min(to, HISTORY_BYTES);
      out.copyWithin(0, to - kept, to);
      this.history = kept;
    }
    return block;
  }
}

/** A length that goes on in bytes of 255. */
function extended(packed: Buffer, at: number, base: number): [length: number, at: number] {
  let length = base;
  let from = at;
  for (;;) {
    const byte = packed[from++];
    if (byte === undefined) throw new Error("a block ends in the middle");
    length += byte;
    if (byte !== 255) return [length, from];
  }
}
