/**
 * What the index is fed with: events as columns, their strings and tuples as ids of the scanner that made the batch,
 * and what that scanner saw for the first time. Plain values over ArrayBuffers, so a batch can be transferred.
 */

/** Dictionaries a scanner fills; the order is the order of `EventBatch.strings`. */
export const SCANNED_DICTIONARIES = [
  "user",
  "groupSet",
  "ip",
  "sourceIPs",
  "useragent",
  "resource",
  "subresource",
  "namespace",
  "name",
  "uid",
  "uri",
  "verb",
  "reason",
  "decision",
  "authReason",
  "annotations",
] as const;
export type ScannedDictionary = (typeof SCANNED_DICTIONARIES)[number];

/** Cells of a tuple in order. */
export const ACTOR_CELLS = ["user", "asFrom", "groups", "ip", "sourceIPs", "useragent"] as const;
export const TARGET_CELLS = ["resource", "subresource", "namespace", "name", "uid", "uri"] as const;
export const OUTCOME_CELLS = [
  "verb",
  "level",
  "stage",
  "code",
  "reason",
  "decision",
  "authReason",
  "annotations",
] as const;

/** New entries of one dictionary, in the order of their codes. */
export interface StringDelta {
  /** Texts one after the other, UTF-8. */
  readonly bytes: Uint8Array;
  /** Where each text ends in `bytes`. */
  readonly ends: Uint32Array;
}

/** Bits of `EventBatch.marks`. */
export const MARK = {
  /** Position in STAGES. */
  stage: 0b11,
  /** Position in LEVELS, shifted by 2. */
  levelShift: 2,
  /** The event named no stage (or none we know): see stageRank. */
  noStage: 1 << 4,
  noLevel: 1 << 5,
  /** create, update, patch, delete or deletecollection */
  write: 1 << 6,
  /** The event has a requestObject or a responseObject. */
  body: 1 << 7,
} as const;

export interface EventBatch {
  /** Which scanner made it, and its how-manieth batch it is (from 0): a ring takes a scanner's batches in order. */
  readonly scanner: number;
  readonly serial: number;
  /** Made with the ring's own tables: ids are the ring's, and there is nothing new to take over. */
  readonly isShared: boolean;
  /** The scanner started its ids afresh with this batch. */
  readonly restarted: boolean;
  readonly count: number;
  /** Tuple ids; the scanner's until the ring admits the batch, then (or if `isShared`) the ring's. */
  readonly actor: Uint32Array;
  readonly target: Uint32Array;
  readonly outcome: Uint32Array;
  /** µs since the epoch; NaN when absent. */
  readonly receivedUs: Float64Array;
  readonly stageUs: Float64Array;
  /** 64-bit seeded hash of the auditID; once a row is appended, of its request (RequestKeys). */
  readonly idLow: Uint32Array;
  readonly idHigh: Uint32Array;
  /** Numbers from RequestRing.registerSource. */
  readonly source: Uint32Array;
  readonly offset: Float64Array;
  readonly bytes: Uint32Array;
  readonly marks: Uint8Array;
  /** Over stageUs, else receivedUs; NaN when no event has a time. */
  readonly minStageUs: number;
  readonly maxStageUs: number;
  readonly strings: readonly StringDelta[];
  /** New tuples, row-major: ACTOR_CELLS.length cells each, and so on. */
  readonly actors: Uint32Array;
  readonly targets: Uint32Array;
  readonly outcomes: Uint32Array;
}
