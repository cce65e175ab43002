/** An unfinished record longer than this is not kept: what is needed of it is read again. */
const MAX_TAIL_BYTES = 64 * 1024 * 1024;
const NOTHING = Buffer.alloc(0);
/** Memory of recent bytes comes in sizes a quarter apart or less, so that what was let go fits what comes next. */
const QUARTER_BITS = 2;
const SPARES = 4;

/** A copy of (the end of) a chunk that has passed. */
interface Piece {
  readonly window: ChunkWindow;
  readonly at: number;
  readonly bytes: Buffer<ArrayBuffer>;
}

/** The bytes of one input that are in memory anyway: the chunk at hand and what is kept of those before. Offsets are the input's. */
export class ChunkWindow {
  private readonly owner: PassingBytes;
  private chunk: Buffer = NOTHING;
  private chunkAt: number;
  /** Without holes, up to the chunk. */
  private kept: Piece[] = [];
  private keptBytes = 0;

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
    const { chunk, chunkAt, owner } = this;
    this.chunk = NOTHING;
    this.chunkAt += chunk.length;
    const isRecent = owner.recentBytes > 0;
    const from = isRecent ? 0 : owner.isWanted ? consumedOffset : Number.POSITIVE_INFINITY;
    while (this.kept[0] !== undefined && this.kept[0].at + this.kept[0].bytes.length <= from) this.dropFirst();
    const bytes = chunk.subarray(Math.max(0, from - chunkAt));
    if (bytes.length === 0) return;
    const copy = isRecent ? owner.copyOf(bytes) : Buffer.from(bytes);
    const piece = { window: this, at: this.chunkAt - bytes.length, bytes: copy };
    this.kept.push(piece);
    this.keptBytes += bytes.length;
    if (isRecent) owner.keep(piece);
    else if (this.keptBytes > MAX_TAIL_BYTES) this.drop();
  }

  /** Valid until the next `leave`, after which other bytes may stand there; null when it is not, or not wholly, in memory. */
  read(offset: number, bytes: number): Buffer | null {
    const at = offset - this.chunkAt;
    if (at + bytes > this.chunk.length) return null;
    if (at >= 0) return this.chunk.subarray(at, at + bytes);
    const first = this.kept.findLastIndex((piece) => piece.at <= offset);
    const piece = this.kept[first];
    if (piece === undefined) return null;
    const begin = offset - piece.at;
    if (begin + bytes <= piece.bytes.length) return piece.bytes.subarray(begin, begin + bytes);
    const parts = [...this.kept.slice(first).map((part) => part.bytes), this.chunk];
    return Buffer.concat(parts, begin + bytes).subarray(begin);
  }

  /** Lets go of the oldest piece. */
  dropFirst(): void {
    this.keptBytes -= this.kept.shift()?.bytes.length ?? 0;
  }

  private drop(): void {
    this.kept = [];
    this.keptBytes = 0;
  }
}

/** Original events while they pass by, so that who wants them at once need not read them again. */
export class PassingBytes {
  /** Off: nothing is kept between chunks, but for recent bytes. */
  isWanted = false;
  /** By source number. */
  readonly windows = new Map<number, ChunkWindow>();
  /** So many bytes of all inputs together stay after they have passed. */
  readonly recentBytes: number;
  private readonly pieces: Piece[] = [];
  private heldBytes = 0;
  /** Of pieces that were let go: memory made anew for every chunk is collected by passes over the whole heap. */
  private readonly spare: ArrayBuffer[] = [];

  constructor(recentBytes = 0) {
    this.recentBytes = recentBytes;
  }

  open(baseOffset: number): ChunkWindow {
    return new ChunkWindow(this, baseOffset);
  }

  /** The input ended: its bytes are let go, recent ones in their turn. */
  close(window: ChunkWindow): void {
    if (this.pieces.some((piece) => piece.window === window)) return;
    for (const [source, known] of this.windows) if (known === window) this.windows.delete(source);
  }

  /** Valid until the input goes on; null when it is not in memory. */
  read(source: number, offset: number, bytes: number): Buffer | null {
    return this.windows.get(source)?.read(offset, bytes) ?? null;
  }

  /** For windows only. */
  copyOf(bytes: Buffer): Buffer<ArrayBuffer> {
    const step = 2 ** Math.max(0, 31 - Math.clz32(bytes.length) - QUARTER_BITS);
    const size = Math.ceil(bytes.length / step) * step;
    const found = this.spare.findIndex(({ byteLength }) => byteLength === size);
    const [memory = new ArrayBuffer(size)] = found < 0 ? [] : this.spare.splice(found, 1);
    const copy = Buffer.from(memory, 0, bytes.length);
    copy.set(bytes);
    return copy;
  }

  /** For windows only: their newest piece, at the expense of older ones of any of them. */
  keep(piece: Piece): void {
    this.pieces.push(piece);
    this.heldBytes += piece.bytes.buffer.byteLength;
    while (this.heldBytes > this.recentBytes && this.pieces.length > 1) {
      const oldest = this.pieces.shift() as Piece;
      this.heldBytes -= oldest.bytes.buffer.byteLength;
      oldest.window.dropFirst();
      if (this.spare.length === SPARES) this.spare.shift();
      this.spare.push(oldest.bytes.buffer);
    }
  }
}
