import type { EventBatch } from "../index/event-batch.ts";

/** A stream of batches in the order of one API server's log. */
export type BatchStream = AsyncGenerator<EventBatch, void, void>;

/** A promise: more is to come only when it has resolved. */
export type Append = (batch: EventBatch, from: number, to: number) => Promise<void> | undefined;

interface Head {
  readonly stream: BatchStream;
  batch: EventBatch;
  row: number;
}

/**
 * Appends several API servers' logs as one stream of time. A log is in stage order only to within a flush window, so rows
 * are taken in runs: from the stream whose next event is oldest, until its time passes the next stream's.
 * A single stream is passed through unchanged.
 */
export async function mergeByTime(streams: readonly BatchStream[], append: Append): Promise<void> {
  const heads: Head[] = [];
  for (const stream of streams) {
    const batch = await nextBatch(stream, append);
    if (batch !== null) heads.push({ stream, batch, row: 0 });
  }
  while (heads.length > 1) {
    const oldest = heads.reduce((best, head) => (timeAt(head) < timeAt(best) ? head : best));
    let limit = Number.POSITIVE_INFINITY;
    for (const head of heads) if (head !== oldest) limit = Math.min(limit, timeAt(head));
    const from = oldest.row;
    let to = from + 1;
    while (to < oldest.batch.count && timeOf(oldest.batch, to) <= limit) to += 1;
    const room = append(oldest.batch, from, to);
    if (room !== undefined) await room;
    oldest.row = to;
    if (to === oldest.batch.count) {
      const batch = await nextBatch(oldest.stream, append);
      if (batch === null) heads.splice(heads.indexOf(oldest), 1);
      else {
        oldest.batch = batch;
        oldest.row = 0;
      }
    }
  }
  const [last] = heads;
  if (last === undefined) return;
  await append(last.batch, last.row, last.batch.count);
  for await (const batch of last.stream) await append(batch, 0, batch.count);
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

function timeAt(head: Head): number {
  return timeOf(head.batch, head.row);
}

/** Events without any time keep their place: they count as older than everything else. */
export function timeOf(batch: EventBatch, row: number): number {
  const stageUs = batch.stageUs[row] as number;
  if (!Number.isNaN(stageUs)) return stageUs;
  const receivedUs = batch.receivedUs[row] as number;
  return Number.isNaN(receivedUs) ? Number.NEGATIVE_INFINITY : receivedUs;
}
