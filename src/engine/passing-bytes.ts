/** An unfinished record longer than this is not kept: what is needed of it is read again. */
const MAX_TAIL_BYTES = 64 * 1024 * 1024;
const NOTHING = Buffer.alloc(0);

/** The bytes of one input that are in memory anyway: the chunk at hand and what began before it. Offsets are the input's. */
export class ChunkWindow {
  private readonly owner: PassingBytes;
  private chunk: Buffer = NOTHING;
  private chunkAt: number;
  private tail: Buffer = NOTHING;
  private tailBytes = 0;

  constructor(owner: PassingBytes, baseOffset: number) {
    this.owner = owner;
    this.chunkAt = baseOffset;
  }

  /** Events of this source number come from here. Returns the number. */
  covers(source: number): number {
    this.owner.windows.set(source, this);
    return source;
  }

  /** The next chunk; it stays as it is until `leave`. */
  enter(chunk: Uint8Array): void {
    this.chunk = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  }

  /** Everything before `consumedOffset` has become records; the chunk's memory may be used again. */
  leave(consumedOffset: number): void {
    const { chunk, chunkAt } = this;
    this.chunk = NOTHING;
    this.chunkAt += chunk.length;
    const kept = this.chunkAt - consumedOffset;
    if (!this.owner.isWanted || kept <= 0 || kept > MAX_TAIL_BYTES) {
      this.tailBytes = 0;
      this.tail = NOTHING;
      return;
    }
    if (consumedOffset >= chunkAt) {
      this.tailBytes = 0;
      this.keep(chunk.subarray(consumedOffset - chunkAt));
    } else if (consumedOffset === chunkAt - this.tailBytes) {
      this.keep(chunk);
    } else {
      this.tailBytes = 0;
    }
  }

  /** Valid until the next `leave`; null when it is not, or not wholly, in memory. */
  read(offset: number, bytes: number): Buffer | null {
    const at = offset - this.chunkAt;
    if (at + bytes > this.chunk.length) return null;
    if (at >= 0) return this.chunk.subarray(at, at + bytes);
    const before = this.tailBytes + at;
    if (before < 0) return null;
    const began = this.tail.subarray(before, Math.min(this.tailBytes, before + bytes));
    return began.length === bytes ? began : Buffer.concat([began, this.chunk.subarray(0, bytes - began.length)]);
  }

  private keep(bytes: Buffer): void {
    const needed = this.tailBytes + bytes.length;
    if (needed > this.tail.length) {
      const grown = Buffer.allocUnsafe(Math.max(needed, this.tail.length * 2));
      grown.set(this.tail.subarray(0, this.tailBytes));
      this.tail = grown;
    }
    this.tail.set(bytes, this.tailBytes);
    this.tailBytes = needed;
  }
}

/** Original events while they pass by, so that who wants them at once need not read them again. */
export class PassingBytes {
  /** Off: nothing is kept between chunks. */
  isWanted = false;
  /** By source number. */
  readonly windows = new Map<number, ChunkWindow>();

  open(baseOffset: number): ChunkWindow {
    return new ChunkWindow(this, baseOffset);
  }

  /** The input ended: its bytes are let go. */
  close(window: ChunkWindow): void {
    for (const [source, known] of this.windows) if (known === window) this.windows.delete(source);
  }

  /** Valid until the input goes on; null when it is not in memory. */
  read(source: number, offset: number, bytes: number): Buffer | null {
    return this.windows.get(source)?.read(offset, bytes) ?? null;
  }
}
