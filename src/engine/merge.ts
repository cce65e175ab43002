import type { EventBatch } from "../index/event-batch.ts";

/** A stream of batches in the order of one API server's log. */
export type BatchStream = AsyncGenerator<EventBatch, void, void>;

/** Something to merge; it is begun when its time has come. */
export interface TimedStream {
  readonly batches: BatchStream;
  /** Time of its first event, µs, as far as it is known before: NaN is begun at once. */
  readonly firstUs: number;
}

/** A promise: more is to come only when it has resolved. */
export type Append = (batch: EventBatch, from: number, to: number) => Promise<void> | undefined;

interface Head {
  readonly stream: BatchStream;
  /** Breaks ties: position among the streams. */
  readonly order: number;
  /** Of the next row; of a stream that has not begun, as far as it is known. */
  timeUs: number;
  batch: EventBatch | null;
  row: number;
}

/**
 * Appends several API servers' logs as one stream of time. A log is in stage order only to within a flush window, so rows
 * are taken in runs: from the stream whose next event is oldest, until its time passes the next stream's.
 * A single stream is passed through unchanged. Ten thousand files that follow each other are open one at a time.
 */
export async function mergeByTime(streams: readonly TimedStream[], append: Append): Promise<void> {
  const heads = new Heads();
  for (const [order, { batches, firstUs }] of streams.entries()) {
    const timeUs = Number.isNaN(firstUs) ? Number.NEGATIVE_INFINITY : firstUs;
    heads.push({ stream: batches, order, timeUs, batch: null, row: 0 });
  }
  for (let head = heads.pop(); head !== undefined; head = heads.pop()) {
    if (head.batch !== null) await appendRun(head, head.batch, heads.firstUs, append);
    if (head.batch === null) head.batch = await nextBatch(head.stream, append);
    if (head.batch === null) continue;
    head.timeUs = timeOf(head.batch, head.row);
    if (heads.size > 0) {
      heads.push(head);
      continue;
    }
    await append(head.batch, head.row, head.batch.count);
    for await (const batch of head.stream) await append(batch, 0, batch.count);
  }
}

/** Appends the rows of a batch up to that time, at least one; an exhausted batch is let go. */
async function appendRun(head: Head, batch: EventBatch, limitUs: number, append: Append): Promise<void> {
  const from = head.row;
  let to = from + 1;
  while (to < batch.count && timeOf(batch, to) <= limitUs) to += 1;
  const room = append(batch, from, to);
  if (room !== undefined) await room;
  head.row = to < batch.count ? to : 0;
  if (to === batch.count) head.batch = null;
}

/** A binary heap by time: the next of n streams is found in log n steps. */
class Heads {
  private readonly heads: Head[] = [];

  get size(): number {
    return this.heads.length;
  }

  /** Time of the one that is next; Infinity when there is none. */
  get firstUs(): number {
    return this.heads[0]?.timeUs ?? Number.POSITIVE_INFINITY;
  }

  push(head: Head): void {
    const { heads } = this;
    let at = heads.push(head) - 1;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (!isBefore(head, heads[above] as Head)) break;
      heads[at] = heads[above] as Head;
      at = above;
    }
    heads[at] = head;
  }

  pop(): Head | undefined {
    const { heads } = this;
    const [first] = heads;
    const last = heads.pop();
    if (last === undefined || heads.length === 0) return first;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= heads.length) break;
      if (below + 1 < heads.length && isBefore(heads[below + 1] as Head, heads[below] as Head)) below += 1;
      if (!isBefore(heads[below] as Head, last)) break;
      heads[at] = heads[below] as Head;
      at = below;
    }
    heads[at] = last;
    return first;
  }
}

function isBefore(a: Head, b: Head): boolean {
  return a.timeUs < b.timeUs || (a.timeUs === b.timeUs && a.order < b.order);
}

/** Batches without rows are passed on at once: the ring takes a scanner's batches in order, without holes. */
async function nextBatch(stream: BatchStream, append: Append): Promise<EventBatch | null> {
  for (;;) {
    const { done, value } = await stream.next();
    if (done === true) return null;
    if (value.count > 0) return value;
    await append(value, 0, 0);
  }
}

/** Events without any time keep their place: they count as older than everything else. */
export function timeOf(batch: EventBatch, row: number): number {
  const stageUs = batch.stageUs[row] as number;
  if (!Number.isNaN(stageUs)) return stageUs;
  const receivedUs = batch.receivedUs[row] as number;
  return Number.isNaN(receivedUs) ? Number.NEGATIVE_INFINITY : receivedUs;
}
