import type { RequestIndex } from "../index/contract.ts";
import type { EventFacts } from "../events/event-facts.ts";
import { type MatchState, MAYBE, NEGATED, NO, stateOf, YES } from "./match-state.ts";
import { BYTES, WORDS } from "./scratch.ts";
import type { Table, TupleTest } from "./tuple-test.ts";

/** So many tuples are worked out for each that is asked for, rather than each by itself. */
export const AHEAD = 4;

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
    const ids = new Uint32Array(size - covered);
    for (let i = 0; i < ids.length; i++) ids[i] = covered + i;
    this.write(ids, ids.length, this.states.subarray(covered, size));
    let { seen } = this;
    for (let id = covered; id < size; id++) seen |= 1 << (this.states[id] as number);
    this.seen = seen;
    this.covered = size;
  }

  /** States of the tuples ids[0, n), of which some may be the same. */
  gather(ids: Uint32Array, n: number, into: Uint8Array): void {
    if (this.covered < tableSize(this.index, this.table)) {
      let size = 0;
      for (let i = 0; i < n; i++) size = Math.max(size, (ids[i] as number) + 1);
      if (size - this.covered <= AHEAD * n) this.extend(size);
      if (this.covered < size) return this.fill(ids, n, into);
    }
    const { states } = this;
    for (let i = 0; i < n; i++) into[i] = states[ids[i] as number] as number;
  }

  /** State of any tuple. */
  of(id: number): MatchState {
    const state = BYTES.take(1);
    const ids = WORDS.take(1);
    ids[0] = id;
    this.gather(ids, 1, state);
    const answer = state[0] as MatchState;
    BYTES.give(state);
    WORDS.give(ids);
    return answer;
  }

  /** The same of such as are not covered. */
  private fill(ids: Uint32Array, n: number, into: Uint8Array): void {
    this.write(ids, n, into);
    let { seen } = this;
    for (let i = 0; i < n; i++) seen |= 1 << (into[i] as number);
    this.seen = seen;
  }

  /** Asked last: each distinct text costs. */
  abstract readonly isDear: boolean;
  /** Settles a tuple that may be MAYBE by the original event; what the index knows for sure stands. */
  abstract matches(id: number, event: EventFacts): boolean;
  /** States of the tuples ids[0, n), without taking note of them. */
  abstract write(ids: Uint32Array, n: number, into: Uint8Array): void;
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

  write(ids: Uint32Array, n: number, into: Uint8Array): void {
    const { test, index } = this;
    if (test.states !== undefined) test.states(index, ids, n, into);
    else for (let i = 0; i < n; i++) into[i] = test.state(index, ids[i] as number);
  }

  matches(id: number, event: EventFacts): boolean {
    const state = this.of(id);
    return state === MAYBE ? this.test.matches(event) : state === YES;
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

  write(ids: Uint32Array, n: number, into: Uint8Array): void {
    const [first, ...others] = this.parts;
    first?.write(ids, n, into);
    const isOr = this.op === "or";
    const decided = isOr ? YES : NO;
    const states = BYTES.take(n);
    const open = WORDS.take(n);
    /** Of the open ones in `ids`. */
    const places = WORDS.take(n);
    for (const part of others) {
      let count = 0;
      for (let i = 0; i < n; i++) {
        if (into[i] === decided) continue;
        open[count] = ids[i] as number;
        places[count++] = i;
      }
      if (count === 0) break;
      part.write(open, count, states);
      for (let k = 0; k < count; k++) {
        const at = places[k] as number;
        const state = into[at] as number;
        into[at] = isOr ? state | (states[k] as number) : state & (states[k] as number);
      }
    }
    BYTES.give(states);
    WORDS.give(open);
    WORDS.give(places);
  }
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

  write(ids: Uint32Array, n: number, into: Uint8Array): void {
    this.part.write(ids, n, into);
    for (let i = 0; i < n; i++) into[i] = NEGATED[into[i] as number] as number;
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
