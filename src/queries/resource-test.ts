import { resolveResource, splitResource } from "../events/resource-names.ts";
import type { ValueTest } from "./contract.ts";
import { matchesGlob } from "./glob.ts";
import { textTest } from "./text-test.ts";

/** The parts that resource tests look at. */
export interface ResourceParts {
  readonly resource: string;
  readonly subresource: string;
  /** The `resource` dimension's value: with subresource; the path of a non-resource request. */
  readonly label: string;
}

/**
 * Whether a word names the resource. A core resource (`pods`, `po`, `events`) is only that; any other bare word is that
 * resource in every group (`deploy`, `ingresses`, `widgets`); with a group it is spelled out (`deployment.apps`).
 */
export function resourceWordTest(word: string): (resource: string) => boolean {
  const [first, ...others] = resolveResource(word);
  const isCore = first !== undefined && splitResource(first)[1] === "";
  const meant = new Set(first === undefined ? [] : isCore ? [first] : [first, ...others]);
  if (isCore) return (resource) => meant.has(resource);
  if (splitResource(word)[1] !== "") return (resource) => resource === word || meant.has(resource);
  const plurals = new Set([word, ...[...meant].map((resource) => splitResource(resource)[0])]);
  return (resource) => plurals.has(splitResource(resource)[0]);
}

export function resourceTest(tests: readonly ValueTest[]): (parts: ResourceParts) => boolean {
  const all = tests.map(single);
  return (parts) => all.some((test) => test(parts));
}

function single(test: ValueTest): (parts: ResourceParts) => boolean {
  if (test.kind === "literal") return literal(test.text);
  if (test.kind === "exact") return word(test.text);
  if (test.kind === "glob") {
    const { text } = test;
    if (text.startsWith("/")) return ({ resource, label }) => resource === "" && matchesGlob(text, label);
    if (text.includes("/")) return ({ resource, label }) => resource !== "" && matchesGlob(text, label);
    return ({ resource }) => matchesGlob(text, resource);
  }
  const matches = textTest([test]);
  return ({ resource, label }) => matches(label) || (resource !== "" && matches(resource));
}

function literal(text: string): (parts: ResourceParts) => boolean {
  if (text === "") return ({ resource }) => resource === "";
  if (text.includes("/")) return ({ label }) => label === text;
  return ({ resource, label }) => resource === text || label === text;
}

function word(text: string): (parts: ResourceParts) => boolean {
  if (text.startsWith("/")) return ({ resource, label }) => resource === "" && label === text;
  const slash = text.indexOf("/");
  if (slash < 0) {
    const names = resourceWordTest(text);
    return ({ resource }) => resource !== "" && names(resource);
  }
  const names = resourceWordTest(text.slice(0, slash));
  const wanted = text.slice(slash + 1);
  return ({ resource, subresource }) => subresource === wanted && resource !== "" && names(resource);
}
