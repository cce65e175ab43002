import type { ValueTest } from "../../queries/contract.ts";
import { plain } from "../../queries/input-test.ts";
import { readObjectWord } from "../../queries/object-test.ts";
import { resourcesNamed } from "../../queries/resource-test.ts";
import { allOf, anyOf } from "./logic.ts";
import type { SqlParams } from "./params.ts";
import { globSql, oneOf, textSql } from "./text.ts";

/** Resource and subresource as the dimension `resource` has them, the path of a request without any. */
export const RESOURCE_PATH = "resource_path";
const IS_RESOURCE = "resource != ''";

/** As resourceTest. */
export function resourceSql(tests: readonly ValueTest[], params: SqlParams): string {
  return anyOf(tests.map((test) => singleResource(test, params)));
}

function singleResource(test: ValueTest, params: SqlParams): string {
  if (test.kind === "literal") {
    if (test.text === "") return "resource = ''";
    const labelled = oneOf([test.text], RESOURCE_PATH, params);
    return test.text.includes("/") ? labelled : anyOf([oneOf([test.text], "resource", params), labelled]);
  }
  if (test.kind === "exact") return resourceWord(test.text, params);
  if (test.kind === "glob") {
    if (test.text.startsWith("/")) return allOf(["resource = ''", globSql(test.text, RESOURCE_PATH, params)]);
    if (test.text.includes("/")) return allOf([IS_RESOURCE, globSql(test.text, RESOURCE_PATH, params)]);
    return globSql(test.text, "resource", params);
  }
  return anyOf([textSql([test], RESOURCE_PATH, params), allOf([IS_RESOURCE, textSql([test], "resource", params)])]);
}

function resourceWord(text: string, params: SqlParams): string {
  if (text.startsWith("/")) return allOf(["resource = ''", oneOf([text], RESOURCE_PATH, params)]);
  const slash = text.indexOf("/");
  if (slash < 0) return named(text, params);
  return allOf([named(text.slice(0, slash), params), oneOf([text.slice(slash + 1)], "subresource", params)]);
}

/** Resources a word names. */
function named(word: string, params: SqlParams): string {
  const resources = resourcesNamed(word);
  const is =
    "whole" in resources
      ? oneOf([...resources.whole], "resource", params)
      : oneOf([...resources.plurals], "splitByChar('.', resource)[1]", params);
  return allOf([IS_RESOURCE, is]);
}

/** As objectTest. */
export function objectSql(tests: readonly ValueTest[], params: SqlParams): string {
  return anyOf(tests.map((test) => singleObject(test, params)));
}

function singleObject(test: ValueTest, params: SqlParams): string {
  if (test.kind === "glob") {
    if (!test.text.includes("/")) return allOf([IS_RESOURCE, globSql(test.text, "name", params)]);
    // A namespace has no slash in a key.
    const short = "if(namespace = '', object, substring(object, position(object, '/') + 1))";
    return anyOf([globSql(test.text, "object", params), globSql(test.text, short, params)]);
  }
  if (test.kind !== "exact") return textSql([test], "object", params);
  const word = readObjectWord(test.text);
  if (word === null) return oneOf([test.text], "object", params);
  const { name, resource, namespace } = word;
  return allOf([
    IS_RESOURCE,
    oneOf([name], "name", params),
    ...(resource === undefined ? [] : [named(resource, params)]),
    ...(namespace === undefined ? [] : [oneOf([namespace], "namespace", params)]),
  ]);
}

const PLAIN_INPUT = String.raw`replaceRegexpOne(replaceRegexpOne(input, '^\\./', ''), '(.)/$', '\\1')`;

/** As inputTest. */
export function inputSql(tests: readonly ValueTest[], params: SqlParams): string {
  const conditions: string[] = [];
  const patterns: ValueTest[] = [];
  for (const test of tests) {
    if (test.kind === "literal") {
      const path = plain(test.text);
      const below = `startsWith(${PLAIN_INPUT}, ${params.text(path === "/" ? path : `${path}/`)})`;
      conditions.push(`${PLAIN_INPUT} = ${params.text(path)}`, below);
    } else if (test.kind === "exact") {
      const path = plain(test.text);
      const part = params.text(path.startsWith("/") ? `${path}/` : `/${path}/`);
      conditions.push(`position(concat('/', ${PLAIN_INPUT}, '/'), ${part}) > 0`);
    } else patterns.push(test);
  }
  if (patterns.length > 0) {
    conditions.push(
      textSql(patterns, PLAIN_INPUT, params),
      textSql(patterns, `splitByChar('/', ${PLAIN_INPUT})[-1]`, params),
    );
  }
  return anyOf(conditions);
}
