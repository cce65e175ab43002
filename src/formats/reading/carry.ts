import { MAX_RECORD_BYTES } from "../contract.ts";

/** Kept between records only up to this size, so that one huge record does not hold its memory for ever. */
const KEEP_BYTES = 1024 * 1024;

/** The unfinished record between two chunks: grows by doubling, so a record of n bytes costs O(n) copies. */
export class Carry {
  bytes: Buffer = Buffer.allocUnsafe(0);
  length = 0;
  /** Bytes offered, also those that no longer fit; `isOverlong` when some did not. */
  total = 0;

  get isOverlong(): boolean {
    return this.total > MAX_RECORD_BYTES;
  }

  append(chunk: Uint8Array, start: number, end: number): void {
    const size = end - start;
    this.total += size;
    // An overlong record is not kept: what is there already serves as its sample.
    if (this.total > MAX_RECORD_BYTES) return;
    const needed = this.length + size;
    if (needed > this.bytes.length) {
      const grown = Buffer.allocUnsafe(Math.min(MAX_RECORD_BYTES, Math.max(needed, this.bytes.length * 2, 4096)));
      grown.set(this.bytes.subarray(0, this.length));
      this.bytes = grown;
    }
    this.bytes.set(chunk.subarray(start, end), this.length);
    this.length = needed;
  }

  clear(): void {
    this.length = 0;
    this.total = 0;
    if (this.bytes.length > KEEP_BYTES) this.bytes = Buffer.allocUnsafe(0);
  }
}
