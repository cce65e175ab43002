import { availableParallelism, cpus, loadavg } from "node:os";
import { ScanThreads } from "./scan-threads.ts";

/** Shorter ones cost more in messages; longer ones keep questions waiting and more rows in memory. */
const RANGE_BYTES = 2 * 1024 * 1024;
/** More make little faster: one thread puts together what all scan. */
const DEFAULT_MOST = 4;
const MOST_THREADS = 16;
/** So much reading tells how fast it goes. */
const TRIAL_MS = 80;
/** Other threads that start for less make nobody's wait noticeably shorter. */
const WORTHWHILE_MS = 1_000;

export interface Cores {
  /** For this process: a container's limit counts. */
  readonly available: number;
  /** Of the machine. */
  readonly all: number;
  /** How many of these were busy over the last minute. */
  readonly busy: number;
}

export function coresNow(): Cores {
  return { available: availableParallelism(), all: cpus().length, busy: loadavg()[0] ?? 0 };
}

/**
 * Threads that scan unless told otherwise, the engine's own among them. On a busy machine only that one: others would take
 * from whoever works there, and spend a third more CPU for nothing.
 */
export function threadsFor({ available, all, busy }: Cores): number {
  const idle = Math.round(all - busy);
  return Math.max(1, Math.min(DEFAULT_MOST, available, idle));
}

/** How large files are scanned by several threads. */
export interface Parallel {
  readonly threads: ScanThreads;
  readonly rangeBytes: number;
}

/** `threads`: those that scan, the engine's own among them. Null: it does all by itself. */
export function parallelOf(threads: number): Parallel | null {
  if (threads < 2) return null;
  return { threads: new ScanThreads(Math.min(threads, MOST_THREADS) - 1), rangeBytes: RANGE_BYTES };
}

/** Whether more threads are worth their start, after one has read `bytesRead` of an input in `ms`. */
export function isWorthwhile(bytesRead: number, ms: number, bytesLeft: number): boolean {
  return ms >= TRIAL_MS && (bytesLeft / bytesRead) * ms >= WORTHWHILE_MS;
}
