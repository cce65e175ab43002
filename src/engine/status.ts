import type { InputReport } from "../ingest/contract.ts";
import type { EngineStatus } from "./contract.ts";

export const EMPTY_STATUS: EngineStatus = {
  phase: "loading",
  inputs: [],
  named: [],
  apiservers: 0,
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
  cutOff: 0,
  from: null,
  to: null,
  lastReceived: null,
  progress: null,
  arrivalRate: null,
  lagMs: null,
  silentSinceMs: null,
  isOverflowing: false,
  backfilling: false,
  skews: [],
  untold: [],
  notes: [],
  filtering: null,
  store: null,
  failure: null,
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

/** Since when all followed inputs have had nothing new, ms since the epoch; null when one has, or none is followed. */
export function silenceOf(inputs: readonly InputReport[]): number | null {
  let since: number | null = null;
  for (const { state, silentSinceMs } of inputs) {
    if (state !== "following") continue;
    if (silentSinceMs === null) return null;
    since = Math.max(since ?? 0, silentSinceMs);
  }
  return since;
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
  private dueMs = 0;
  private last = 0;
  private readonly publish: () => void;
  /** Least time between two publications. */
  intervalMs: number;

  constructor(publish: () => void, intervalMs: number) {
    this.publish = publish;
    this.intervalMs = intervalMs;
  }

  touch(): void {
    this.touchIn(Math.max(0, this.last + this.intervalMs - performance.now()));
  }

  /** As touch, but only after so long. */
  touchIn(ms: number): void {
    const dueMs = performance.now() + ms;
    if (this.timer !== null && this.dueMs <= dueMs) return;
    if (this.timer !== null) clearTimeout(this.timer);
    this.dueMs = dueMs;
    this.timer = setTimeout(() => this.flush(), ms);
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
