import type { Cadence } from "./cadence.ts";
import type { GroupCadence, GroupRow, Selection } from "./contract.ts";

/** Calls by verb and resource, or by verb and object, over time, with the period of each. */
export interface CadenceQuery extends Selection {
  readonly per: "resource" | "object";
  readonly buckets: number;
  readonly limit: number;
}

/** `key`: verb, and resource or object. */
export interface CadenceRow extends Pick<GroupRow, "key" | "requests" | "firstSeen" | "lastSeen"> {
  /** Distinct objects called for; lists and the like name none. */
  readonly objects: number;
  /** Of all calls of the row; null when there are too few. */
  readonly cadence: Cadence | null;
  /** Median period of the objects that are called for regularly, where the row has several objects. */
  readonly perObject: GroupCadence["each"];
  /** Requests per bucket of the span. */
  readonly spark: readonly number[];
}

/** Most requested first. */
export interface CadenceResult {
  readonly requests: number;
  readonly groups: number;
  readonly rows: readonly CadenceRow[];
}
