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

/** Resources that a word names: these, or those of these plurals in any group. */
export type NamedResources = { readonly whole: ReadonlySet<string> } | { readonly plurals: ReadonlySet<string> };

/**
 * What a word names. A core resource (`pods`, `po`, `events`) is only that; any other bare word is that resource in every
 * group (`deploy`, `ingresses`, `widgets`); with a group it is spelled out (`deployment.apps`).
 */
export function resourcesNamed(word: string): NamedResources {
  const [first, ...others] = resolveResource(word);
  if (first !== undefined && splitResource(first)[1] === "") return { whole: new Set([first]) };
  const meant = first === undefined ? [] : [first, ...others];
  if (splitResource(word)[1] !== "") return { whole: new Set([word, ...meant]) };
  return { plurals: new Set([word, ...meant.map((resource) => splitResource(resource)[0])]) };
}

/** Whether a word names the resource. */
export function resourceWordTest(word: string): (resource: string) => boolean {
  const named = resourcesNamed(word);
  if ("whole" in named) return (resource) => named.whole.has(resource);
  return (resource) => named.plurals.has(splitResource(resource)[0]);
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
