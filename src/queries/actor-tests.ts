import { actorClassOf } from "../events/actor-class.ts";
import { longUser } from "../events/service-account.ts";
import { whoOf } from "../events/who.ts";
import { ABSENT, OVERFLOW, type RequestIndex } from "../index/contract.ts";
import { columnTest } from "./column.ts";
import type { ValueTest } from "./contract.ts";
import type { EventFacts } from "../events/event-facts.ts";
import { type MatchState, MAYBE, stateOf } from "./match-state.ts";
import { addressTest, type TextTest, textTest } from "./text-test.ts";
import { anyOf, DictionaryTest, type TupleTest } from "./tuple-test.ts";

export const USER = { table: "actor", fact: "user" } as const;

/** Test of a field that is more than a column of the actor; null when the field is not. */
export function actorTest(field: string, tests: readonly ValueTest[]): TupleTest | null {
  switch (field) {
    case "user":
      return columnTest(USER, textTest(userTests(tests)));
    case "actor":
      return columnTest(USER, textTest(tests), actorClassOf);
    case "who":
      return whoTest(textTest(tests));
    case "as":
      return impersonationTest(textTest(tests));
    case "group":
      return groupTest(textTest(tests));
    case "forwarded":
      return forwardedTest(addressTest(tests));
    default:
      return null;
  }
}

/** Users are found by what tables call them, too. */
export function userTests(tests: readonly ValueTest[]): readonly ValueTest[] {
  return tests.flatMap(alsoLong);
}

function alsoLong(test: ValueTest): readonly ValueTest[] {
  const long = test.kind === "exact" || test.kind === "glob" ? longUser(test.text) : null;
  return long === null || !("text" in test) ? [test] : [test, { ...test, text: long }];
}

function whoTest(test: TextTest): TupleTest {
  const byUser = new DictionaryTest(test, (user) => whoOf(user, ""));
  const byAgent = new DictionaryTest(test, (useragent) => whoOf("", useragent));
  return {
    table: "actor",
    state({ actors, dictionaries }, id) {
      const user = actors.user[id] ?? ABSENT;
      if (user !== ABSENT) return byUser.state(dictionaries.user, user);
      return byAgent.state(dictionaries.useragent, actors.useragent[id] ?? ABSENT);
    },
    matches: (event) => test(whoOf(event.user, event.useragent)),
  };
}

/** Either side of an impersonation; "" is a request without one. */
function impersonationTest(test: TextTest): TupleTest {
  const users = new DictionaryTest(test);
  return {
    table: "actor",
    state({ actors, dictionaries }, id) {
      const asFrom = actors.asFrom[id] ?? ABSENT;
      if (asFrom === ABSENT) return stateOf(test(""));
      return anyOf([users.state(dictionaries.user, asFrom), users.state(dictionaries.user, actors.user[id] ?? ABSENT)]);
    },
    matches: ({ asFrom, user }) => (asFrom === "" ? test("") : test(asFrom) || test(user)),
  };
}

function groupTest(test: TextTest): TupleTest {
  const groups = new DictionaryTest(test);
  const sets = new Map<number, MatchState>();
  const setState = (index: RequestIndex, code: number): MatchState => {
    if (code === OVERFLOW) return MAYBE;
    const members = index.groupSet(code);
    if (members.length === 0) return stateOf(test(""));
    return anyOf(Array.from(members, (member) => groups.state(index.dictionaries.group, member)));
  };
  return {
    table: "actor",
    state(index, id) {
      const code = index.actors.groups[id] ?? ABSENT;
      const known = sets.get(code);
      if (known !== undefined) return known;
      const state = setState(index, code);
      sets.set(code, state);
      return state;
    },
    matches: (event) => (event.groups.length === 0 ? test("") : event.groups.some(test)),
  };
}

function forwardedTest(test: TextTest): TupleTest {
  const anyForwarded = (sourceIPs: readonly string[]): boolean => {
    const forwarded = sourceIPs.slice(0, -1);
    return forwarded.length === 0 ? test("") : forwarded.some(test);
  };
  const lists = new DictionaryTest((joined) => anyForwarded(joined.split(",")));
  return {
    table: "actor",
    state: ({ actors, dictionaries }, id) => lists.state(dictionaries.sourceIPs, actors.sourceIPs[id] ?? ABSENT),
    matches: (event: EventFacts) => anyForwarded(event.sourceIPs),
  };
}
