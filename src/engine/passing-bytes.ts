/** An unfinished record longer than this is not kept: what is needed of it is read again. */
const MAX_TAIL_BYTES = 64 * 1024 * 1024;
const NOTHING = Buffer.alloc(0);
/** Memory of recent bytes comes in pages of this size as it is needed, and is written over for ever. */
const PAGE_BYTES = 256 * 1024;

/** A copy of (a part of) a chunk that has passed. */
interface Piece {
  readonly at: number;
  readonly bytes: Buffer;
}

/** A piece whose window is to drop it when its memory is written over. */
interface RecentPiece {
  readonly window: ChunkWindow;
  /** Where it begins in all that was ever kept. */
  readonly begin: number;
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
    const at = this.chunkAt - bytes.length;
    if (isRecent) {
      owner.keep(this, at, bytes);
      return;
    }
    this.push(at, Buffer.from(bytes));
    if (this.keptBytes > MAX_TAIL_BYTES) this.drop();
  }

  /** Takes a copy of bytes that have passed; they follow what was kept last. */
  push(at: number, bytes: Buffer): void {
    this.kept.push({ at, bytes });
    this.keptBytes += bytes.length;
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
  /** So many bytes of all inputs together stay after they have passed; a chunk is not longer. */
  readonly recentBytes: number;
  private readonly pieces: RecentPiece[] = [];
  private readonly pages: Buffer[] = [];
  /** Recent bytes ever kept. */
  private keptEnd = 0;

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

  /**
   * For windows only: copies bytes over the oldest ones of any window. Memory made anew for every chunk would be collected by
   * passes over the whole heap.
   */
  keep(window: ChunkWindow, at: number, bytes: Buffer): void {
    const { recentBytes, pieces, pages } = this;
    for (let from = 0; from < bytes.length;) {
      const place = this.keptEnd % recentBytes;
      const begin = place % PAGE_BYTES;
      const page = (pages[(place - begin) / PAGE_BYTES] ??= Buffer.allocUnsafeSlow(Math.min(PAGE_BYTES, recentBytes)));
      const length = Math.min(bytes.length - from, PAGE_BYTES - begin, recentBytes - place);
      this.keptEnd += length;
      while (pieces[0] !== undefined && this.keptEnd > pieces[0].begin + recentBytes) {
        pieces.shift()?.window.dropFirst();
      }
      bytes.copy(page, begin, from, from + length);
      window.push(at + from, page.subarray(begin, begin + length));
      pieces.push({ window, begin: this.keptEnd - length });
      from += length;
    }
  }
}
