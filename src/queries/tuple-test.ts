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
  /** As state() for ids[0, n), where that is quicker: logs have a million of them. */
  states?(index: RequestIndex, ids: Uint32Array, n: number, into: Uint8Array): void;
  /** Each distinct text costs: it is asked last, and only where the others have not decided. */
  readonly isDear?: boolean;
  /** The same on the original event, for tuples that answered MAYBE. */
  matches(event: EventFacts): boolean;
}

const SEEN = 4;

/** Values beyond the cap are one group: its name selects what it counted, other tests cannot tell. */
export function overflowState(groupName: string, literals: ReadonlySet<string> | undefined): MatchState {
  return literals?.has(groupName) === true ? YES : MAYBE;
}

/** Stands for a byte sequence that is no text: several of them read alike. */
const REPLACED = "\ufffd";

/**
 * A test of a dictionary's texts, or of what is derived from them, evaluated once per code. Where it is a list of texts they
 * are looked up instead: no other text is made.
 */
export class DictionaryTest {
  private readonly test: TextTest;
  private readonly derive: ((text: string) => string) | null;
  private states = new Uint8Array(64);
  /** Texts that are looked for and were not in the dictionary yet; null: every text is tested. */
  private wanted: string[] | null;
  /** Codes below it are known. */
  private known = 0;

  constructor(test: TextTest, derive: ((text: string) => string) | null = null) {
    this.test = test;
    this.derive = derive;
    const texts = derive === null && test.only !== undefined ? [...test.only] : null;
    this.wanted = texts?.every((text) => text.isWellFormed() && !text.includes(REPLACED)) === true ? texts : null;
  }

  /** Whether every distinct text is made and tested. */
  get isDear(): boolean {
    return this.wanted === null;
  }

  state(dictionary: DictionaryView, code: number): MatchState {
    const known = this.states[code];
    if (known !== undefined && known !== 0) return (known & ~SEEN) as MatchState;
    if (Math.max(dictionary.size, code + 1) > this.states.length) {
      const grown = new Uint8Array(Math.max(dictionary.size, code + 1) * 1.5);
      grown.set(this.states);
      this.states = grown;
    }
    if (this.wanted !== null) {
      this.lookUp(dictionary, this.wanted);
      return ((this.states[code] as number) & ~SEEN) as MatchState;
    }
    const state = this.evaluate(dictionary.passing(code), code);
    this.states[code] = state | SEEN;
    return state;
  }

  /** As state() for the codes of ids[0, n). */
  fill(dictionary: DictionaryView, codes: Uint32Array, ids: Uint32Array, n: number, into: Uint8Array): void {
    let { states } = this;
    for (let i = 0; i < n; i++) {
      const code = codes[ids[i] as number] as number;
      const known = states[code];
      if (known !== undefined && known !== 0) {
        into[i] = known & ~SEEN;
        continue;
      }
      into[i] = this.state(dictionary, code);
      ({ states } = this);
    }
  }

  /** Makes all codes of the dictionary known. */
  private lookUp(dictionary: DictionaryView, wanted: readonly string[]): void {
    this.states.fill(NO | SEEN, this.known, dictionary.size);
    this.known = dictionary.size;
    this.states[OVERFLOW] = this.evaluate(dictionary.text(OVERFLOW), OVERFLOW) | SEEN;
    this.wanted = wanted.filter((text) => {
      const code = dictionary.find(text);
      if (code >= 0) this.states[code] = YES | SEEN;
      return code < 0;
    });
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
