import type { RequestBlock, RequestIndex } from "../index/contract.ts";
import type { Pauses, Scan } from "./scan.ts";

/** What a pass over matching rows builds. Codes and tuple ids it keeps are valid until its end. */
export interface RowVisitor<T> {
  /** Before every run: the index may have grown since the last. */
  extend(index: RequestIndex): void;
  /** rows[0, count) of one block match, oldest first. */
  add(index: RequestIndex, block: RequestBlock, rows: Uint32Array, count: number): void;
  /** Pauses where there is much to work out. */
  result(index: RequestIndex): Pauses<T>;
}

/** One pass over the rows a scan selects, oldest first. Blocks evicted meanwhile are passed over. */
export function* visitSteps<T>(scan: Scan, visitor: RowVisitor<T>): Pauses<T> {
  const { index } = scan;
  yield* scan.all((block, { rows, count }) => {
    if (count === 0 || index.locate(block.firstSeq) === null) return;
    visitor.extend(index);
    visitor.add(index, block, rows, count);
  });
  return yield* visitor.result(index);
}
