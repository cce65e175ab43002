import { type DictionaryView, OVERFLOW, type RequestIndex } from "../index/contract.ts";
import type { EventFacts } from "../events/event-facts.ts";
import { type MatchState, MAYBE, NO, stateOf, YES } from "./match-state.ts";
import type { TextTest } from "./text-test.ts";

export type Table = "actor" | "target" | "outcome";

/** One term of a filter over one of the index's tables. */
export interface TupleTest {
  readonly table: Table;
  /** State of tuple `id`; asked once per tuple. */
  state(index: RequestIndex, id: number): MatchState;
  /** As state() for ids [from, to), where that is quicker: logs have a million of them. */
  states?(index: RequestIndex, into: Uint8Array, from: number, to: number): void;
  /** The same on the original event, for tuples that answered MAYBE. */
  matches(event: EventFacts): boolean;
}

const SEEN = 4;

/** Values beyond the cap are one group: its name selects what it counted, other tests cannot tell. */
export function overflowState(groupName: string, literals: ReadonlySet<string> | undefined): MatchState {
  return literals?.has(groupName) === true ? YES : MAYBE;
}

/** A test of a dictionary's texts, or of what is derived from them, evaluated once per code. */
export class DictionaryTest {
  private readonly test: TextTest;
  private readonly derive: ((text: string) => string) | null;
  private states = new Uint8Array(64);

  constructor(test: TextTest, derive: ((text: string) => string) | null = null) {
    this.test = test;
    this.derive = derive;
  }

  state(dictionary: DictionaryView, code: number): MatchState {
    const known = this.states[code];
    if (known !== undefined && known !== 0) return (known & ~SEEN) as MatchState;
    if (code >= this.states.length) {
      const grown = new Uint8Array(Math.max(dictionary.size, code + 1) * 1.5);
      grown.set(this.states);
      this.states = grown;
    }
    const state = this.evaluate(dictionary.text(code), code);
    this.states[code] = state | SEEN;
    return state;
  }

  private evaluate(text: string, code: number): MatchState {
    if (code === OVERFLOW) return overflowState(text, this.test.literals);
    return stateOf(this.test(this.derive === null ? text : this.derive(text)));
  }
}

/** States of values of one row of which any may match. */
export function anyOf(states: Iterable<MatchState>): MatchState {
  let any: number = NO;
  for (const state of states) any |= state;
  return any as MatchState;
}
