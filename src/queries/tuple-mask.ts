import type { RequestIndex } from "../index/contract.ts";
import type { EventFacts } from "../events/event-facts.ts";
import { MAYBE, NEGATED, stateOf, YES } from "./match-state.ts";
import { type Reach, wholeReach } from "./reach.ts";
import type { Table, TupleTest } from "./tuple-test.ts";

/** States of all tuples of one table, indexed by tuple id. Extended as the table grows, never recomputed. */
export abstract class TupleMask {
  readonly table: Table;
  states = new Uint8Array(0);
  /** Bit s is set when some tuple has state s. */
  seen = 0;
  private filled = 0;

  constructor(table: Table) {
    this.table = table;
  }

  /** Covers the tuples within reach; default: all the table has. */
  extend(index: RequestIndex, reach: Reach = wholeReach(index)): void {
    const size = reach[this.table];
    if (this.filled >= size) return;
    if (this.states.length < size) {
      const grown = new Uint8Array(Math.ceil(tableSize(index, this.table) * 1.25) + 16);
      grown.set(this.states.subarray(0, this.filled));
      this.states = grown;
    }
    this.fill(index, this.filled, size, reach);
    let { seen } = this;
    for (let id = this.filled; id < size; id++) seen |= 1 << (this.states[id] as number);
    this.seen = seen;
    this.filled = size;
  }

  /** Settles a tuple that may be MAYBE by the original event; what the index knows for sure stands. */
  abstract matches(id: number, event: EventFacts): boolean;

  /** States of tuples [from, to); `reach` has the same `to`. */
  protected abstract fill(index: RequestIndex, from: number, to: number, reach: Reach): void;
}

export function tableSize(index: RequestIndex, table: Table): number {
  return index[`${table}s`].size;
}

export class TestMask extends TupleMask {
  private readonly test: TupleTest;

  constructor(test: TupleTest) {
    super(test.table);
    this.test = test;
  }

  protected fill(index: RequestIndex, from: number, to: number): void {
    const { test, states } = this;
    if (test.states !== undefined) test.states(index, states, from, to);
    else for (let id = from; id < to; id++) states[id] = test.state(index, id);
  }

  matches(id: number, event: EventFacts): boolean {
    const state = this.states[id];
    return state === MAYBE ? this.test.matches(event) : state === YES;
  }
}

/** AND or OR of masks of one table. */
export class CombinedMask extends TupleMask {
  private readonly op: "and" | "or";
  private readonly parts: readonly TupleMask[];

  constructor(op: "and" | "or", table: Table, parts: readonly TupleMask[]) {
    super(table);
    this.op = op;
    this.parts = parts;
  }

  matches(id: number, event: EventFacts): boolean {
    return this.op === "and"
      ? this.parts.every((part) => part.matches(id, event))
      : this.parts.some((part) => part.matches(id, event));
  }

  protected fill(index: RequestIndex, from: number, to: number, reach: Reach): void {
    const { states } = this;
    this.parts.forEach((part, i) => {
      part.extend(index, reach);
      const other = part.states;
      if (i === 0) states.set(other.subarray(from, to), from);
      else if (this.op === "and") {
        for (let id = from; id < to; id++) states[id] = (states[id] as number) & (other[id] as number);
      } else {
        for (let id = from; id < to; id++) states[id] = (states[id] as number) | (other[id] as number);
      }
    });
  }
}

export class NegatedMask extends TupleMask {
  private readonly part: TupleMask;

  constructor(part: TupleMask) {
    super(part.table);
    this.part = part;
  }

  matches(id: number, event: EventFacts): boolean {
    return !this.part.matches(id, event);
  }

  protected fill(index: RequestIndex, from: number, to: number, reach: Reach): void {
    this.part.extend(index, reach);
    const other = this.part.states;
    for (let id = from; id < to; id++) this.states[id] = NEGATED[other[id] as number] as number;
  }
}

/** States by source number: of the API server the input tells, or of the input itself. */
export class SourceMask {
  states = new Uint8Array(0);
  private readonly test: (source: RequestIndex["sources"][number]) => boolean;

  constructor(test: (source: RequestIndex["sources"][number]) => boolean) {
    this.test = test;
  }

  extend({ sources }: RequestIndex): void {
    if (this.states.length === sources.length) return;
    this.states = Uint8Array.from(sources, (source) => stateOf(this.test(source)));
  }
}
