import { createReadStream, fstatSync } from "node:fs";
import { Socket } from "node:net";
import type { Readable } from "node:stream";
import { isatty } from "node:tty";
import { KtrailError } from "../errors.ts";
import type { ByteSource, Compression, FileGeneration } from "./contract.ts";
import { compressionOf, decompress } from "./compression.ts";
import { pipeReadable } from "./pipe-readable.ts";
import { printable, readError } from "./read-error.ts";

/** Standard input, also inside a worker thread. Nothing is read before the first pull. */
export function stdinSource(): ByteSource {
  return new StreamSource("-", () => {
    if (isatty(0)) {
      throw new KtrailError(
        "KT200",
        "cannot read -: standard input is the terminal; pipe a log into it or name a file",
      );
    }
    return openStdin();
  });
}

/** A pipe is read by the event loop: a read blocked in the thread pool would keep the process from exiting. */
function openStdin(): Readable {
  const stats = fstatSync(0);
  if (stats.isFIFO() || stats.isSocket()) return new Socket({ fd: 0, readable: true, writable: false });
  return createReadStream("", { fd: 0, autoClose: false, highWaterMark: 256 * 1024 });
}

/** A pipe given by name, such as the shell's `<(…)`; one that nobody writes to yet is awaited, without blocking. */
export function pipeSource(path: string): ByteSource {
  return new StreamSource(path, () => pipeReadable(path));
}

/** Any stream of bytes, ending or not. */
export function streamSource(path: string, readable: Readable): ByteSource {
  return new StreamSource(path, () => readable);
}

class StreamSource implements ByteSource {
  readonly path: string;
  readonly totalBytes = null;
  readonly generation: FileGeneration | null = null;
  compression: Compression = "none";
  bytesRead = 0;
  fault: string | null = null;
  private readonly open: () => Readable;

  constructor(path: string, open: () => Readable) {
    this.path = path;
    this.open = open;
  }

  async *chunks(signal?: AbortSignal): AsyncGenerator<Uint8Array, void, void> {
    let readable: Readable;
    try {
      readable = this.open();
    } catch (error) {
      throw await readError(this.path, error);
    }
    const stop = (): void => {
      readable.destroy();
    };
    if (signal?.aborted === true) stop();
    signal?.addEventListener("abort", stop, { once: true });
    try {
      const packed = this.taken(readable);
      const first = await atLeast(packed, 4);
      this.compression = compressionOf(first);
      const input = resumed(first, packed);
      if (this.compression === "none") yield* input;
      else {
        const onFault = (sentence: string): void => {
          if (signal?.aborted !== true) this.fault = `${printable(this.path)}: ${sentence}`;
        };
        yield* decompress(this.compression, endedWith(readable, input), onFault);
      }
    } catch (error) {
      if (signal?.aborted !== true) throw await readError(this.path, error);
    } finally {
      signal?.removeEventListener("abort", stop);
      readable.destroy();
    }
  }

  private async *taken(readable: Readable): AsyncGenerator<Uint8Array, void, void> {
    for await (const chunk of readable as AsyncIterable<Uint8Array | string>) {
      const bytes = typeof chunk === "string" ? Buffer.from(chunk) : chunk;
      this.bytesRead += bytes.length;
      if (bytes.length > 0) yield bytes;
    }
  }
}

async function atLeast(input: AsyncIterator<Uint8Array>, bytes: number): Promise<Uint8Array> {
  let first: Uint8Array = new Uint8Array(0);
  while (first.length < bytes) {
    const next = await input.next();
    if (next.done === true) break;
    first = first.length === 0 ? next.value : Buffer.concat([first, next.value]);
    // Plain text shows at once: a slow writer's first byte must not wait for three more.
    if (first[0] !== 0x1f && first[0] !== 0x28) break;
  }
  return first;
}

async function* resumed(
  first: Uint8Array,
  rest: AsyncGenerator<Uint8Array, void, void>,
): AsyncGenerator<Uint8Array, void, void> {
  if (first.length > 0) yield first;
  yield* rest;
}

/** Leaving an iterator waits for the chunk under way, which a silent pipe never gives: the pipe is closed first. */
function endedWith(
  readable: Readable,
  input: AsyncGenerator<Uint8Array, void, void>,
): AsyncIterator<Uint8Array, void, void> {
  return {
    next: () => input.next(),
    return: () => {
      readable.destroy();
      return input.return();
    },
  };
}
