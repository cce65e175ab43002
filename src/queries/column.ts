import type { StoredColumn } from "../events/field.ts";
import { ABSENT, type RequestIndex } from "../index/contract.ts";
import type { Derive } from "./derived-texts.ts";
import type { TextTest } from "./text-test.ts";
import { DictionaryTest, type TupleTest } from "./tuple-test.ts";

/** A column of codes of texts, with the dictionary of the same name. */
export type TextColumn = StoredColumn | { readonly table: "outcome"; readonly fact: "annotations" };

export function codesOf(index: RequestIndex, { table, fact }: TextColumn): Uint32Array {
  return (index[`${table}s`] as unknown as Readonly<Record<string, Uint32Array>>)[fact] as Uint32Array;
}

/** Test of a fact that the index keeps as it stands in the event, or of what `derive` makes of it. */
export function columnTest(column: StoredColumn, test: TextTest, derive: Derive | null = null): TupleTest {
  const { table, fact } = column;
  const texts = new DictionaryTest(test, derive);
  return {
    table,
    isDear: texts.isDear,
    state: (index, id) => texts.state(index.dictionaries[fact], codesOf(index, column)[id] ?? ABSENT),
    states: (index, ids, n, into) => texts.fill(index.dictionaries[fact], codesOf(index, column), ids, n, into),
    matches: (event) => test(derive === null ? event[fact] : derive(event[fact])),
  };
}
