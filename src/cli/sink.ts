/** Where answers go: waits when the reader is slower than we are, ends quietly when the reader has left. */
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

/** `onClosed` is called when the reader is gone (EPIPE): nothing more can be said. */
export function streamSink(stream: NodeJS.WriteStream, onClosed: () => void): Sink {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE" || error.code === "EIO" || error.code === "ERR_STREAM_DESTROYED") onClosed();
    else throw error;
  });
  return {
    isTerminal: (stream as Partial<WriteStream>).isTTY === true,
    async write(chunk) {
      if (chunk.length > 0 && !stream.write(chunk)) await once(stream, "drain");
    },
    flush: () => new Promise((resolve) => stream.write("", () => resolve())),
  };
}
