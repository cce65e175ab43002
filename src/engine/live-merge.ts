import type { EventBatch } from "../index/event-batch.ts";
import { type Append, timeOf } from "./merge.ts";

/** How long an event waits for older ones of another API server: more than a log's flush window and its poll. */
const HOLD_MS = 200;
/** Rows a log that is ahead may hold back while another still reads its past. */
const MOST_HELD = 65_536;
/** And their bytes in the log: they are to be in memory still when they are passed on. */
const MOST_HELD_BYTES = 4 * 1024 * 1024;

/** One followed log among those merged. */
export interface LiveLane {
  /** Resolves at once, except for a log that runs far ahead of one that still reads its past. */
  push(batch: EventBatch): Promise<void>;
  /**
   * Its past has been read, or nothing comes: from here on nobody waits for it longer than the hold. Resolves when all it
   * has pushed so far is appended.
   */
  live(): Promise<void>;
}

interface Held {
  readonly batch: EventBatch;
  readonly bytes: number;
  readonly arrivedMs: number;
  row: number;
}

interface Lane {
  readonly held: Held[];
  rows: number;
  bytes: number;
  isLive: boolean;
}

/**
 * Appends several followed logs as one stream of time: the oldest event first, as soon as no other log can have an older
 * one, at the latest 200 ms after it came, so that a silent log holds up nobody. The events of a single log are passed on
 * as they come.
 */
export class LiveMerge {
  private readonly append: Append;
  private readonly now: () => number;
  private readonly lanes: Lane[] = [];
  private waiting: (() => void)[] = [];
  private timer: NodeJS.Timeout | null = null;

  /** `now`: ms of a clock that only goes forward. */
  constructor(append: Append, now: () => number = () => performance.now()) {
    this.append = append;
    this.now = now;
  }

  open(): LiveLane {
    const lane: Lane = { held: [], rows: 0, bytes: 0, isLive: false };
    this.lanes.push(lane);
    return {
      push: (batch) => this.push(lane, batch),
      live: async () => {
        lane.isLive = true;
        this.drain();
        const held = new Set(lane.held);
        while (lane.held.some((one) => held.has(one))) await this.nextRelease();
      },
    };
  }

  /** Passes on everything that is held back. */
  stop(): void {
    for (const lane of this.lanes) lane.isLive = true;
    this.release(Number.POSITIVE_INFINITY);
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }

  private async push(lane: Lane, batch: EventBatch): Promise<void> {
    if (this.lanes.length === 1) {
      this.append(batch, 0, batch.count);
      return;
    }
    const bytes = bytesOf(batch);
    lane.held.push({ batch, bytes, arrivedMs: this.now(), row: 0 });
    lane.rows += batch.count;
    lane.bytes += bytes;
    this.drain();
    while (lane.held.length > 1 && (lane.rows > MOST_HELD || lane.bytes > MOST_HELD_BYTES)) await this.nextRelease();
  }

  private nextRelease(): Promise<void> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  private drain(): void {
    this.release(this.now() - HOLD_MS);
    if (this.timer !== null || !this.lanes.some(({ rows }) => rows > 0)) return;
    this.timer = setTimeout(() => {
      this.timer = null;
      this.drain();
    }, HOLD_MS / 4);
  }

  /** Events that came up to `heldUntilMs` wait no longer for live logs without events. */
  private release(heldUntilMs: number): void {
    for (;;) {
      const heads = this.lanes.filter((lane) => skipEmpty(lane, this.append));
      if (heads.length === 0) break;
      const isComplete = heads.length === this.lanes.length;
      const isPastRead = this.lanes.every((lane) => lane.isLive || lane.rows > 0);
      const oldest = heads.reduce((best, lane) => (headTime(lane) < headTime(best) ? lane : best));
      const { batch, row, arrivedMs } = oldest.held[0] as Held;
      if (!isComplete && (!isPastRead || arrivedMs > heldUntilMs)) break;
      let limit = Number.POSITIVE_INFINITY;
      for (const lane of heads) if (lane !== oldest) limit = Math.min(limit, headTime(lane));
      let to = row + 1;
      while (to < batch.count && timeOf(batch, to) <= limit) to += 1;
      this.append(batch, row, to);
      oldest.rows -= to - row;
      (oldest.held[0] as Held).row = to;
      if (to === batch.count) oldest.bytes -= oldest.held.shift()?.bytes ?? 0;
    }
    const ready = this.waiting;
    this.waiting = [];
    for (const resume of ready) resume();
  }
}

/** Batches without rows are passed on in their turn; false: the lane holds no row. */
function skipEmpty(lane: Lane, append: Append): boolean {
  for (let head = lane.held[0]; head !== undefined && head.batch.count === 0; head = lane.held[0]) {
    append(head.batch, 0, 0);
    lane.bytes -= lane.held.shift()?.bytes ?? 0;
  }
  return lane.held.length > 0;
}

function bytesOf({ bytes, count }: EventBatch): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += bytes[i] as number;
  return sum;
}

function headTime(lane: Lane): number {
  const { batch, row } = lane.held[0] as Held;
  return timeOf(batch, row);
}
