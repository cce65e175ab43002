/**
 * What the index promises to those who read it. Rows hold three tuple ids (actor, target, outcome); every dimension is a
 * property of one tuple, so predicates and group keys are computed once per tuple and looked up per row.
 */

/** Strings by code. Code 0 is "" (absent); OVERFLOW stands for values beyond the byte cap ("read the raw event"). */
export interface DictionaryView {
  readonly size: number;
  text(code: number): string;
}

export const ABSENT = 0;
export const OVERFLOW = 1;

/** Who: columns indexed by actor id; each cell is a code of the named dictionary. */
export interface ActorTable {
  readonly size: number;
  readonly user: Uint32Array;
  readonly asFrom: Uint32Array;
  /** Code of a group *set*; members via RequestIndex.groupSet. */
  readonly groups: Uint32Array;
  readonly ip: Uint32Array;
  /** All sourceIPs joined by ",". */
  readonly sourceIPs: Uint32Array;
  readonly useragent: Uint32Array;
}

/** What: columns indexed by target id. */
export interface TargetTable {
  readonly size: number;
  /** `deployments.apps`; ABSENT for non-resource requests. */
  readonly resource: Uint32Array;
  readonly subresource: Uint32Array;
  readonly namespace: Uint32Array;
  readonly name: Uint32Array;
  readonly uid: Uint32Array;
  readonly uri: Uint32Array;
}

/** How it ended: columns indexed by outcome id. `level`/`stage` are positions in LEVELS/STAGES, `code` 0 = none. */
export interface OutcomeTable {
  readonly size: number;
  readonly verb: Uint32Array;
  readonly level: Uint8Array;
  readonly stage: Uint8Array;
  readonly code: Uint16Array;
  readonly reason: Uint32Array;
  readonly decision: Uint32Array;
  readonly authReason: Uint32Array;
  /** Code of the annotations object's JSON text. */
  readonly annotations: Uint32Array;
}

export interface Dictionaries {
  readonly user: DictionaryView;
  readonly group: DictionaryView;
  readonly ip: DictionaryView;
  readonly sourceIPs: DictionaryView;
  readonly useragent: DictionaryView;
  readonly resource: DictionaryView;
  readonly subresource: DictionaryView;
  readonly namespace: DictionaryView;
  readonly name: DictionaryView;
  readonly uid: DictionaryView;
  readonly uri: DictionaryView;
  readonly verb: DictionaryView;
  readonly reason: DictionaryView;
  readonly decision: DictionaryView;
  readonly authReason: DictionaryView;
  readonly annotations: DictionaryView;
}

/** A fixed number of consecutive rows. Row i has sequence number firstSeq + i. */
export interface RequestBlock {
  readonly firstSeq: number;
  readonly count: number;
  /** Tuple ids per row; only [0, count) is valid. */
  readonly actor: Uint32Array;
  readonly target: Uint32Array;
  readonly outcome: Uint32Array;
  /** µs since the epoch; NaN when the event had no time. */
  receivedUs(row: number): number;
  /** µs; −1 when unknown. */
  latencyUs(row: number): number;
  source(row: number): number;
  offset(row: number): number;
  bytes(row: number): number;
  /** Zone map over receivedUs of all rows ever in the block. */
  readonly minReceivedUs: number;
  readonly maxReceivedUs: number;
}

/** Read side of the ring. Everything is synchronous and side-effect free. */
export interface RequestIndex {
  readonly blocks: readonly RequestBlock[];
  /** Rows kept now; [firstSeq, endSeq). */
  readonly rowCount: number;
  readonly firstSeq: number;
  readonly endSeq: number;
  /** Rows ever added and rows evicted, oldest first. */
  readonly requestsSeen: number;
  readonly requestsEvicted: number;
  /** Grows with every change of rows (append, completion in place, eviction). */
  readonly revision: number;
  /** Changes when dictionary or tuple codes were renumbered: caches keyed by code must be dropped. */
  readonly generation: number;
  readonly actors: ActorTable;
  readonly targets: TargetTable;
  readonly outcomes: OutcomeTable;
  readonly dictionaries: Dictionaries;
  /** Members (codes of dictionaries.group) of a group set. */
  groupSet(code: number): Uint32Array;
  /** Input names by source number; `apiserver` "" when the input does not tell. */
  readonly sources: readonly { readonly path: string; readonly apiserver: string }[];
}

/** Counts over everything ever ingested (not only what is kept). Event counts are after duplicates were dropped. */
export interface IngestCounters {
  readonly events: number;
  readonly duplicates: number;
  readonly levels: Readonly<Record<string, number>>;
  readonly stages: Readonly<Record<string, number>>;
  /** min receivedUs, max stageUs; NaN when nothing was read. */
  readonly fromUs: number;
  readonly toUs: number;
}
