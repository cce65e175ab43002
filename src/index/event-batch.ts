/** What the index is fed with: events as columns, their strings and tuples as ids of the ring's tables. */

/** Dictionaries a scanner fills. */
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
  readonly count: number;
  /** Tuple ids of the ring's tables. */
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
}
