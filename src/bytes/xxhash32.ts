/** The checksum of LZ4 frames (xxHash, 32 bits, seed 0), of bytes in pieces. */
const PRIME_1 = 0x9e3779b1 | 0;
const PRIME_2 = 0x85ebca77 | 0;
const PRIME_3 = 0xc2b2ae3d | 0;
const PRIME_4 = 0x27d4eb2f | 0;
const PRIME_5 = 0x165667b1 | 0;
const STRIPE_BYTES = 16;

export class XxHash32 {
  private readonly lanes = new Int32Array([(PRIME_1 + PRIME_2) | 0, PRIME_2, 0, -PRIME_1 | 0]);
  private readonly rest = Buffer.alloc(STRIPE_BYTES);
  private restBytes = 0;
  private total = 0;

  update(bytes: Uint8Array): this {
    this.total += bytes.length;
    const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    let at = 0;
    if (this.restBytes > 0) {
      at = all.copy(this.rest, this.restBytes, 0, STRIPE_BYTES - this.restBytes);
      this.restBytes += at;
      if (this.restBytes < STRIPE_BYTES) return this;
      this.stripes(this.rest, 0, STRIPE_BYTES);
      this.restBytes = 0;
    }
    const end = all.length - ((all.length - at) % STRIPE_BYTES);
    this.stripes(all, at, end);
    this.restBytes = all.copy(this.rest, 0, end);
    return this;
  }

  private stripes(bytes: Buffer, from: number, to: number): void {
    let [a, b, c, d] = this.lanes as unknown as [number, number, number, number];
    for (let at = from; at < to; at += STRIPE_BYTES) {
      a = round(a, bytes.readInt32LE(at));
      b = round(b, bytes.readInt32LE(at + 4));
      c = round(c, bytes.readInt32LE(at + 8));
      d = round(d, bytes.readInt32LE(at + 12));
    }
    this.lanes.set([a, b, c, d]);
  }

  digest(): number {
    const [a, b, c, d] = this.lanes as unknown as [number, number, number, number];
    let hash = this.total < STRIPE_BYTES ? PRIME_5 : (left(a, 1) + left(b, 7) + left(c, 12) + left(d, 18)) | 0;
    hash = (hash + this.total) | 0;
    let at = 0;
    for (; at + 4 <= this.restBytes; at += 4) {
      hash = Math.imul(left(hash + Math.imul(this.rest.readInt32LE(at), PRIME_3), 17), PRIME_4);
    }
    for (; at < this.restBytes; at += 1) {
      hash = Math.imul(left(hash + Math.imul(this.rest[at] as number, PRIME_5), 11), PRIME_1);
    }
    hash = Math.imul(hash ^ (hash >>> 15), PRIME_2);
    hash = Math.imul(hash ^ (hash >>> 13), PRIME_3);
    return (hash ^ (hash >>> 16)) >>> 0;
  }
}

function round(lane: number, input: number): number {
  return Math.imul(left(lane + Math.imul(input, PRIME_2), 13), PRIME_1);
}

function left(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}
