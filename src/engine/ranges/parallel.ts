import { ScanThreads } from "./scan-threads.ts";

/** Shorter ones cost more in messages; longer ones keep questions waiting and more rows in memory. */
const RANGE_BYTES = 2 * 1024 * 1024;
const MOST_THREADS = 16;
/** So much reading tells how fast it goes. */
const TRIAL_MS = 80;
/** Other threads that start for less make nobody's wait noticeably shorter. */
const WORTHWHILE_MS = 1_000;

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
