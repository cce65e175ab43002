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
  const wanted = readObjectWord(text);
  if (wanted === null) return (object) => objectText(object.resource, object.namespace, object.name) === text;
  const { name, resource, namespace } = wanted;
  const names = resource === undefined ? null : resourceWordTest(resource);
  return (object) =>
    object.name === name &&
    object.resource !== "" &&
    (namespace === undefined || object.namespace === namespace) &&
    (names === null || names(object.resource));
}

/** `nginx`, `deploy/nginx`, `demo/deploy/nginx`; null where only a whole key has so many parts. */
export function readObjectWord(
  text: string,
): { readonly name: string; readonly resource?: string; readonly namespace?: string } | null {
  const parts = text.split("/");
  if (parts.length > 3) return null;
  const [name = "", resource, namespace] = parts.reverse();
  return {
    name,
    ...(resource === undefined ? {} : { resource }),
    ...(namespace === undefined ? {} : { namespace }),
  };
}
