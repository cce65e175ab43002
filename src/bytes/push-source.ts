import type { ByteSource, FileGeneration } from "./contract.ts";

/** Bytes that somebody hands over, whole records at a time. */
export class PushSource implements ByteSource {
  readonly path: string;
  readonly compression = "none";
  readonly totalBytes = null;
  readonly generation: FileGeneration | null = null;
  readonly fault = null;
  bytesRead = 0;
  private readonly queue: { readonly bytes: Uint8Array; readonly taken: () => void }[] = [];
  private wake: () => void = () => undefined;
  private hasEnded = false;

  constructor(path: string) {
    this.path = path;
  }

  /** Resolves when the bytes were dealt with. */
  push(bytes: Uint8Array): Promise<void> {
    if (this.hasEnded) return Promise.reject(new Error("nothing is taken any more"));
    return new Promise((taken) => {
      this.queue.push({ bytes, taken });
      this.wake();
    });
  }

  end(): void {
    this.hasEnded = true;
    this.wake();
  }

  async *chunks(signal?: AbortSignal): AsyncGenerator<Uint8Array, void, void> {
    const stop = (): void => this.end();
    signal?.addEventListener("abort", stop, { once: true });
    try {
      for (;;) {
        const next = this.queue.shift();
        if (next !== undefined) {
          this.bytesRead += next.bytes.length;
          yield next.bytes;
          next.taken();
        } else if (this.hasEnded || signal?.aborted === true) {
          return;
        } else {
          await new Promise<void>((resolve) => {
            this.wake = resolve;
          });
        }
      }
    } finally {
      signal?.removeEventListener("abort", stop);
    }
  }
}
