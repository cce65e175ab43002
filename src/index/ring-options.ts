import type { SharedTables } from "./shared-tables.ts";

export interface RingOptions {
  /** Rows kept at most; Infinity keeps everything. */
  readonly capacity: number;
  /** Text bytes each dictionary holds at most; later values show as OVERFLOW. Default: no bound. */
  readonly dictionaryBytes?: number;
  /** Bytes that rows and everything they refer to may take: names beyond show as OVERFLOW, rows are kept. Default: no bound. */
  readonly memoryBytes?: number;
  /** For reproducible hashes in tests; any two numbers. Default: random. */
  readonly idSeed?: readonly [number, number];
}

/** What a scanner on another thread needs to feed this ring: plain values. */
export interface RemoteSeat {
  readonly scanner: number;
  readonly idSeed: readonly [number, number];
}

/** What a scanner on the same thread needs. */
export interface ScannerSeat extends RemoteSeat {
  readonly tables: SharedTables;
}
