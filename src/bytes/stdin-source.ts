import { createReadStream, fstatSync } from "node:fs";
import { Socket } from "node:net";
import type { Readable } from "node:stream";
import { isatty } from "node:tty";
import { KtrailError } from "../errors.ts";
import type { ByteSource, Compression, FileGeneration } from "./contract.ts";
import { concatenated, type Sniff } from "./archives/concatenated.ts";
import { isArchiveFault } from "./archives/member.ts";
import { pipeReadable } from "./pipe-readable.ts";
import { printable, readError } from "./read-error.ts";
import { unpack } from "./unpack.ts";

/**
 * `-`, which is standard input (also inside a worker thread), or a pipe given by name, such as the shell's `<(…)`: one that
 * nobody writes to yet is awaited, without blocking. Nothing is read before the first pull. An archive is one text of the
 * files in it that are logs.
 */
export function pipeSource(path: string, sniff: Sniff = () => null): ByteSource {
  return new StreamSource(path, path === "-" ? openStdin : () => pipeReadable(path), sniff);
}

/** Any stream of bytes, ending or not. */
export function streamSource(path: string, readable: Readable, sniff: Sniff = () => null): ByteSource {
  return new StreamSource(path, () => readable, sniff);
}

/** A pipe is read by the event loop: a read blocked in the thread pool would keep the process from exiting. */
function openStdin(): Readable {
  if (isatty(0)) {
    throw new KtrailError("KT200", "cannot read -: standard input is the terminal; pipe a log into it or name a file");
  }
  const stats = fstatSync(0);
  if (stats.isFIFO() || stats.isSocket()) return new Socket({ fd: 0, readable: true, writable: false });
  return createReadStream("", { fd: 0, autoClose: false, highWaterMark: 256 * 1024 });
}

class StreamSource implements ByteSource {
  readonly path: string;
  readonly totalBytes = null;
  readonly generation: FileGeneration | null = null;
  compression: Compression = "none";
  bytesRead = 0;
  fault: string | null = null;
  private readonly open: () => Readable;
  private readonly sniff: Sniff;

  constructor(path: string, open: () => Readable, sniff: Sniff) {
    this.path = path;
    this.open = open;
    this.sniff = sniff;
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
      const onFault = (sentence: string): void => {
        if (signal?.aborted !== true) this.fault = `${printable(this.path)}: ${sentence}`;
      };
      const { layers, stream } = await unpack(endedWith(readable, this.taken(readable)), { onFault });
      if (layers.length > 0) this.compression = layers.join("+");
      const onArchive = (kind: string): void => {
        this.compression = [...layers, kind].join("+");
      };
      yield* concatenated(stream, { sniff: this.sniff, onArchive, onFault });
    } catch (error) {
      if (isArchiveFault(error)) this.fault = `${printable(this.path)}: ${error.message}`;
      else if (signal?.aborted !== true) throw await readError(this.path, error);
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
