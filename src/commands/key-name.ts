/** How keys are written in the config file, in footer, help and docs. */

const NAMED = "enter esc tab shift-tab space backspace delete up down left right home end pageup pagedown".split(" ");
/** What terminals send for these is the same byte as for another key. */
const SAME_BYTE: ReadonlyMap<string, string> = new Map([
  ["ctrl-i", "tab"],
  ["ctrl-m", "enter"],
  ["ctrl-j", "enter"],
  ["ctrl-[", "esc"],
  ["ctrl-h", "backspace"],
]);
const OTHER_NAMES: ReadonlyMap<string, string> = new Map([
  ["return", "enter"],
  ["escape", "esc"],
  ["pgup", "pageup"],
  ["pgdn", "pagedown"],
  ["pgdown", "pagedown"],
  ["del", "delete"],
]);

export const KEY_NAMES = `a character, ctrl-x, alt-x, f1 to f12, ${NAMED.join(", ")}`;

/** The name the keymap knows a key by; throws a sentence for what is no key, or can't be told from another one. */
export function keyName(written: string): string {
  if (written === " ") return "space";
  if (isCharacter(written)) return written;
  const lower = written.trim().toLowerCase();
  const name = OTHER_NAMES.get(lower) ?? lower;
  if (NAMED.includes(name) || /^f([1-9]|1[0-2])$/.test(name)) return name;
  const same = SAME_BYTE.get(name);
  if (same !== undefined) throw new Error(`${name} reaches programs as ${same}: write ${same}`);
  if (/^ctrl-([a-z\\\]^_]|space|up|down|left|right|home|end|delete|pageup|pagedown)$/.test(name)) return name;
  const alt = /^alt-(.+)$/i.exec(written.trim())?.[1];
  if (alt !== undefined && (isCharacter(alt) || NAMED.includes(alt.toLowerCase()))) {
    return `alt-${isCharacter(alt) ? alt : alt.toLowerCase()}`;
  }
  throw new Error(`“${written}” is no key${hint(written)}; keys: ${KEY_NAMES}`);
}

function isCharacter(text: string): boolean {
  return [...text].length === 1 && /^[\p{L}\p{N}\p{P}\p{S}]$/u.test(text);
}

/** How other programs write keys. */
function hint(written: string): string {
  const [, modifier = "", key = ""] =
    /^(ctrl|control|c|\^|meta|alt|m|a|shift|s)[-+ ]?(.+)$/i.exec(written.trim()) ?? [];
  const word = modifier.toLowerCase();
  if (word === "" || !isCharacter(key)) return "";
  if (word.startsWith("s")) return `: write ${key.toUpperCase()}`;
  return `: write ${word.startsWith("c") || word === "^" ? "ctrl" : "alt"}-${key.toLowerCase()}`;
}
