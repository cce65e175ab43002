import type { Located, LocatedMap, LocatedText, Place } from "../yaml/located.ts";
import { type YamlOptions, type YamlTree, yamlTrees } from "../yaml/yaml-tree.ts";
import { withoutTemplate } from "./template.ts";

/** A document that is a policy, or would be one but for its mistakes. */
export interface PolicyDocument {
  /** Where it is in the file: `data.default.yaml`; "" when it is the file. */
  readonly key: string;
  readonly tree: YamlTree;
  readonly text: string;
  readonly isTemplate: boolean;
}

const YAML: YamlOptions = { deepest: 64, aliases: true, sameKeys: true };
/** Policies in one file: more are not looked for. */
const MOST_POLICIES = 64;
/** A manifest in a manifest in a manifest. */
const MOST_LEVELS = 3;

/**
 * The policies of a file: the file itself, else those embedded in other objects (a ConfigMap, a Secret, kubeadm and kops
 * cluster specs, cloud-init files), else what lies between the lines of a script. Empty when there is none.
 */
export function findPolicies(text: string): readonly PolicyDocument[] {
  const found = inDocuments(text, 0);
  const isRead = found.length > 0 && (found.every(isYaml) || beginsAsPolicy(text));
  const inside = isRead ? [] : inScript(text);
  return (inside.length > 0 ? inside : found).slice(0, MOST_POLICIES);
}

function isYaml({ tree }: PolicyDocument): boolean {
  return tree.problems.length === 0;
}

/** But for comments: then a mistake further down is the policy's own. */
function beginsAsPolicy(text: string): boolean {
  const first = text.split("\n", MOST_COMMENTS).find((line) => !/^\s*(?:#.*|---.*)?$/.test(line)) ?? "";
  return BEGINNING.test(first) || /^\s*[{"]/.test(first);
}

const MOST_COMMENTS = 1_000;

function inDocuments(source: string, level: number): PolicyDocument[] {
  const { text, isTemplate } = withoutTemplate(source);
  const trees = yamlTrees(text, YAML);
  const [first] = trees;
  // The API server reads the first document of a file and no other.
  if (first !== undefined && isPolicy(first.root)) return [{ key: "", tree: first, text, isTemplate }];
  return trees.flatMap(({ root }, at) => {
    if (root === null) return [];
    const prefix = trees.length > 1 ? `${nameOf(root, at)}.` : "";
    return inValue(root, root, "", level).map((found) => ({
      ...found,
      key: `${prefix}${found.key}`.replace(/\.$/, ""),
      isTemplate: found.isTemplate || isTemplate,
    }));
  });
}

/** Names a document among several: `ConfigMap/audit`. */
function nameOf(root: Located, at: number): string {
  const kind = textAt(root, "kind");
  const metadata = root.kind === "map" ? valueAt(root, "metadata") : undefined;
  const name = metadata === undefined ? "" : textAt(metadata, "name");
  return kind === "" ? String(at + 1) : name === "" ? kind : `${kind}/${name}`;
}

function inValue(value: Located, root: Located, key: string, level: number): PolicyDocument[] {
  if (value.kind === "text") return inText(value, root, key, level);
  if (isPolicy(value)) return [{ key, tree: { root: value, problems: [] }, text: "", isTemplate: false }];
  const children: readonly (readonly [string, Located])[] =
    value.kind === "map"
      ? value.entries.map((entry) => [entry.key, entry.value])
      : value.items.map((item, at) => [textAt(item, "name") || textAt(item, "path") || String(at), item]);
  return children.flatMap(([name, child]) => inValue(child, root, key === "" ? name : `${key}.${name}`, level));
}

function inText(value: LocatedText, root: Located, key: string, level: number): PolicyDocument[] {
  const text = value.text ?? "";
  if (level >= MOST_LEVELS) return [];
  const decoded = isInSecret(root, key) ? base64Text(text) : text;
  if (!mentionsPolicy(decoded)) return [];
  const from = decoded === text ? (value.block ?? null) : null;
  return inDocuments(decoded, level + 1).map((found) => ({
    ...found,
    key: found.key === "" ? key : `${key}.${found.key}`,
    tree: movedTree(found.tree, value.place, from),
  }));
}

function isInSecret(root: Located, key: string): boolean {
  return textAt(root, "kind") === "Secret" && key.startsWith("data.");
}

function base64Text(text: string): string {
  try {
    return new TextDecoder().decode(Uint8Array.from(atob(text), (unit) => unit.charCodeAt(0)));
  } catch {
    return text;
  }
}

function mentionsPolicy(text: string): boolean {
  return text.includes("audit.k8s.io") || (/^\s*kind:\s*Policy\s*$/m.test(text) && /^\s*rules:/m.test(text));
}

/** Rules with levels, or what says of itself that it is one. */
function isPolicy(root: Located | null): boolean {
  if (root?.kind !== "map") return false;
  if (textAt(root, "apiVersion").startsWith("audit.k8s.io/")) return true;
  const rules = valueAt(root, "rules");
  const isOther = !["", "Policy"].includes(textAt(root, "kind"));
  if (rules?.kind !== "list" || isOther) return false;
  return rules.items.some((rule) => rule.kind === "map" && valueAt(rule, "level") !== undefined);
}

function valueAt(map: LocatedMap, key: string): Located | undefined {
  return map.entries.find((entry) => entry.key === key)?.value;
}

function textAt(value: Located, key: string): string {
  const found = value.kind === "map" ? valueAt(value, key) : undefined;
  return found?.kind === "text" ? (found.text ?? "") : "";
}

/** Places in a text of the file as places in the file; without the block's place all are where the text begins. */
function movedTree({ root, problems }: YamlTree, at: Place, block: Place | null): YamlTree {
  const move = (place: Place): Place =>
    block === null ? at : { line: place.line + block.line - 1, column: place.column + block.column - 1 };
  return {
    root: root === null ? null : moved(root, move),
    problems: problems.map(({ place, message }) => ({ place: place === null ? at : move(place), message })),
  };
}

function moved(value: Located, move: (place: Place) => Place): Located {
  const place = move(value.place);
  if (value.kind === "list") return { ...value, place, items: value.items.map((item) => moved(item, move)) };
  if (value.kind === "text") return { ...value, place };
  return {
    ...value,
    place,
    entries: value.entries.map((entry) => ({ ...entry, place: move(entry.place), value: moved(entry.value, move) })),
  };
}

const BEGINNING = /^([ \t]*)(?:apiVersion:\s*["']?audit\.k8s\.io\/|kind:\s*["']?Policy["']?\s*$)/;

/** Policies in a script's here-documents or a template's text: from where one begins to what can't be a part of it. */
function inScript(source: string): PolicyDocument[] {
  const lines = source.split("\n");
  const found: PolicyDocument[] = [];
  for (let at = 0; at < lines.length && found.length < MOST_POLICIES; at += 1) {
    const indent = BEGINNING.exec(lines[at] ?? "")?.[1];
    if (indent === undefined) continue;
    let end = at + 1;
    while (end < lines.length && goesOn(lines[end] ?? "", indent)) end += 1;
    const block = lines.slice(at, end).map((line) => line.slice(Math.min(indent.length, line.search(/\S|$/))));
    for (const document of inDocuments(block.join("\n"), 0)) {
      const from = { line: at + 1, column: indent.length + 1 };
      found.push({ ...document, key: `line ${String(at + 1)}`, tree: movedTree(document.tree, from, from) });
    }
    at = end - 1;
  }
  return found;
}

function goesOn(line: string, indent: string): boolean {
  const text = line.trim();
  if (text === "" || text.startsWith("#")) return true;
  if (!line.startsWith(indent)) return false;
  const isDeeper = /^\s/.test(line.slice(indent.length));
  return isDeeper || /^(?:- |[\w"'{%].*[:}%]|-$)/.test(text);
}
