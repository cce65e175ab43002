import type { RequestIndex } from "../index/contract.ts";
import type { EventFacts } from "../events/event-facts.ts";
import { type MatchState, MAYBE, NEGATED, NO, stateOf, YES } from "./match-state.ts";
import type { Table, TupleTest } from "./tuple-test.ts";

/** Where fewer tuples than one in so many are still undecided, each is asked by itself. */
const FEW = 8;
/** So many tuples are worked out for each that is asked for, rather than each by itself. */
const AHEAD = 4;

/**
 * States of the tuples of one table, indexed by tuple id: of all below `covered`, and of any other when asked. Extended as the
 * table grows, never recomputed.
 */
export abstract class TupleMask {
  readonly table: Table;
  /** Valid below `covered`. */
  states = new Uint8Array(0);
  covered = 0;
  /** Bit s is set when some tuple that was asked for has state s. */
  seen = 0;
  protected readonly index: RequestIndex;

  constructor(table: Table, index: RequestIndex) {
    this.table = table;
    this.index = index;
  }

  /** Covers the tuples below `size`; default: all the table has. */
  extend(size = tableSize(this.index, this.table)): void {
    const { covered } = this;
    if (covered >= size) return;
    if (this.states.length < size) {
      const grown = new Uint8Array(Math.ceil(tableSize(this.index, this.table) * 1.25) + 16);
      grown.set(this.states.subarray(0, covered));
      this.states = grown;
    }
    this.write(this.states.subarray(covered, size), covered, size);
    let { seen } = this;
    for (let id = covered; id < size; id++) seen |= 1 << (this.states[id] as number);
    this.seen = seen;
    this.covered = size;
  }

  /** Covers the tuples of `count` rows, all below `size`, unless few of them are new. */
  extendFor(count: number, size: number): void {
    if (size - this.covered <= AHEAD * count) this.extend(size);
  }

  /** State of any tuple. */
  of(id: number): MatchState {
    if (id < this.covered) return this.states[id] as MatchState;
    const state = this.evaluate(id);
    this.seen |= 1 << state;
    return state;
  }

  /** Asked last: each distinct text costs. */
  abstract readonly isDear: boolean;
  /** Settles a tuple that may be MAYBE by the original event; what the index knows for sure stands. */
  abstract matches(id: number, event: EventFacts): boolean;
  /** States of tuples [from, to), from into[0] on. */
  abstract write(into: Uint8Array, from: number, to: number): void;
  protected abstract evaluate(id: number): MatchState;
}

export function tableSize(index: RequestIndex, table: Table): number {
  return index[`${table}s`].size;
}

export class TestMask extends TupleMask {
  private readonly test: TupleTest;

  constructor(test: TupleTest, index: RequestIndex) {
    super(test.table, index);
    this.test = test;
  }

  get isDear(): boolean {
    return this.test.isDear === true;
  }

  get memoryBytes(): number {
    return this.states.length + (this.test.memoryBytes ?? 0);
  }

  write(into: Uint8Array, from: number, to: number): void {
    const { test, index } = this;
    if (to <= this.covered) into.set(this.states.subarray(from, to));
    else if (test.states !== undefined) test.states(index, into, from, to);
    else for (let id = from; id < to; id++) into[id - from] = test.state(index, id);
  }

  matches(id: number, event: EventFacts): boolean {
    const state = this.of(id);
    return state === MAYBE ? this.test.matches(event) : state === YES;
  }

  protected evaluate(id: number): MatchState {
    return this.test.state(this.index, id);
  }
}

/** AND or OR of masks of one table. */
export class CombinedMask extends TupleMask {
  readonly isDear: boolean;
  private readonly op: "and" | "or";
  /** The dear ones last. */
  private readonly parts: readonly TupleMask[];

  constructor(op: "and" | "or", table: Table, parts: readonly TupleMask[], index: RequestIndex) {
    super(table, index);
    this.op = op;
    this.parts = [...parts].sort((a, b) => Number(a.isDear) - Number(b.isDear));
    this.isDear = this.parts.some(({ isDear }) => isDear);
  }

  matches(id: number, event: EventFacts): boolean {
    return this.op === "and"
      ? this.parts.every((part) => part.matches(id, event))
      : this.parts.some((part) => part.matches(id, event));
  }

  write(into: Uint8Array, from: number, to: number): void {
    const count = to - from;
    const decided = this.op === "and" ? NO : YES;
    const other = new Uint8Array(count);
    this.parts.forEach((part, at) => {
      if (at === 0) {
        part.write(into, from, to);
        return;
      }
      let open = 0;
      for (let i = 0; i < count; i++) if (into[i] !== decided) open++;
      if (part.isDear || open * FEW < count) {
        for (let i = 0; i < count; i++) {
          if (into[i] !== decided) into[i] = joined(this.op, into[i] as number, part.of(from + i));
        }
        return;
      }
      part.write(other, from, to);
      for (let i = 0; i < count; i++) into[i] = joined(this.op, into[i] as number, other[i] as number);
    });
  }

  protected evaluate(id: number): MatchState {
    const decided = this.op === "and" ? NO : YES;
    let state: MatchState = this.op === "and" ? YES : NO;
    for (const part of this.parts) {
      state = joined(this.op, state, part.of(id));
      if (state === decided) return state;
    }
    return state;
  }
}

function joined(op: "and" | "or", a: number, b: number): MatchState {
  return (op === "and" ? a & b : a | b) as MatchState;
}

export class NegatedMask extends TupleMask {
  private readonly part: TupleMask;

  constructor(part: TupleMask, index: RequestIndex) {
    super(part.table, index);
    this.part = part;
  }

  get isDear(): boolean {
    return this.part.isDear;
  }

  matches(id: number, event: EventFacts): boolean {
    return !this.part.matches(id, event);
  }

  write(into: Uint8Array, from: number, to: number): void {
    this.part.write(into, from, to);
    for (let i = 0; i < to - from; i++) into[i] = NEGATED[into[i] as number] as number;
  }

  protected evaluate(id: number): MatchState {
    return NEGATED[this.part.of(id)] as MatchState;
  }
}

/** States by source number: of the API server the input tells, or of the input itself. */
export class SourceMask {
  private states = new Uint8Array(0);
  private readonly index: RequestIndex;
  private readonly test: (source: RequestIndex["sources"][number]) => boolean;

  constructor(index: RequestIndex, test: (source: RequestIndex["sources"][number]) => boolean) {
    this.index = index;
    this.test = test;
  }

  of(source: number): MatchState {
    if (source >= this.states.length) {
      this.states = Uint8Array.from(this.index.sources, (each) => stateOf(this.test(each)));
    }
    return this.states[source] as MatchState;
  }
}
