import type { ByteSource, RawResult } from "./contract.ts";
import { SpanAssembly, WINDOW_BYTES, type WindowCache } from "./raw-windows.ts";

/**
 * Reads again from a compressed file. There is no way into the middle of one: it is decompressed forwards, and begun anew
 * when something before the present position is wanted that is not in the cache.
 */
export class PackedReader {
  usedMs = 0;
  private readonly source: number;
  private readonly begin: () => ByteSource;
  private readonly cache: WindowCache;
  private stream: AsyncGenerator<Uint8Array, void, void> | null = null;
  /** The window being filled. */
  private number = 0;
  private filling: Uint8Array | null = null;
  private filled = 0;
  /** One reading at a time: they share the position. */
  private turn: Promise<unknown> = Promise.resolve();

  constructor(source: number, begin: () => ByteSource, cache: WindowCache) {
    this.source = source;
    this.begin = begin;
    this.cache = cache;
  }

  get isOpen(): boolean {
    return this.stream !== null;
  }

  /** Answers from the cache, or not at all. */
  readCached(offset: number, bytes: number): RawResult | null {
    const span = new SpanAssembly(offset, bytes);
    for (;;) {
      const window = this.cache.get(this.source, span.nextWindow);
      if (window === undefined) return null;
      const taken = span.take(window);
      if (taken === false) return null;
      if (taken !== true) return { bytes: taken };
    }
  }

  read(offset: number, bytes: number): Promise<RawResult> {
    const mine = this.turn.then(() => this.readInTurn(offset, bytes));
    this.turn = mine.catch(() => undefined);
    return mine;
  }

  /** Gives the file back once the readings under way are done. */
  close(): Promise<void> {
    const closed = this.turn.then(() => this.stop());
    this.turn = closed;
    return closed;
  }

  private async readInTurn(offset: number, bytes: number): Promise<RawResult> {
    this.usedMs = performance.now();
    const span = new SpanAssembly(offset, bytes);
    for (;;) {
      const window = await this.window(span.nextWindow);
      const taken = window === null ? false : span.take(window);
      if (taken === false) return { missing: "the compressed file ends before it: it was cut" };
      if (taken !== true) return { bytes: taken };
    }
  }

  private async window(number: number): Promise<Uint8Array | null> {
    const known = this.cache.get(this.source, number);
    if (known !== undefined) return known;
    if (this.stream === null || number < this.number) {
      await this.stop();
      this.stream = this.begin().chunks();
    }
    while (this.stream !== null) {
      const next = await this.stream.next();
      if (next.done === true) {
        const rest = this.filling?.subarray(0, this.filled) ?? null;
        const last = this.number;
        if (rest !== null) this.cache.set(this.source, last, rest);
        await this.stop();
        return last === number ? rest : null;
      }
      const found = this.fill(next.value, number);
      if (found !== null) return found;
    }
    return null;
  }

  /** Returns the wanted window when this chunk completes it. A chunk is smaller than a window. */
  private fill(chunk: Uint8Array, wanted: number): Uint8Array | null {
    let found: Uint8Array | null = null;
    for (let from = 0; from < chunk.length;) {
      this.filling ??= new Uint8Array(WINDOW_BYTES);
      const part = chunk.subarray(from, from + WINDOW_BYTES - this.filled);
      this.filling.set(part, this.filled);
      this.filled += part.length;
      from += part.length;
      if (this.filled < WINDOW_BYTES) continue;
      this.cache.set(this.source, this.number, this.filling);
      if (this.number === wanted) found = this.filling;
      this.number += 1;
      this.filling = null;
      this.filled = 0;
    }
    return found;
  }

  private async stop(): Promise<void> {
    const { stream } = this;
    this.stream = null;
    this.filling = null;
    this.number = 0;
    this.filled = 0;
    await stream?.return();
  }
}
