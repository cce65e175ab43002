import type { ScannedDictionary } from "./event-batch.ts";
import type { SharedTables } from "./shared-tables.ts";

/**
 * What there can be as many of as events, by dictionary. The URI is kept where it tells what the target is or how long the
 * request runs: of requests for no resource, and for logs.
 */
export const OMISSIBLE_TEXTS = [
  "name",
  "uid",
  "uri",
  "groupSet",
  "ip",
  "sourceIPs",
  "useragent",
  "authReason",
  "annotations",
] as const satisfies ScannedDictionary[];
export type OmissibleText = (typeof OMISSIBLE_TEXTS)[number];

export interface RingOptions {
  /** Rows kept at most; Infinity keeps everything. */
  readonly capacity: number;
  /** Text bytes each dictionary holds at most; later values show as OVERFLOW. Default: no bound. */
  readonly dictionaryBytes?: number;
  /** Bytes that rows and everything they refer to may take: names beyond show as OVERFLOW, rows are kept. Default: no bound. */
  readonly memoryBytes?: number;
  /** Texts that no question of this ring looks at: rows may come without them. Default: none. */
  readonly omits?: readonly OmissibleText[];
  /** For reproducible hashes in tests; any two numbers. Default: random. */
  readonly idSeed?: readonly [number, number];
}

/** What a scanner needs to feed a ring. */
export interface ScannerSeat {
  readonly idSeed: readonly [number, number];
  readonly omits: readonly OmissibleText[];
  readonly tables: SharedTables;
}
