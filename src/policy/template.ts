/** Jinja, Go and Helm templates: what is between `{{ }}`, `{% %}` and `{# #}` is not YAML. */
const MARK = /\{\{|\{%|\{#/;
const CONTROL = /^\s*(?:\{\{.*\}\}|\{%.*%\}|\{#.*#\})\s*$/;
const INLINE = /\{\{[^\n]*?\}\}|\{%[^\n]*?%\}|\{#[^\n]*?#\}/g;

export interface PlainText {
  readonly text: string;
  readonly isTemplate: boolean;
}

/**
 * The text with as many lines, but without template lines, and with a word in place of each value that is filled in. What
 * stands in both branches of a condition stays.
 */
export function withoutTemplate(text: string): PlainText {
  if (!MARK.test(text)) return { text, isTemplate: false };
  const lines = text.split("\n").map((line) => (CONTROL.test(line) ? "" : line.replaceAll(INLINE, "template")));
  const plain = lines.join("\n");
  return { text: plain, isTemplate: plain !== text };
}
