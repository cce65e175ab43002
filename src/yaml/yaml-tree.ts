import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseAllDocuments,
  parseDocument,
  type Scalar,
} from "yaml";
import type { Located, LocatedEntry, LocatedText, Place, YamlProblem } from "./located.ts";

export interface YamlTree {
  /** Null for an empty file, and where nothing of it could be read. */
  readonly root: Located | null;
  readonly problems: readonly YamlProblem[];
}

export interface YamlOptions {
  /** Levels of nesting; what is nested deeper is a problem. */
  readonly deepest: number;
  /** `*name` stands for what has the anchor; otherwise it is a problem. */
  readonly aliases: boolean;
  /** A key may be written twice. */
  readonly sameKeys: boolean;
}

/** What is nested deeper is no setting of ours. */
const SETTINGS: YamlOptions = { deepest: 16, aliases: false, sameKeys: false };

/** What aliases may make of a document: they multiply. */
const MOST_NODES = 200_000;

/** YAML as plain located values. Mistakes in it are problems; what stands before and after them still counts. */
export function yamlTree(text: string, options: YamlOptions = SETTINGS): YamlTree {
  const lines = new LineCounter();
  return guarded(() =>
    locatedTree(
      parseDocument(text, {
        lineCounter: lines,
        prettyErrors: false,
        logLevel: "silent",
        uniqueKeys: !options.sameKeys,
      }),
      lines,
      text,
      options,
    ),
  );
}

/** As yamlTree, of every document of the text. */
export function yamlTrees(text: string, options: YamlOptions): readonly YamlTree[] {
  const lines = new LineCounter();
  let documents: readonly Document.Parsed[] = [];
  const failed = guarded(() => {
    const parsed = parseAllDocuments(text, {
      lineCounter: lines,
      prettyErrors: false,
      logLevel: "silent",
      uniqueKeys: !options.sameKeys,
    });
    documents = "empty" in parsed ? [] : parsed;
    return { root: null, problems: [] };
  });
  if (failed.problems.length > 0) return [failed];
  return documents.map((document) => guarded(() => locatedTree(document, lines, text, options)));
}

/** The parser recurses: thousands of open brackets exhaust its stack. */
function guarded(read: () => YamlTree): YamlTree {
  try {
    return read();
  } catch (error) {
    const reason = error instanceof RangeError ? "nested too deeply" : error instanceof Error ? error.message : "";
    return { root: null, problems: [{ place: null, message: `cannot be read as YAML: ${reason}` }] };
  }
}

function locatedTree(document: Document.Parsed, lines: LineCounter, text: string, options: YamlOptions): YamlTree {
  const problems: YamlProblem[] = [];
  const places = new Places(lines, text);
  let nodes = 0;
  const problem = (offset: number, message: string): void => {
    problems.push({ place: places.at(offset), message });
  };

  const located = (node: unknown, offset: number, depth: number): Located => {
    const at = rangeStart(node) ?? offset;
    const place = places.at(at);
    nodes += 1;
    if (depth > options.deepest) problem(at, "this is nested too deeply");
    else if (nodes > MOST_NODES) {
      if (nodes === MOST_NODES + 1) problem(at, "this is too much");
    } else if (isScalar(node)) return scalar(node, place, places);
    else if (isMap(node)) return { kind: "map", entries: entriesOf(node.items, at, depth), place };
    else if (isSeq(node)) return { kind: "list", items: node.items.map((item) => located(item, at, depth + 1)), place };
    else if (isAlias(node)) {
      const target = options.aliases ? node.resolve(document) : undefined;
      if (target !== undefined) return located(target, at, depth + 1);
      problem(
        at,
        options.aliases
          ? `there is no anchor &${node.source} before this`
          : `aliases (*${node.source}) are not read here: write the value again`,
      );
    }
    return { kind: "text", text: null, place, isPlain: true };
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
      return [{ key: name, place: places.at(at), value: located(value, at, depth + 1) }];
    });

  for (const { message, pos } of document.errors) problem(pos[0], oneLine(message));
  const root = document.contents === null ? null : located(document.contents, 0, 0);
  return { root, problems };
}

class Places {
  private readonly lines: LineCounter;
  private readonly text: string;

  constructor(lines: LineCounter, text: string) {
    this.lines = lines;
    this.text = text;
  }

  at(offset: number): Place {
    const { line, col } = this.lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  }

  /** Where the first line of a block begins whose header (`|-`) is at `offset`. */
  blockAt(offset: number): Place {
    const { line } = this.at(offset);
    for (let next = line; next < this.lines.lineStarts.length; next += 1) {
      const start = this.lines.lineStarts[next] as number;
      const first = this.text.slice(start, start + MOST_INDENT).search(/[^ \r]/);
      if (this.text[start + first] === "\n") continue;
      if (first >= 0) return { line: line + 1, column: first + 1 };
    }
    return { line: line + 1, column: 1 };
  }
}

const MOST_INDENT = 1_000;

function scalar(node: Scalar, place: Place, places: Places): LocatedText {
  const text = scalarText(node.value, node.source);
  const isPlain = node.tag === undefined ? node.type === "PLAIN" : /^tag:yaml\.org,2002:(?!str$)/.test(node.tag);
  const located = { kind: "text", text, place, isPlain } as const;
  const start = rangeStart(node);
  return node.type === "BLOCK_LITERAL" && start !== null ? { ...located, block: places.blockAt(start) } : located;
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
