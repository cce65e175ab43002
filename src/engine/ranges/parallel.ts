import type { FileInput } from "../../bytes/contract.ts";
import { ScanThreads } from "./scan-threads.ts";

/** Shorter ones cost more in messages; longer ones keep questions waiting and more rows in memory. */
const RANGE_BYTES = 2 * 1024 * 1024;
/** Less is read before threads have started and pay for it. */
const FROM_BYTES = 48 * 1024 * 1024;

/** One thread puts together what all scan: more than a few have nothing to do. */
const MOST_THREADS = 16;

/** How large files are scanned by several threads. */
export interface Parallel {
  readonly threads: ScanThreads;
  readonly rangeBytes: number;
  /** Inputs with fewer bytes of plain files are read by one thread. */
  readonly fromBytes: number;
}

/** `threads`: those that scan, the engine's own among them. Null: it does all by itself. */
export function parallelOf(threads: number): Parallel | null {
  if (threads < 2) return null;
  return {
    threads: new ScanThreads(Math.min(threads, MOST_THREADS) - 1),
    rangeBytes: RANGE_BYTES,
    fromBytes: FROM_BYTES,
  };
}

/** Only plain files can be read from their middle. */
export function isWorthwhile(inputs: readonly FileInput[], { fromBytes }: Parallel): boolean {
  let bytes = 0;
  for (const { files } of inputs) for (const file of files) if (file.compression === "none") bytes += file.bytes;
  return bytes >= fromBytes;
}
