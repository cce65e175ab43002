import { constants } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";
import { Readable } from "node:stream";
import { errorCode } from "./read-error.ts";
import { pathOf } from "../files/file-names.ts";

const READ_BYTES = 256 * 1024;
/** A pipe that was just emptied is looked at again at once, then every millisecond, one that stays silent every 20 ms. */
const AT_ONCE = 50;
const SOON = 300;
const SILENT_POLL_MS = 20;

/**
 * A pipe opened by name. A plain read would block a thread for as long as nobody writes and keep the process from
 * exiting, so it is opened not to block and polled while it is silent. It ends when its writers have gone; a pipe of the
 * file system that nobody has written to yet is awaited.
 */
export function pipeReadable(path: string): Readable {
  const isOpenAlready = path.startsWith("/dev/") || path.startsWith("/proc/");
  let handle: FileHandle | null = null;
  let hasBegun = isOpenAlready;
  let reading: Promise<void> = Promise.resolve();
  let silentLooks = 0;
  let timer: NodeJS.Timeout | undefined;

  /** The next bytes, null at the end, undefined when there are none yet. */
  const take = async (): Promise<Buffer | null | undefined> => {
    handle ??= await open(pathOf(path), constants.O_RDONLY | constants.O_NONBLOCK);
    const buffer = Buffer.allocUnsafe(READ_BYTES);
    try {
      const { bytesRead } = await handle.read(buffer, 0, READ_BYTES, null);
      if (bytesRead === 0) return hasBegun ? null : undefined;
      hasBegun = true;
      return buffer.subarray(0, bytesRead);
    } catch (error) {
      if (errorCode(error) !== "EAGAIN") throw error;
      hasBegun = true;
      return undefined;
    }
  };

  const lookAgain = (): void => {
    silentLooks += 1;
    if (silentLooks <= AT_ONCE) setImmediate(next);
    else timer = setTimeout(next, silentLooks <= SOON ? 1 : SILENT_POLL_MS);
  };
  const next = (): void => {
    if (readable.destroyed) return;
    reading = take().then(
      (chunk) => {
        if (readable.destroyed) return;
        if (chunk === undefined) lookAgain();
        else {
          silentLooks = 0;
          readable.push(chunk);
        }
      },
      (error: Error) => void readable.destroy(error),
    );
  };
  const readable = new Readable({
    highWaterMark: READ_BYTES,
    read: next,
    destroy: (error, done) => {
      clearTimeout(timer);
      void reading
        .then(() => handle?.close())
        .then(
          () => done(error),
          () => done(error),
        );
    },
  });
  return readable;
}
