import type { RequestBlock, RequestIndex } from "../index/contract.ts";
import type { TimeWindow } from "./contract.ts";
import type { PlanNode } from "./filter-plan.ts";
import { RowFilter } from "./row-filter.ts";
import type { Verdicts } from "./verdicts.ts";

/** Work cut into pieces of about one block (≤ 65,536 rows): the owner may do something else, or stop, at every yield. */
export type Steps<T> = Generator<void, T, void>;

/** Runs to the end without a pause. */
export function finish<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** What extends itself over tuples that are new since it was asked last. */
export interface Extendable {
  extend(index: RequestIndex): void;
}

/** A selection over an index at one moment: rows added after the start of a pass are left for the next query. */
export class Scan {
  readonly index: RequestIndex;
  readonly filter: RowFilter;
  /** Window of the query and of the filter's own top-level since: and until:. */
  readonly window: { readonly fromUs: number; readonly toUs: number };

  constructor(index: RequestIndex, plan: PlanNode, window: TimeWindow | undefined, verdicts: Verdicts) {
    this.index = index;
    const split = splitWindow(plan, window);
    this.window = split.window;
    this.filter = new RowFilter(split.plan, split.window, verdicts);
  }

  /**
   * Hands over the matching rows of every block, oldest block first: filter.rows[0, filter.count). Blocks of which the
   * visitor knows them are not filtered.
   */
  *blocks(
    also: readonly Extendable[],
    visit: (block: RequestBlock, filter: RowFilter) => void,
    isKnown: (block: RequestBlock) => boolean = () => false,
  ): Steps<void> {
    const { index, filter } = this;
    const blocks = index.blocks.map((block) => ({ block, rows: block.count }));
    for (const [i, { block, rows }] of blocks.entries()) {
      if (i > 0) yield;
      filter.prepare(index);
      for (const extendable of also) extendable.extend(index);
      if (!isKnown(block)) filter.select(block, Math.min(rows, block.count));
      visit(block, filter);
    }
  }
}

/** Takes time bounds that hold for every row out of the plan: the zone maps then skip whole blocks. */
function splitWindow(
  plan: PlanNode,
  window: TimeWindow | undefined,
): { plan: PlanNode; window: { fromUs: number; toUs: number } } {
  let fromUs = window?.fromUs ?? Number.NEGATIVE_INFINITY;
  let toUs = window?.toUs ?? Number.POSITIVE_INFINITY;
  const parts = plan.kind === "and" ? plan.parts : [plan];
  const others: PlanNode[] = [];
  for (const part of parts) {
    if (part.kind !== "time") {
      others.push(part);
      continue;
    }
    fromUs = Math.max(fromUs, part.fromUs);
    toUs = Math.min(toUs, part.toUs);
  }
  const [only] = others;
  return {
    plan: others.length === 1 && only !== undefined ? only : { kind: "and", parts: others },
    window: { fromUs, toUs },
  };
}

/** Time examined: of what is kept, cut by the window. µs; NaN when nothing is kept in it. */
export function spanOf(
  index: RequestIndex,
  window: Scan["window"],
  lastEventUs: number,
): { fromUs: number; toUs: number } {
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  for (const block of index.blocks) {
    if (block.minReceivedUs < from) from = block.minReceivedUs;
    if (block.maxReceivedUs > to) to = block.maxReceivedUs;
  }
  if (lastEventUs > to) to = lastEventUs;
  const fromUs = Math.max(from, window.fromUs);
  const toUs = Math.min(to, window.toUs);
  return fromUs <= toUs && Number.isFinite(fromUs) && Number.isFinite(toUs)
    ? { fromUs, toUs }
    : { fromUs: Number.NaN, toUs: Number.NaN };
}
