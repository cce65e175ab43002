import type { EngineOptions, FeedingEngine } from "./contract.ts";
import { LocalEngine } from "./local-engine.ts";
import { ThreadedEngine } from "./threaded-engine.ts";

export const DEFAULT_CAPACITY = 1_000_000;
export const DEFAULT_RAW_BYTES = 256 * 1024 * 1024;
export const DEFAULT_TAIL_MS = 15 * 60 * 1_000;
/** Per dictionary in the explorer: hostile user agents or names may fill one, not the machine. */
export const EXPLORER_DICTIONARY_BYTES = 32 * 1024 * 1024;

/** The engine of a headless command: in this thread, over the whole input. */
export function createEngine(options: Partial<EngineOptions> & Pick<EngineOptions, "inputs">): FeedingEngine {
  return new LocalEngine({
    follow: false,
    capacity: Number.POSITIVE_INFINITY,
    dictionaryBytes: Number.POSITIVE_INFINITY,
    rawBytes: DEFAULT_RAW_BYTES,
    tailMs: Number.POSITIVE_INFINITY,
    format: "auto",
    timeZone: "utc",
    threads: 1,
    ...options,
  });
}

/** The explorer's engine: on a thread of its own, bounded. Reads from `begin` on. */
export function createExplorerEngine(options: Partial<EngineOptions> & Pick<EngineOptions, "inputs">): ThreadedEngine {
  return new ThreadedEngine({
    follow: false,
    capacity: DEFAULT_CAPACITY,
    dictionaryBytes: EXPLORER_DICTIONARY_BYTES,
    rawBytes: DEFAULT_RAW_BYTES,
    tailMs: DEFAULT_TAIL_MS,
    format: "auto",
    timeZone: "utc",
    threads: 1,
    ...options,
  });
}
