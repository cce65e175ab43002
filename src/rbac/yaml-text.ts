/** What a terminal may obey, an eye may miss or YAML forbids. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\ufffe\uffff]/gu;

/** A text in double quotes, the same to every YAML parser: nothing in it is taken for anything else. */
export function quotedYaml(text: string): string {
  const json = JSON.stringify(text.toWellFormed());
  return json.replaceAll(HIDDEN, escaped);
}

/** A line of a comment. */
export function yamlComment(text: string): string {
  return `# ${text.toWellFormed().replaceAll(HIDDEN, escaped)}`;
}

function escaped(char: string): string {
  const code = (char.codePointAt(0) ?? 0).toString(16);
  return code.length <= 4 ? `\\u${code.padStart(4, "0")}` : `\\U${code.padStart(8, "0")}`;
}
