import { bodyValues, parseBodyPath } from "./body-path.ts";
import type { Match } from "./contract.ts";
import { textsOf } from "../events/json-values.ts";
import type { EventFacts } from "../events/event-facts.ts";
import { matchesGlob } from "./glob.ts";
import { type TextTest, textTest } from "./text-test.ts";

export type EventTest = (event: EventFacts) => boolean;

export const CREDENTIAL = "authentication.kubernetes.io/credential-id";

/** Test of a field that is in the original events alone; null when the field is not. */
export function eventTest({ field, key = "", keyGlob, tests }: Match): EventTest | null {
  const test = textTest(tests);
  switch (field) {
    case "message":
      return ({ message }) => test(message);
    case "cred":
      return ({ extra }) =>
        any(
          valuesOf(extra, (name) => name === CREDENTIAL),
          test,
        );
    case "extra": {
      const isWanted = keyGlob === true ? (name: string) => matchesGlob(key, name) : (name: string) => name === key;
      return ({ extra, effectiveExtra }) => {
        const own = valuesOf(extra, isWanted);
        return any(effectiveExtra === extra ? own : [...own, ...valuesOf(effectiveExtra, isWanted)], test);
      };
    }
    case "body":
      return bodyTest(key, test);
    default:
      return null;
  }
}

/** No value is the value "". */
function any(values: readonly string[], test: TextTest): boolean {
  return values.length === 0 ? test("") : values.some(test);
}

function valuesOf(extra: EventFacts["extra"], isWanted: (key: string) => boolean): string[] {
  return Object.entries(extra).flatMap(([name, values]) => (isWanted(name) ? textsOf(values) : []));
}

/** `requestObject.…` and `responseObject.…` name their body; other paths try the request, then the response. */
function bodyTest(key: string, test: TextTest): EventTest {
  const steps = parseBodyPath(key);
  if (typeof steps === "string") return () => false;
  const [first] = steps;
  const named =
    first !== undefined && "key" in first && (first.key === "requestObject" || first.key === "responseObject");
  if (named) return (event) => any(bodyValues(event, steps), test);
  return ({ requestObject, responseObject }) =>
    any([...bodyValues(requestObject, steps), ...bodyValues(responseObject, steps)], test);
}
