import { LEVELS, STAGES } from "../events/vocabulary.ts";
import { ABSENT, type OutcomeTable } from "../index/contract.ts";
import { annotationValue, annotationValues, textsOfKeys } from "./annotation-value.ts";
import type { Match, ValueTest } from "./contract.ts";
import type { EventFacts } from "../events/event-facts.ts";
import { matchesGlob } from "./glob.ts";
import { type MatchState, stateOf } from "./match-state.ts";
import { comparesTo, isComparison, type TextTest, textTest } from "./text-test.ts";
import { DictionaryTest, type TupleTest } from "./tuple-test.ts";

/** Test of a field that is more than a column of the outcome; null when the field is not. */
export function outcomeTest({ field, key = "", keyGlob, tests }: Match): TupleTest | null {
  switch (field) {
    case "annotation":
      return annotationTest(keyGlob === true ? (name) => matchesGlob(key, name) : key, textTest(tests));
    case "code":
      return numberColumn(({ code }) => code, codeTest(tests));
    case "class": {
      const test = textTest(tests);
      return numberColumn(
        ({ code }) => code,
        (code) => test(codeClass(code)),
      );
    }
    case "level": {
      const test = textTest(tests);
      return numberColumn(
        ({ level }) => level,
        (level) => test(LEVELS[level] ?? ""),
      );
    }
    case "stage": {
      const test = textTest(tests);
      return numberColumn(
        ({ stage }) => stage,
        (stage) => test(STAGES[stage] ?? ""),
      );
    }
    default:
      return null;
  }
}

/** `4xx`; "" for a request without a code. */
export function codeClass(code: number): string {
  return code < 100 || code > 599 ? "" : `${Math.floor(code / 100)}xx`;
}

/** A request without a code has the value "": it compares with nothing. */
function codeTest(tests: readonly ValueTest[]): (code: number) => boolean {
  const texts = textTest(tests.filter((test) => !isComparison(test) && test.kind !== "class"));
  const hasTexts = tests.some((test) => !isComparison(test) && test.kind !== "class");
  return (code) =>
    (hasTexts && texts(code === 0 ? "" : String(code))) ||
    tests.some(
      (test) =>
        (isComparison(test) && code !== 0 && comparesTo(code, test)) ||
        (test.kind === "class" && Math.floor(code / 100) === test.digit),
    );
}

function numberColumn(
  column: (outcomes: OutcomeTable) => ArrayLike<number>,
  test: (value: number) => boolean,
): TupleTest {
  const known: (MatchState | undefined)[] = [];
  const stateOfValue = (value: number): MatchState => (known[value] ??= stateOf(test(value)));
  return {
    table: "outcome",
    state: ({ outcomes }, id) => stateOfValue(column(outcomes)[id] ?? 0),
    states({ outcomes }, ids, n, into) {
      const values = column(outcomes);
      for (let i = 0; i < n; i++) into[i] = stateOfValue(values[ids[i] as number] as number);
    },
    // Numbers are never beyond a dictionary's cap.
    matches: () => false,
  };
}

/** `key`: which annotation, or a test of which. */
function annotationTest(key: string | ((name: string) => boolean), test: TextTest): TupleTest {
  if (typeof key === "string") {
    const objects = new DictionaryTest(test, (json) => annotationValue(json, key));
    return annotationsTest(objects, (event) => test(annotationText(event, key)));
  }
  const any = (values: readonly string[]): boolean => (values.length === 0 ? test("") : values.some(test));
  const objects = new DictionaryTest((json) => any(annotationValues(json, key)));
  return annotationsTest(objects, ({ annotations }) => any(textsOfKeys(annotations, key)));
}

function annotationsTest(objects: DictionaryTest, matches: TupleTest["matches"]): TupleTest {
  return {
    table: "outcome",
    isDear: true,
    state: ({ outcomes, dictionaries }, id) =>
      objects.state(dictionaries.annotations, outcomes.annotations[id] ?? ABSENT),
    matches,
  };
}

function annotationText(event: EventFacts, key: string): string {
  const value = Object.hasOwn(event.annotations, key) ? event.annotations[key] : undefined;
  return typeof value === "string" ? value : "";
}
