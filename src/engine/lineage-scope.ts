import type { Lineage } from "../lineage/lineage.ts";
import type { Covers } from "./lineage-rows.ts";
import type { NamespaceSearch } from "./namespace-search.ts";

/** Lineage of one namespace, of those that have an object, or of everything, and how far it has come. */
export interface Scope {
  /** Whether a row is taken in. */
  readonly covers: Covers;
  /** For an object whose namespaces are not known from the start. */
  readonly search: NamespaceSearch | null;
  lineage: Lineage;
  /** Rows seen so far end here. */
  nextSeq: number;
  /** Rows below nextSeq that are still to be taken in, again or for the first time. */
  readonly changed: Set<number>;
  isCatchingUp: boolean;
  /** Has no pods of other namespaces, for which the scheduler may have made room. */
  readonly isNarrow: boolean;
}
