import type { EventBatch } from "./event-batch.ts";
import type { Tables } from "./tables.ts";

/** Columns of tuple ids, `count` rows in use. Rewritten in place when ids are renumbered. */
export interface TupleColumns {
  readonly actor: Uint32Array;
  readonly target: Uint32Array;
  readonly outcome: Uint32Array;
  readonly count: number;
}

/** A ring's tables as its scanners use them. */
export interface SharedTables {
  /** Replaced when ids are renumbered: whoever remembers ids drops them then. */
  readonly current: Tables;
  /** Rows a scanner has not handed over yet; it adds its own here. */
  readonly open: Set<TupleColumns>;
  /** Batches with rows still to come, by how many. A scanner adds the ones it hands over. */
  readonly pending: Map<EventBatch, number>;
  /** Batches whose rows were all taken: their columns may be written to again. */
  readonly spare: EventBatch[];
}
