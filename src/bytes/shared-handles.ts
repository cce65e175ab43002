import { constants } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";
import type { FileGeneration } from "./contract.ts";
import { pathOf } from "../files/file-names.ts";

/** Descriptors of plain files held at a time: far below the usual limit of 1,024, and a shell's `ulimit -n 256`. */
const MOST_OPEN = 64;

/** A plain file that may be closed between two reads, and opened again for the next. */
export class SharedHandle {
  private readonly pool: SharedHandles;
  private readonly generation: FileGeneration;
  handle: FileHandle | null;
  /** Reads under way. */
  busy = 0;

  constructor(pool: SharedHandles, generation: FileGeneration, handle: FileHandle) {
    this.pool = pool;
    this.generation = generation;
    this.handle = handle;
  }

  /** Fills `into` from `offset` as far as one read does; returns the number of bytes. Throws what node:fs throws. */
  async read(into: Uint8Array, offset: number): Promise<number> {
    this.busy += 1;
    try {
      await this.pool.admit(this);
      this.handle ??= await this.reopen();
      return (await this.handle.read(into, 0, into.length, offset)).bytesRead;
    } finally {
      this.busy -= 1;
      this.pool.wakeNext();
    }
  }

  async close(): Promise<void> {
    this.pool.forget(this);
    const { handle } = this;
    this.handle = null;
    await handle?.close();
  }

  private async reopen(): Promise<FileHandle> {
    const handle = await open(pathOf(this.generation.path), constants.O_RDONLY | constants.O_NONBLOCK);
    const { dev, ino } = await handle.stat();
    if (dev === this.generation.device && ino === this.generation.inode) return handle;
    await handle.close();
    throw new Error("it was replaced while it was read");
  }
}

/** Keeps the number of open descriptors bounded, however many files are read side by side. */
export class SharedHandles {
  private readonly most: number;
  /** Those that may have a descriptor, the least recently used first. */
  private readonly admitted = new Set<SharedHandle>();
  private readonly waiting: (() => void)[] = [];

  constructor(most = MOST_OPEN) {
    this.most = most;
  }

  adopt(generation: FileGeneration, handle: FileHandle): SharedHandle {
    return new SharedHandle(this, generation, handle);
  }

  /** Makes room for one that is about to be read; waits while all others are being read. */
  async admit(wanted: SharedHandle): Promise<void> {
    while (!this.admitted.delete(wanted) && this.admitted.size >= this.most) {
      const idle = [...this.admitted].find(({ busy }) => busy === 0);
      if (idle === undefined) {
        await new Promise<void>((resolve) => this.waiting.push(resolve));
      } else {
        this.admitted.delete(idle);
        const { handle } = idle;
        idle.handle = null;
        await handle?.close();
      }
    }
    this.admitted.add(wanted);
  }

  wakeNext(): void {
    this.waiting.shift()?.();
  }

  forget(handle: SharedHandle): void {
    this.admitted.delete(handle);
    this.wakeNext();
  }
}
