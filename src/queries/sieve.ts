import type { RequestBlock, RequestIndex } from "../index/contract.ts";
import type { TimeWindow } from "./contract.ts";
import type { PlanNode } from "./filter-plan.ts";
import { CHUNK } from "./reach.ts";
import { RowFilter } from "./row-filter.ts";
import { matchesEvent } from "./settle.ts";
import { RowDecisions } from "./row-decisions.ts";

/** Of fewer rows than one in so many of a block each is looked at. */
const FEW = 8;

/** Tests rows as they come, for one generation of the index. */
export class Sieve {
  private readonly plan: PlanNode;
  private readonly filter: RowFilter;

  constructor(index: RequestIndex, plan: PlanNode, window: TimeWindow | undefined) {
    this.plan = plan;
    this.filter = new RowFilter(index, plan, window, new RowDecisions());
  }

  /**
   * Matching rows of [from, to). `read` gives the original event of a row that only it can decide, or null: such a row does
   * not match.
   */
  select(block: RequestBlock, from: number, to: number, read: (row: number) => Uint8Array | null): number[] {
    const { filter, plan } = this;
    const matching: number[] = [];
    const take = (): void => {
      for (let i = 0; i < filter.count; i++) matching.push(filter.rows[i] as number);
      for (const row of filter.undecided) if (matchesEvent(plan, { block, row }, read(row))) matching.push(row);
    };
    const few = (to - from) * FEW < block.count ? null : filter.candidates(block, to);
    if (few === null) {
      for (let start = from; start < to; start += CHUNK) {
        filter.select(block, start, Math.min(to, start + CHUNK));
        take();
      }
    } else {
      const first = few.findIndex((row) => row >= from);
      for (let at = first < 0 ? few.length : first; at < few.length; at += CHUNK) {
        filter.selectOf(block, few.subarray(at, at + CHUNK));
        take();
      }
    }
    return matching.sort((a, b) => a - b);
  }
}
