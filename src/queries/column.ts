import type { StoredColumn } from "../events/field.ts";
import { ABSENT, OVERFLOW, type RequestIndex } from "../index/contract.ts";
import { type Derive, derivedTexts } from "./derived-texts.ts";
import { type MatchState, NO, stateOf, YES } from "./match-state.ts";
import { WORDS } from "./scratch.ts";
import type { TextTest } from "./text-test.ts";
import { DictionaryTest, overflowState, type TupleTest } from "./tuple-test.ts";

/** A column of codes of texts, with the dictionary of the same name. */
export type TextColumn = StoredColumn | { readonly table: "outcome"; readonly fact: "annotations" };

export function codesOf(index: RequestIndex, { table, fact }: TextColumn): Uint32Array {
  return (index[`${table}s`] as unknown as Readonly<Record<string, Uint32Array>>)[fact] as Uint32Array;
}

/** Test of a fact that the index keeps as it stands in the event. */
export function columnTest(column: StoredColumn, test: TextTest): TupleTest {
  const { table, fact } = column;
  const texts = new DictionaryTest(test);
  return {
    table,
    isDear: texts.isDear,
    state: (index, id) => texts.state(index.dictionaries[fact], codesOf(index, column)[id] ?? ABSENT),
    states: (index, ids, n, into) => texts.fill(index.dictionaries[fact], codesOf(index, column), ids, n, into),
    matches: (event) => test(event[fact]),
  };
}

/** The same of what is derived from it; `derive` is one function for all such tests. */
export function derivedTest(column: StoredColumn, test: TextTest, derive: Derive): TupleTest {
  const { table, fact } = column;
  /** By derived text; undefined: not asked for yet. */
  const known: (MatchState | undefined)[] = [];
  const states: NonNullable<TupleTest["states"]> = (index, ids, n, into) => {
    const dictionary = index.dictionaries[fact];
    const derived = derivedTexts(dictionary, derive);
    const codes = codesOf(index, column);
    const beyond = overflowState(dictionary.text(OVERFLOW), test.literals);
    const found = WORDS.take(n);
    for (let i = 0; i < n; i++) found[i] = derived.codeOf(dictionary, codes[ids[i] as number] as number);
    const wanted = test.only === undefined ? null : Array.from(test.only, (text) => derived.texts.find(text));
    for (let i = 0; i < n; i++) {
      const code = found[i] as number;
      if (codes[ids[i] as number] === OVERFLOW) into[i] = beyond;
      else if (wanted === null) into[i] = known[code] ??= stateOf(test(derived.texts.texts[code] as string));
      else into[i] = wanted.includes(code) ? YES : NO;
    }
    WORDS.give(found);
  };
  return {
    table,
    isDear: true,
    state(index, id) {
      const state = Uint8Array.of(NO);
      states(index, Uint32Array.of(id), 1, state);
      return state[0] as MatchState;
    },
    states,
    matches: (event) => test(derive(event[fact])),
  };
}
