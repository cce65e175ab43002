import type { FileGeneration } from "../../bytes/contract.ts";
import type { ResumePoint } from "../../ingest/contract.ts";

/** What events come from: one generation of a file, or a stream, which cannot be read again. */
export interface ShipSource {
  readonly path: string;
  readonly generation: FileGeneration | null;
  /** Size on disk when it was opened. */
  readonly bytes: number;
  readonly isPacked: boolean;
}

/** How far a source has been shipped, or will be once the batches that are journalled are sent. */
export interface ShippedPoint {
  readonly point: ResumePoint;
  /** It will not grow any more, and all of it is in batches. */
  readonly isWhole: boolean;
}

/** Rows on their way: what is sent is what was journalled, byte for byte, however often it is sent. */
export interface Batch {
  /** Of its first row; the others follow. */
  readonly seq: number;
  readonly rows: number;
  /** insert_deduplication_token: a hash of its sources, their points and its content. */
  readonly token: string;
  /** When it was journalled, ms since the epoch. */
  readonly cutMs: number;
  /** Rows in JSONCompactEachRow, packed with `codec`. */
  readonly payload: Buffer;
  readonly codec: string;
  /** It may have been sent by a shipper that was ended before it knew. */
  readonly isUncertain: boolean;
}

/** Why nothing can be shipped, as a sentence. */
export class ShipFailure extends Error {}
