import { LineCounter, parseAllDocuments } from "yaml";

export interface YamlValues {
  /** One a document, as JSON would have it. */
  readonly values: readonly unknown[];
  /** With 1-based lines; null: of the file as a whole. */
  readonly problems: readonly { readonly line: number | null; readonly message: string }[];
}

/** The values of all documents of a text, where nobody asks for their places. Aliases, which multiply, are a problem. */
export function yamlValues(text: string): YamlValues {
  const lines = new LineCounter();
  try {
    const documents = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false, logLevel: "silent" });
    if ("empty" in documents) return { values: [], problems: [] };
    const problems = documents.flatMap(({ errors }) =>
      errors.map(({ message, pos }) => ({
        line: Math.max(1, lines.linePos(pos[0]).line),
        message: message.replaceAll(/\s*\n\s*/g, " "),
      })),
    );
    if (problems.length > 0) return { values: [], problems };
    return { values: documents.map((document) => document.toJS({ maxAliasCount: 0 }) as unknown), problems };
  } catch (error) {
    // The parser recurses: thousands of open brackets exhaust its stack.
    const reason = error instanceof RangeError ? "nested too deeply" : "aliases (*name) are not read here";
    return { values: [], problems: [{ line: null, message: `cannot be read as YAML: ${reason}` }] };
  }
}
