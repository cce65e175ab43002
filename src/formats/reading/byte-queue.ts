const KEEP_BYTES = 1024 * 1024;

/** Bytes that are read record by record: what is not taken yet stays together. n bytes cost O(n) copies. */
export class ByteQueue {
  /** Valid are bytes[start, end). */
  bytes: Buffer = Buffer.alloc(0);
  start = 0;
  end = 0;
  /** Absolute offset of bytes[start]. */
  offset: number;

  constructor(offset: number) {
    this.offset = offset;
  }

  get length(): number {
    return this.end - this.start;
  }

  append(chunk: Uint8Array): void {
    const length = this.end - this.start;
    const needed = length + chunk.length;
    if (this.start > 0 && this.end + chunk.length > this.bytes.length && needed <= this.bytes.length) {
      this.bytes.copyWithin(0, this.start, this.end);
    } else if (this.end + chunk.length > this.bytes.length) {
      const grown = Buffer.allocUnsafe(Math.max(needed * 2, 4096));
      grown.set(this.bytes.subarray(this.start, this.end));
      this.bytes = grown;
    } else {
      this.bytes.set(chunk, this.end);
      this.end += chunk.length;
      return;
    }
    this.start = 0;
    this.end = length;
    this.bytes.set(chunk, this.end);
    this.end += chunk.length;
  }

  /** Forgets the first bytes. */
  take(bytes: number): void {
    this.start += bytes;
    this.offset += bytes;
    if (this.start < this.end) return;
    this.start = this.end = 0;
    if (this.bytes.length > KEEP_BYTES) this.bytes = Buffer.alloc(0);
  }
}
