/** Where answers go: waits when the reader is slower than we are, and tells when nobody takes them any more. */
import { once } from "node:events";
import type { WriteStream } from "node:tty";

export interface Sink {
  /** True when bytes land on a screen, where control bytes would be obeyed. */
  readonly isTerminal: boolean;
  /** Resolves when the stream wants more. */
  write(chunk: string | Uint8Array): Promise<void>;
  /** Resolves when everything written so far was handed to the system. */
  flush(): Promise<void>;
}

/** The reader has left: `| head`, a terminal that was closed. */
const GONE: ReadonlySet<unknown> = new Set(["EPIPE", "EIO", "ERR_STREAM_DESTROYED"]);

/** `onEnd`: nothing more can be written, since the reader has left (null) or for this error. It has to end the process. */
export function streamSink(stream: NodeJS.WriteStream, onEnd: (error: Error | null) => void): Sink {
  const fail = (error: NodeJS.ErrnoException): void => onEnd(GONE.has(error.code) ? null : error);
  stream.on("error", fail);
  return {
    isTerminal: (stream as Partial<WriteStream>).isTTY === true,
    async write(chunk) {
      if (chunk.length > 0 && !stream.write(chunk)) await once(stream, "drain");
    },
    flush: () =>
      new Promise((resolve) => {
        stream.write("", (error) => {
          if (error instanceof Error) fail(error);
          else resolve();
        });
      }),
  };
}
