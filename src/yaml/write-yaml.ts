import { obeyed, unitEscapes } from "../events/obeyed-text.ts";
import { Document, isScalar, Scalar, visit } from "yaml";

/** YAML breaks lines at some of these. */
const RISKY = obeyed({ but: "\\t\\n" });

/**
 * A YAML document of plain JSON. Quoted where YAML 1.1 readers, kubectl among them, would take a text for something else;
 * what a terminal may obey is escaped.
 */
export function yamlText(value: unknown): string {
  const document = new Document(value, { version: "1.1", aliasDuplicateObjects: false });
  visit(document, {
    Scalar(_key, node) {
      if (isScalar(node) && typeof node.value === "string" && node.value.search(RISKY) >= 0)
        node.type = Scalar.QUOTE_DOUBLE;
    },
  });
  document.directives = undefined as never;
  return document.toString({ lineWidth: 0, directives: false }).replace(RISKY, unitEscapes);
}
