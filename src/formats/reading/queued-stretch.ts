import { ByteQueue } from "./byte-queue.ts";
import type { Stretch } from "./framing.ts";

/** A stretch whose records are looked at when they are whole. */
export abstract class QueuedStretch implements Stretch {
  isDone = false;
  protected readonly queue: ByteQueue;

  constructor(offset: number) {
    this.queue = new ByteQueue(offset);
  }

  get consumedOffset(): number {
    return this.queue.offset;
  }

  get rest(): Buffer {
    const { bytes, start, end } = this.queue;
    return Buffer.from(bytes.subarray(start, end));
  }

  push(bytes: Buffer): number {
    const { queue } = this;
    queue.append(bytes);
    while (!this.isDone && queue.length > 0 && this.next(false));
    return bytes.length;
  }

  end(): void {
    while (!this.isDone && this.queue.length > 0 && this.next(true));
  }

  /** Reads one record from the queue's beginning; false when it is not whole yet. `isLast`: no more bytes will come. */
  protected abstract next(isLast: boolean): boolean;
}
