import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } from "yaml";
import type { Located, LocatedEntry, Place, Problem } from "./located.ts";

/** What is nested deeper is no setting of ours. */
const DEEPEST = 16;

export interface YamlTree {
  /** Null for an empty file, and where nothing of it could be read. */
  readonly root: Located | null;
  readonly problems: readonly Problem[];
}

/** YAML as plain located values. Mistakes in it are problems; what stands before and after them still counts. */
export function yamlTree(text: string): YamlTree {
  const lines = new LineCounter();
  const problems: Problem[] = [];
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const problem = (offset: number, message: string): void => {
    problems.push({ place: placeAt(offset), setting: null, message });
  };

  const located = (node: unknown, offset: number, depth: number): Located => {
    const at = rangeStart(node) ?? offset;
    const place = placeAt(at);
    if (depth > DEEPEST) problem(at, "this is nested too deeply");
    else if (isScalar(node)) return { kind: "text", text: scalarText(node.value, node.source), place };
    else if (isMap(node)) return { kind: "map", entries: entriesOf(node.items, at, depth), place };
    else if (isSeq(node)) return { kind: "list", items: node.items.map((item) => located(item, at, depth + 1)), place };
    else if (isAlias(node)) problem(at, `aliases (*${node.source}) are not read here: write the value again`);
    return { kind: "text", text: null, place };
  };
  const entriesOf = (
    items: readonly { readonly key: unknown; readonly value: unknown }[],
    offset: number,
    depth: number,
  ): LocatedEntry[] =>
    items.flatMap(({ key, value }): LocatedEntry[] => {
      const at = rangeStart(key) ?? offset;
      if (!isScalar(key)) {
        problem(at, "a name must be a plain word or a quoted text");
        return [];
      }
      const name = scalarText(key.value, key.source) ?? "";
      return [{ key: name, place: placeAt(at), value: located(value, at, depth + 1) }];
    });

  try {
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: "silent" });
    for (const { message, pos } of document.errors) problem(pos[0], oneLine(message));
    const root = document.contents === null ? null : located(document.contents, 0, 0);
    return { root, problems };
  } catch (error) {
    // The parser recurses: thousands of open brackets exhaust its stack.
    const reason = error instanceof RangeError ? "nested too deeply" : error instanceof Error ? error.message : "";
    return { root: null, problems: [{ place: null, setting: null, message: `cannot be read as YAML: ${reason}` }] };
  }
}

function rangeStart(node: unknown): number | null {
  const range = typeof node === "object" && node !== null && "range" in node ? node.range : null;
  return Array.isArray(range) && typeof range[0] === "number" ? range[0] : null;
}

/** Numbers and booleans as they were written: `0x10` and `1_000` mean what the setting takes them for. */
function scalarText(value: unknown, source: string | undefined): string | null {
  if (value === null || value === undefined) return null;
  return typeof value === "string" ? value : (source ?? String(value));
}

function oneLine(message: string): string {
  return message.replaceAll(/\s*\n\s*/g, " ");
}
