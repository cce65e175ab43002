import { isMap, parseDocument } from "yaml";

/** Names with values in YAML, changed without touching what stands around them: order and comments stay. */
export interface YamlMap {
  set(name: string, value: ReadonlyMap<string, unknown>): void;
  delete(name: string): void;
}

/** `text` after `edit`; null where it is no map of names, or no YAML. `head`: the comment a new file begins with. */
export function editedMap(text: string, head: string, edit: (map: YamlMap) => void): string | null {
  const document = parseDocument(text, { prettyErrors: false, logLevel: "silent" });
  if (document.errors.length > 0 || (document.contents !== null && !isMap(document.contents))) return null;
  if (text.trim() === "") document.commentBefore = head;
  edit({
    set: (name, value) => document.set(name, document.createNode(value)),
    delete: (name) => {
      document.delete(name);
    },
  });
  return document.toString({ lineWidth: 0 });
}
