import type { RawResult } from "./contract.ts";

const BLOCK_BYTES = 1024 * 1024;

interface Block {
  readonly source: number;
  /** Offset of its first byte in the source. */
  readonly offset: number;
  readonly bytes: Uint8Array;
  used: number;
}

/**
 * The newest bytes of inputs that cannot be read again, in blocks that are dropped oldest first. Allocates at most
 * `capacity` bytes, all sources together.
 */
export class RawRing {
  /** Bytes allocated now. */
  heldBytes = 0;
  private readonly capacity: number;
  private readonly blockBytes: number;
  /** All blocks by age. */
  private readonly queue: Block[] = [];
  private readonly sources = new Map<number, { blocks: Block[]; end: number }>();

  constructor(capacity: number) {
    this.capacity = capacity;
    this.blockBytes = Math.max(4096, Math.min(BLOCK_BYTES, Math.floor(capacity / 8)));
  }

  addSource(source: number): void {
    if (!this.sources.has(source)) this.sources.set(source, { blocks: [], end: 0 });
  }

  has(source: number): boolean {
    return this.sources.has(source);
  }

  append(source: number, chunk: Uint8Array): void {
    const kept = this.sources.get(source);
    if (kept === undefined) throw new Error(`source ${source} was not added as a stream`);
    for (let from = 0; from < chunk.length;) {
      let block = kept.blocks.at(-1);
      if (block === undefined || block.used === block.bytes.length) {
        block = this.newBlock(source, kept.end);
        kept.blocks.push(block);
      }
      const part = chunk.subarray(from, from + block.bytes.length - block.used);
      block.bytes.set(part, block.used);
      block.used += part.length;
      from += part.length;
      kept.end += part.length;
    }
  }

  read(source: number, offset: number, bytes: number): RawResult {
    const kept = this.sources.get(source);
    if (kept === undefined) return { missing: "unknown source" };
    if (offset + bytes > kept.end) return { missing: "not received yet" };
    let at = firstBlockAt(kept.blocks, offset);
    const first = kept.blocks[at];
    if (first === undefined || first.offset > offset) return { missing: "evicted from the raw buffer" };
    const start = offset - first.offset;
    if (start + bytes <= first.used) return { bytes: first.bytes.subarray(start, start + bytes) };
    const result = new Uint8Array(bytes);
    for (let filled = 0; filled < bytes; at += 1) {
      const block = kept.blocks[at];
      if (block === undefined) return { missing: "evicted from the raw buffer" };
      const from = offset + filled - block.offset;
      const part = block.bytes.subarray(from, Math.min(block.used, from + bytes - filled));
      result.set(part, filled);
      filled += part.length;
    }
    return { bytes: result };
  }

  private newBlock(source: number, offset: number): Block {
    while (this.heldBytes + this.blockBytes > this.capacity && this.dropOldest());
    const block = { source, offset, bytes: Buffer.allocUnsafeSlow(this.blockBytes), used: 0 };
    this.queue.push(block);
    this.heldBytes += this.blockBytes;
    return block;
  }

  private dropOldest(): boolean {
    const block = this.queue.shift();
    if (block === undefined) return false;
    this.sources.get(block.source)?.blocks.shift();
    this.heldBytes -= block.bytes.length;
    return true;
  }
}

/** Position of the last block that begins at or before `offset`; 0 when none does. */
function firstBlockAt(blocks: readonly Block[], offset: number): number {
  let low = 0;
  let high = blocks.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((blocks[middle]?.offset ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
