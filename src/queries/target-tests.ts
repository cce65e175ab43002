import { objectText, pathOf, resourceText } from "../events/object-key.ts";
import { isLongRunning } from "../events/vocabulary.ts";
import { ABSENT, OVERFLOW, type RequestIndex } from "../index/contract.ts";
import { columnTest } from "./column.ts";
import type { ValueTest } from "./contract.ts";
import { type MatchState, MAYBE, NO, stateOf } from "./match-state.ts";
import { objectTest, type ObjectParts } from "./object-test.ts";
import { resourceTest, type ResourceParts } from "./resource-test.ts";
import { literalsOf, type TextTest, textTest } from "./text-test.ts";
import { DictionaryTest, overflowState, type TupleTest } from "./tuple-test.ts";

export const URI = { table: "target", fact: "uri" } as const;

/** Test of a field that is more than a column of the target; null when the field is not. */
export function targetTest(field: string, tests: readonly ValueTest[]): TupleTest | null {
  switch (field) {
    case "path":
      return columnTest(URI, textTest(tests), pathOf);
    case "resource":
      return resourceFieldTest(resourceTest(tests), literalsOf(tests));
    case "object":
      return objectPartsTest(objectTest(tests), literalsOf(tests), namesWanted(tests));
    default:
      return null;
  }
}

function resourceFieldTest(test: (parts: ResourceParts) => boolean, literals: ReadonlySet<string>): TupleTest {
  const pathTest = (label: string): boolean => test({ resource: "", subresource: "", label });
  const paths = new DictionaryTest(Object.assign(pathTest, { literals }), pathOf);
  /** By resource, then subresource. */
  const pairs: (MatchState | undefined)[][] = [];
  const pairState = ({ dictionaries }: RequestIndex, resourceCode: number, subCode: number): MatchState => {
    const resource = dictionaries.resource.text(resourceCode);
    const subresource = dictionaries.subresource.text(subCode);
    const label = resourceText(resource, subresource, "");
    if (resourceCode === OVERFLOW || subCode === OVERFLOW) return overflowState(label, literals);
    return stateOf(test({ resource, subresource, label }));
  };
  return {
    table: "target",
    state(index, id) {
      const { targets, dictionaries } = index;
      const resource = targets.resource[id] ?? ABSENT;
      if (resource === ABSENT) return paths.state(dictionaries.uri, targets.uri[id] ?? ABSENT);
      const sub = targets.subresource[id] ?? ABSENT;
      return ((pairs[resource] ??= [])[sub] ??= pairState(index, resource, sub));
    },
    states(index, ids, n, into) {
      const { resource, subresource } = index.targets;
      for (let i = 0; i < n; i++) {
        const id = ids[i] as number;
        into[i] = pairs[resource[id] as number]?.[subresource[id] as number] ?? this.state(index, id);
      }
    },
    matches: ({ resource, subresource, uri }) =>
      test({ resource, subresource, label: resourceText(resource, subresource, uri) }),
  };
}

/** Names that exact tests of the object field ask for: most targets are ruled out by their name's code. */
function namesWanted(tests: readonly ValueTest[]): TextTest | null {
  const names = new Set<string>();
  for (const test of tests) {
    if (test.kind !== "exact" && test.kind !== "literal") return null;
    // A key spells odd names with escapes.
    const name = test.text.slice(test.text.lastIndexOf("/") + 1);
    names.add(name).add(name.replaceAll("%2F", "/").replaceAll("%25", "%"));
  }
  return Object.assign((name: string) => names.has(name), { only: names });
}

/** `wanted` null: any name may match. */
function objectPartsTest(
  test: (parts: ObjectParts) => boolean,
  literals: ReadonlySet<string>,
  wanted: TextTest | null,
): TupleTest {
  const names = wanted === null ? null : new DictionaryTest(wanted);
  return {
    table: "target",
    isDear: names === null,
    state({ targets, dictionaries }, id) {
      const name = targets.name[id] ?? ABSENT;
      const isNamed = name !== ABSENT && (targets.resource[id] ?? ABSENT) !== ABSENT;
      if (isNamed && names?.state(dictionaries.name, name) === NO) return NO;
      const resourceCode = targets.resource[id] ?? ABSENT;
      const namespaceCode = targets.namespace[id] ?? ABSENT;
      const resource = dictionaries.resource.text(resourceCode);
      const namespace = dictionaries.namespace.text(namespaceCode);
      const parts = { resource, namespace, name: dictionaries.name.text(name) };
      if (name === OVERFLOW || resourceCode === OVERFLOW || namespaceCode === OVERFLOW) {
        return overflowState(objectText(parts.resource, parts.namespace, parts.name), literals);
      }
      return stateOf(test(parts));
    },
    matches: test,
  };
}

/** The `object` key as a whole contains or matches a text: bare words. */
export function objectKeyTest(test: TextTest): TupleTest {
  const none: ReadonlySet<string> = new Set();
  return objectPartsTest(({ resource, namespace, name }) => test(objectText(resource, namespace, name)), none, null);
}

/** Long-running by what is asked for (the verb `watch` is the outcome's). */
export function longRunningTargetTest(): TupleTest {
  const stateOfLog = ({ targets, dictionaries }: RequestIndex, id: number): MatchState => {
    const uri = targets.uri[id] ?? ABSENT;
    return uri === OVERFLOW ? MAYBE : stateOf(isLongRunning("", "log", dictionaries.uri.text(uri)));
  };
  const states: NonNullable<TupleTest["states"]> = (index, ids, n, into) => {
    const { subresource } = index.targets;
    /** By subresource; null: its URI tells. */
    const known: (MatchState | null)[] = [NO];
    for (let i = 0; i < n; i++) {
      const id = ids[i] as number;
      const code = subresource[id] as number;
      let state = known[code];
      if (state === undefined) {
        const text = index.dictionaries.subresource.text(code);
        state = known[code] = text === "log" ? null : stateOf(isLongRunning("", text, ""));
      }
      into[i] = state ?? stateOfLog(index, id);
    }
  };
  return {
    table: "target",
    states,
    state(index, id) {
      const state = Uint8Array.of(NO);
      states(index, Uint32Array.of(id), 1, state);
      return state[0] as MatchState;
    },
    matches: (event) => isLongRunning("", event.subresource, event.uri),
  };
}
