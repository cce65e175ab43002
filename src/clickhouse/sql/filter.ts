import { fieldNamed } from "../../events/fields.ts";
import { userTests } from "../../queries/actor-tests.ts";
import type { Filter, Match, TimeWindow, ValueTest } from "../../queries/contract.ts";
import { CREDENTIAL } from "../../queries/event-tests.ts";
import { simplifyFilter } from "../../queries/simplify-filter.ts";
import { textTest } from "../../queries/text-test.ts";
import { resolveBound, type TimeReference } from "../../queries/time-value.ts";
import { bodySql } from "./body.ts";
import { hasTime, textOf } from "./columns.ts";
import { allOf, anyOf, FALSE, not, TRUE } from "./logic.ts";
import type { SqlParams } from "./params.ts";
import { inputSql, objectSql, resourceSql } from "./target.ts";
import {
  addressSql,
  anyAddressSql,
  anyTextSql,
  comparisonsSql,
  containsGlobSql,
  containsSql,
  globSql,
  oneOf,
  textSql,
} from "./text.ts";

/** Status codes as texts; the class is `4xx`. */
export const CODE = "if(code = 0, '', toString(code))";
export const CODE_CLASS = "if(code < 100 OR code > 599, '', concat(toString(intDiv(code, 100)), 'xx'))";

/** A filter over columns of requests; relative times are resolved against `time`. Throws RegexRefused. */
export function filterSql(filter: Filter, time: TimeReference, params: SqlParams): string {
  return print(simplifyFilter(filter), time, params);
}

/** Half-open, µs; ±Infinity where there is no bound. */
export interface Window {
  readonly fromUs: number;
  readonly toUs: number;
}

/** Received in the window. */
export function windowSql({ fromUs, toUs }: Window, params: SqlParams): string {
  const from = fromUs > Number.NEGATIVE_INFINITY ? [`received >= ${params.time(fromUs)}`] : [];
  const to = toUs < Number.POSITIVE_INFINITY ? [`received < ${params.time(toUs)}`] : [];
  return from.length + to.length === 0 ? TRUE : allOf([hasTime("received"), ...from, ...to]);
}

function print(filter: Filter, time: TimeReference, params: SqlParams): string {
  switch (filter.op) {
    case "and":
      return allOf(filter.terms.map((term) => print(term, time, params)));
    case "or":
      return anyOf(filter.terms.map((term) => print(term, time, params)));
    case "not":
      return not(print(filter.term, time, params));
    case "match":
      return matchSql(filter, time, params);
    default:
      return filter satisfies never;
  }
}

/** What a field is in columns; fields that are none here are the column of their fact. */
function matchSql(term: Match, time: TimeReference, params: SqlParams): string {
  const { field, tests } = term;
  switch (field) {
    case "any":
      return anyOf(tests.flatMap((test) => SEARCHED.map((column) => searchSql(test, column, params))));
    case "since":
    case "until":
      return anyOf(tests.map((test) => windowSql(boundOf(field, test, time), params)));
    case "user":
      return textSql(userTests(tests), "user", params);
    case "as": {
      const either = anyOf([textSql(tests, "as_from", params), textSql(tests, "user", params)]);
      const none = textTest(tests)("") ? ["as_from = ''"] : [];
      return anyOf([...none, allOf(["as_from != ''", either])]);
    }
    case "group":
      return anyTextSql(tests, "groups", params);
    case "forwarded":
      return anyAddressSql(tests, "arrayPopBack(source_ips)", params);
    case "resource":
      return resourceSql(tests, params);
    case "object":
      return objectSql(tests, params);
    case "input":
      return inputSql(tests, params);
    case "code":
      return codeSql(tests, params);
    case "class":
      return textSql(tests, CODE_CLASS, params);
    case "latency":
      return allOf(["ended", "latency_us >= 0", comparisonsSql(tests, "latency_us / 1000", params)]);
    case "bytes":
      return comparisonsSql(tests, "bytes", params);
    case "long":
      return longSql(textTest(tests));
    case "id":
      return textSql(tests, "audit_id", params);
    default:
      return keyedSql(term, params) ?? columnSql(field, tests, params);
  }
}

/** Who, what, by which path, with which program: what bare words look at. */
const SEARCHED = ["user", "useragent", "object", "uri"];

function searchSql(test: ValueTest, column: string, params: SqlParams): string {
  if (test.kind === "glob") return containsGlobSql(test.text, column, params);
  if (test.kind === "exact" || test.kind === "literal") return containsSql(test.text, column, params);
  return textSql([test], column, params);
}

function keyedSql({ field, key = "", keyGlob, tests }: Match, params: SqlParams): string | null {
  const isWanted = (): string => (keyGlob === true ? globSql(key, "k", params) : oneOf([key], "k", params));
  switch (field) {
    case "annotation":
      if (keyGlob !== true) return textSql(tests, `annotations[${params.text(key)}]`, params);
      return anyTextSql(tests, valuesOf("annotations", isWanted()), params);
    case "extra": {
      const both = ["extra", "effective_extra"].map((column) => `arrayFlatten(${valuesOf(column, isWanted())})`);
      return anyTextSql(tests, `arrayConcat(${both.join(", ")})`, params);
    }
    case "cred":
      return anyTextSql(tests, `extra['${CREDENTIAL}']`, params);
    case "body":
      return bodySql(key, tests, params);
    default:
      return null;
  }
}

function valuesOf(map: string, isWanted: string): string {
  return `arrayFilter((v, k) -> ${isWanted}, mapValues(${map}), mapKeys(${map}))`;
}

/** A column of texts that is called as the field's fact is. */
function columnSql(field: string, tests: readonly ValueTest[], params: SqlParams): string {
  const row = fieldNamed(field);
  if (row === undefined) throw new Error(`no such field: ${field}`);
  const column = textOf(row.column?.fact ?? row.id);
  return row.kind === "address" ? addressSql(tests, column, params) : textSql(tests, column, params);
}

/** A request without a code has the value "": it compares with nothing. */
function codeSql(tests: readonly ValueTest[], params: SqlParams): string {
  const isNumeric = ({ kind }: ValueTest): boolean => kind === "compare" || kind === "range" || kind === "class";
  const classes = tests.flatMap((test) =>
    test.kind === "class" ? [`intDiv(code, 100) = ${params.integer(test.digit)}`] : [],
  );
  const numbers = comparisonsSql(tests, "code", params);
  return anyOf([
    textSql(
      tests.filter((test) => !isNumeric(test)),
      CODE,
      params,
    ),
    allOf(["code != 0", numbers]),
    ...classes,
  ]);
}

function longSql(test: (text: string) => boolean): string {
  if (test("true")) return test("false") ? TRUE : "long";
  return test("false") ? "NOT long" : FALSE;
}

/** µs of a bound; of no time at all nothing is in it. */
function boundOf(field: "since" | "until", test: ValueTest, time: TimeReference): Window {
  const us = test.kind === "exact" || test.kind === "literal" ? resolveBound(field, test.text, time) : null;
  if (us === null) return { fromUs: 0, toUs: 0 };
  return field === "since"
    ? { fromUs: us, toUs: Number.POSITIVE_INFINITY }
    : { fromUs: Number.NEGATIVE_INFINITY, toUs: us };
}

/** Window and filter without the bounds that hold for every request: the server then leaves out partitions. */
export function splitTimes(
  filter: Filter,
  window: TimeWindow | undefined,
  time: TimeReference,
): { readonly filter: Filter; readonly window: Window } {
  let fromUs = window?.fromUs ?? Number.NEGATIVE_INFINITY;
  let toUs = window?.toUs ?? Number.POSITIVE_INFINITY;
  const simple = simplifyFilter(filter);
  const others: Filter[] = [];
  for (const term of simple.op === "and" ? simple.terms : [simple]) {
    const [test, ...more] = term.op === "match" ? term.tests : [];
    if (
      term.op !== "match" ||
      test === undefined ||
      more.length > 0 ||
      (term.field !== "since" && term.field !== "until")
    ) {
      others.push(term);
      continue;
    }
    const bound = boundOf(term.field, test, time);
    fromUs = Math.max(fromUs, bound.fromUs);
    toUs = Math.min(toUs, bound.toUs);
  }
  return { filter: { op: "and", terms: others }, window: { fromUs, toUs } };
}
