import type { RequestBlock, RequestIndex } from "../index/contract.ts";
import type { TimeWindow } from "./contract.ts";
import { mayNeedEvents, type PlanNode } from "./filter-plan.ts";
import { CHUNK, type Extendable, ReachedTuples } from "./reach.ts";
import { RowFilter } from "./row-filter.ts";
import { selectedBitsOf } from "./selected-bits.ts";
import type { RowDecisions } from "./row-decisions.ts";

/**
 * Work cut into pieces of at most a few ms: the owner may do something else, or stop, at every yield. A yielded function
 * makes the answer of what has been seen so far, valid until the next step.
 */
export type Steps<T> = Generator<(() => T) | undefined, T, void>;

/** Steps without answers on the way. */
export type Pauses<T> = Generator<undefined, T, void>;

/** Runs to the end without a pause. */
export function finish<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** A selection over an index at one moment: rows added after the start of a pass are left for the next query. */
export class Scan {
  readonly index: RequestIndex;
  readonly plan: PlanNode;
  /** Window of the query and of the filter's own top-level since: and until:. */
  readonly window: { readonly fromUs: number; readonly toUs: number };
  private readonly filter: RowFilter;
  private extendables: readonly Extendable[] = [];
  private reached = new ReachedTuples();

  constructor(index: RequestIndex, plan: PlanNode, window: TimeWindow | undefined, decisions: RowDecisions) {
    this.index = index;
    this.plan = plan;
    const split = splitWindow(plan, window);
    this.window = split.window;
    this.filter = new RowFilter(index, split.plan, split.window, decisions, selectedBitsOf(plan));
  }

  /** What else is to cover the tuples of the rows that are visited. */
  extendAlso(extendables: readonly Extendable[]): void {
    this.extendables = extendables;
    this.reached = new ReachedTuples();
  }

  /** Hands over the matching rows of rows [0, limit) of a block, a chunk at a time: filter.rows[0, filter.count). */
  *select(block: RequestBlock, limit: number, visit: (filter: RowFilter) => void): Pauses<void> {
    const { index, filter } = this;
    if (filter.passesOver(block)) return;
    const few = filter.candidates(block, limit);
    if (few !== null) {
      this.selectFew(block, few, visit);
      return;
    }
    for (let from = 0; from < limit; from += CHUNK) {
      if (from > 0) yield;
      const to = Math.min(limit, from + CHUNK);
      this.reached.include(index, block, from, to, this.extendables);
      filter.select(block, from, to);
      visit(filter);
    }
  }

  /** The same of these rows alone. */
  private selectFew(block: RequestBlock, rows: Uint32Array, visit: (filter: RowFilter) => void): void {
    const { index, filter } = this;
    const last = rows.at(-1) ?? -1;
    for (let from = 0; from <= last && this.extendables.length > 0; from += CHUNK) {
      this.reached.include(index, block, from, Math.min(block.count, from + CHUNK), this.extendables);
    }
    for (let at = 0; at < rows.length; at += CHUNK) {
      filter.selectOf(block, rows.subarray(at, at + CHUNK));
      visit(filter);
    }
  }

  /** The same of every block, oldest first. */
  *all(visit: (block: RequestBlock, filter: RowFilter) => void): Pauses<void> {
    for (const { block, rows } of this.index.blocks.map((block) => ({ block, rows: block.count }))) {
      yield;
      yield* this.select(block, rows, (filter) => visit(block, filter));
    }
  }

  /** Whether the window holds every row of a block of which none lacks its time. */
  holds(block: RequestBlock): boolean {
    return block.minReceivedUs >= this.window.fromUs && block.maxReceivedUs < this.window.toUs;
  }

  /** Whether the filter selects the same rows as long as they do not change. */
  get isRepeatable(): boolean {
    return !mayNeedEvents(this.plan);
  }

  get isUnbounded(): boolean {
    return this.window.fromUs === Number.NEGATIVE_INFINITY && this.window.toUs === Number.POSITIVE_INFINITY;
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
