import { parseAllDocuments } from "yaml";
import { type ReadObjects, readObjects } from "../../src/rbac/read-objects.ts";

/** The documents of a manifest as kubectl would send them. */
export function documentsOf(text: string): readonly unknown[] {
  return parseAllDocuments(text).flatMap((document) => {
    if (document.errors.length > 0) throw document.errors[0];
    return document.contents === null ? [] : [document.toJS() as unknown];
  });
}

/** Roles and bindings of a manifest that has no mistakes. */
export function objectsIn(text: string): ReadObjects {
  const objects = readObjects(documentsOf(text));
  if (objects.problems.length > 0) throw new Error(objects.problems.join("\n"));
  return objects;
}
