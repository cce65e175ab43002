import type { AccessRow } from "../queries/accesses.ts";
import type { Evidence } from "./evidence.ts";

/** Requests alike in who asked the authorizer what, and in what came of it. */
export interface Access extends Omit<AccessRow, "seqs"> {
  /** The newest of them. */
  readonly seq: number;
  /** What their original events tell, where that may matter; each once. */
  readonly evidence: readonly Evidence[];
}
