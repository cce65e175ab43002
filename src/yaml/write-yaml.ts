import { Document, isScalar, Scalar, visit } from "yaml";

/** Characters a terminal may obey, or a reader may be misled by; also those YAML would break lines at. */
const RISKY = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/;
const EVERY_RISKY = new RegExp(RISKY, "g");

/**
 * A YAML document of plain JSON. Quoted where YAML 1.1 readers, kubectl among them, would take a text for something else;
 * what a terminal may obey is escaped.
 */
export function yamlText(value: unknown): string {
  const document = new Document(value, { version: "1.1", aliasDuplicateObjects: false });
  visit(document, {
    Scalar(_key, node) {
      if (isScalar(node) && typeof node.value === "string" && RISKY.test(node.value)) node.type = Scalar.QUOTE_DOUBLE;
    },
  });
  document.directives = undefined as never;
  return document
    .toString({ lineWidth: 0, directives: false })
    .replace(EVERY_RISKY, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
