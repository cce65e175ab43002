/**
 * What the index promises to those who read it. Rows hold three tuple ids (actor, target, outcome); every dimension is a
 * property of one tuple, so predicates and group keys are computed once per tuple and looked up per row.
 */

import type { ACTOR_CELLS, OUTCOME_CELLS, ScannedDictionary, TARGET_CELLS } from "./event-batch.ts";

/** Strings by code. Code 0 is "" (absent); OVERFLOW stands for values beyond the byte cap ("read the raw event"). */
export interface DictionaryView {
  readonly size: number;
  text(code: number): string;
  /** As text(), several times as fast for codes that are asked one after the other; not to be kept: it may hold thousands of others. */
  passing(code: number): string;
  /** Writes the text in UTF-8 from `at` on, as far as there is room; returns where it ends. */
  copy(code: number, into: Uint8Array, at: number): number;
  /** Code of a text that is already here, or −1. */
  find(text: string): number;
}

export const ABSENT = 0;
export const OVERFLOW = 1;

/** Columns of a table of tuples, by the names of their cells. */
type Columns<Cell extends string> = { readonly size: number } & Readonly<Record<Cell, Uint32Array>>;

/** Who: columns indexed by actor id; each cell is a code of the dictionary of its name. `groups`: of a *set*, see RequestIndex.groupSet. */
export type ActorTable = Columns<(typeof ACTOR_CELLS)[number]>;

/** What: columns indexed by target id. `resource`: `deployments.apps`, ABSENT for non-resource requests. */
export type TargetTable = Columns<(typeof TARGET_CELLS)[number]>;

/** Cells of an outcome that are codes of a dictionary. */
export type OutcomeText = Exclude<(typeof OUTCOME_CELLS)[number], "level" | "stage" | "code">;

/**
 * How it ended: columns indexed by outcome id. `level`/`stage` are positions in LEVELS/STAGES, `code` 0 = none; `annotations`: of the
 * object's JSON text.
 */
export type OutcomeTable = Columns<OutcomeText> & {
  readonly level: Uint8Array;
  readonly stage: Uint8Array;
  readonly code: Uint16Array;
};

export type Dictionaries = Readonly<Record<Exclude<ScannedDictionary, "groupSet"> | "group", DictionaryView>>;

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
  /** stageTimestamp of the event the facts come from, µs; NaN when absent. */
  stageUs(row: number): number;
  /** Stages seen of this request: bit i stands for STAGES[i]. */
  stagesSeen(row: number): number;
  /** RequestIndex.revision of the last change of any row of this block. */
  readonly revision: number;
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
  /** Requests kept that have not ended yet: their last stage is RequestReceived or ResponseStarted. */
  readonly inFlight: number;
  /** Those among the kept that never will: their API server was started anew since. */
  readonly cutOff: number;
  /** Whether a row's request has ended. A failed authentication (ResponseStarted, no user) has. */
  hasEnded(actor: number, outcome: number): boolean;
  /** Whether a row's request has not ended and never will. */
  isCutOff(block: RequestBlock, row: number): boolean;
  /** Block and row of a kept request; null when it is not kept (any more). */
  locate(seq: number): { readonly block: RequestBlock; readonly row: number } | null;
  /** Whether a row's auditID is this one (several may have it: an id may be reused). 1 in 2⁶⁴ is another id. */
  auditIDTest(auditID: string): (block: RequestBlock, row: number) => boolean;
  /**
   * Inputs by source number: name, API server ("" when the input does not tell), and the file that holds it now, as far as
   * is known: rotation renames.
   */
  readonly sources: readonly { readonly path: string; readonly apiserver: string; readonly place: string }[];
}

/**
 * What happens to rows, for aggregates that are kept up to date instead of recomputed. Called during append and prepend;
 * a listener only reads.
 */
export interface RowListener {
  /** A row's facts changed in place (a later stage came). The old values are given, the new ones are in the block. */
  onReplace(block: RequestBlock, row: number, old: ReplacedRow): void;
  /** A whole block is about to be dropped. */
  onEvict(block: RequestBlock): void;
  /** Blocks were put in front: their firstSeq is valid from now on. */
  onPrepended(blocks: readonly RequestBlock[]): void;
}

export interface ReplacedRow {
  readonly actor: number;
  readonly target: number;
  readonly outcome: number;
  readonly latencyUs: number;
}

/** Counts over everything ever ingested (not only what is kept). Event counts are after duplicates were dropped. */
export interface IngestCounters {
  readonly events: number;
  readonly duplicates: number;
  /** By name; "" counts events that name none (or none we know). */
  readonly levels: Readonly<Record<string, number>>;
  readonly stages: Readonly<Record<string, number>>;
  /** min receivedUs, max stageUs; NaN when nothing was read. */
  readonly fromUs: number;
  readonly toUs: number;
  /** By source number. */
  readonly sources: readonly { readonly events: number; readonly duplicates: number }[];
}
