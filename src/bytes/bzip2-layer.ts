import bitReader from "unbzip2-stream/lib/bit_iterator.js";
import bzip2 from "unbzip2-stream/lib/bzip2.js";

/** Compressed bytes that one bzip2 block of 900 kB can not exceed. */
const MAX_BLOCK_BYTES = 1_100_000;
const NO_MORE = new Error("no more input");

/** One block after the other: at most 900 kB, of runs at most 46 MB. */
export async function* fromBzip2(
  input: AsyncIterator<Uint8Array>,
  onFault: (sentence: string) => void,
): AsyncGenerator<Uint8Array, void, void> {
  const queue = new BlockQueue(input);
  try {
    await queue.fill();
    const bits = bitReader(() => queue.take());
    const out = new Output();
    let work: Int32Array | null = null;
    let crc: number | null = 0;
    for (;;) {
      await queue.fill();
      if (work === null) {
        if (queue.isAtEnd(bits.bytesRead)) return;
        const size = bzip2.header(bits);
        work = new Int32Array(100_000 * size);
        crc = 0;
      }
      crc = bzip2.decompress(bits, out.write, work, work.length, crc as number);
      if (crc === null) work = null;
      else yield out.take();
    }
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (error === NO_MORE) onFault("the bzip2 data ends early: the file is cut or still being written");
    else onFault("the bzip2 data is damaged: what follows is lost");
  } finally {
    await input.return?.();
  }
}

/** Gives the decoder, which can not wait, what was pulled for it. */
class BlockQueue {
  private readonly input: AsyncIterator<Uint8Array>;
  private readonly chunks: Uint8Array[] = [];
  private queued = 0;
  private given = 0;
  private hasEnded = false;

  constructor(input: AsyncIterator<Uint8Array>) {
    this.input = input;
  }

  async fill(): Promise<void> {
    while (!this.hasEnded && this.queued < MAX_BLOCK_BYTES) {
      const next = await this.input.next();
      if (next.done === true) this.hasEnded = true;
      else if (next.value.length > 0) {
        this.chunks.push(Uint8Array.from(next.value));
        this.queued += next.value.length;
      }
    }
  }

  take(): Uint8Array {
    const chunk = this.chunks.shift();
    if (chunk === undefined) throw NO_MORE;
    this.queued -= chunk.length;
    this.given += chunk.length;
    return chunk;
  }

  /** Whether nothing follows what the decoder has read. */
  isAtEnd(bytesRead: number): boolean {
    return this.hasEnded && this.queued === 0 && bytesRead >= this.given;
  }
}

/** Bytes as they come, one by one. */
class Output {
  private bytes = new Uint8Array(1024 * 1024);
  private length = 0;

  readonly write = (byte: number): void => {
    if (this.length === this.bytes.length) {
      const grown = new Uint8Array(this.bytes.length * 2);
      grown.set(this.bytes);
      this.bytes = grown;
    }
    this.bytes[this.length++] = byte;
  };

  take(): Uint8Array {
    const block = this.bytes.slice(0, this.length);
    this.length = 0;
    return block;
  }
}
