import { objectText } from "../events/object-key.ts";
import type { ValueTest } from "./contract.ts";
import { matchesGlob } from "./glob.ts";
import { resourceWordTest } from "./resource-test.ts";
import { textTest } from "./text-test.ts";

export interface ObjectParts {
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
}

/**
 * Tests of the `object` field: a literal, glob or regex sees the whole key (`demo/deployments.apps/nginx`); a word may leave
 * out the namespace and use kubectl's names (`deploy/nginx`), or be just a name; globs likewise (`pods/nginx-*`, `nginx-*`).
 */
export function objectTest(tests: readonly ValueTest[]): (parts: ObjectParts) => boolean {
  const all = tests.map(single);
  return (parts) => all.some((test) => test(parts));
}

function single(test: ValueTest): (parts: ObjectParts) => boolean {
  if (test.kind === "exact") return word(test.text);
  if (test.kind === "glob") {
    const pattern = test.text;
    if (!pattern.includes("/")) return ({ resource, name }) => resource !== "" && matchesGlob(pattern, name);
    return ({ resource, namespace, name }) =>
      matchesGlob(pattern, objectText(resource, namespace, name)) ||
      matchesGlob(pattern, objectText(resource, "", name));
  }
  const matches = textTest([test]);
  return ({ resource, namespace, name }) => matches(objectText(resource, namespace, name));
}

function word(text: string): (parts: ObjectParts) => boolean {
  const parts = text.split("/");
  const [name = "", resource, namespace] = parts.reverse();
  if (resource === undefined) return (object) => object.name === name && object.resource !== "";
  if (parts.length > 3) return (object) => objectText(object.resource, object.namespace, object.name) === text;
  const names = resourceWordTest(resource);
  return (object) =>
    object.name === name &&
    object.resource !== "" &&
    (namespace === undefined || object.namespace === namespace) &&
    names(object.resource);
}
