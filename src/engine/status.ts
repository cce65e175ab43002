import type { InputReport } from "../ingest/contract.ts";
import type { EngineStatus } from "./contract.ts";

export const EMPTY_STATUS: EngineStatus = {
  phase: "loading",
  inputs: [],
  revision: 0,
  requestsKept: 0,
  requestsSeen: 0,
  requestsEvicted: 0,
  events: 0,
  duplicates: 0,
  bad: 0,
  truncated: 0,
  foreign: 0,
  inFlight: 0,
  from: null,
  to: null,
  progress: null,
  arrivalRate: null,
  lagMs: null,
  backfilling: false,
  notes: [],
};

/** Sum of what the inputs skipped. */
export function skippedOf(inputs: readonly InputReport[]): {
  bad: number;
  truncated: number;
  foreign: number;
  duplicate: number;
} {
  const sum = { bad: 0, truncated: 0, foreign: 0, duplicate: 0 };
  for (const { skipped } of inputs) {
    sum.bad += skipped.bad;
    sum.truncated += skipped.truncated;
    sum.foreign += skipped.foreign;
    sum.duplicate += skipped.duplicate;
  }
  return sum;
}

/** 0…1 over all inputs that end; null while any size is unknown. */
export function progressOf(inputs: readonly InputReport[]): number | null {
  let read = 0;
  let total = 0;
  for (const input of inputs) {
    if (input.error !== null || input.passedOver !== null) continue;
    if (input.totalBytes === null) return null;
    total += input.totalBytes;
    read +=
      input.state === "done" || input.state === "following"
        ? input.totalBytes
        : Math.min(input.bytes, input.totalBytes);
  }
  return total === 0 ? null : read / total;
}

/** Calls `publish` soon after `touch`, at most once per interval; `flush` publishes what is due at once. */
export class Throttle {
  private timer: NodeJS.Timeout | null = null;
  private last = 0;
  private readonly publish: () => void;
  private readonly intervalMs: number;

  constructor(publish: () => void, intervalMs: number) {
    this.publish = publish;
    this.intervalMs = intervalMs;
  }

  touch(): void {
    if (this.timer !== null) return;
    const wait = Math.max(0, this.last + this.intervalMs - performance.now());
    this.timer = setTimeout(() => this.flush(), wait);
    this.timer.unref();
  }

  flush(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    this.last = performance.now();
    this.publish();
  }

  stop(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }
}

/** Events per second over the last ten seconds, in one-second buckets. */
export class ArrivalRate {
  private readonly counts = new Float64Array(10);
  private second = 0;

  add(events: number, nowMs: number): void {
    this.advance(nowMs);
    const at = this.second % 10;
    this.counts[at] = (this.counts[at] ?? 0) + events;
  }

  perSecond(nowMs: number): number {
    this.advance(nowMs);
    let sum = 0;
    for (const count of this.counts) sum += count;
    return sum / 10;
  }

  private advance(nowMs: number): void {
    const now = Math.floor(nowMs / 1_000);
    for (let skipped = Math.max(this.second + 1, now - 9); skipped <= now; skipped += 1) this.counts[skipped % 10] = 0;
    this.second = Math.max(this.second, now);
  }
}
