import { isSafeText } from "../models/text-safety.ts";
import { printFilter } from "../queries/print-filter.ts";
import { simplifyFilter } from "../queries/simplify-filter.ts";
import type { PaneContext } from "./contract.ts";

const PLAIN = /^[\w@%+=:,./-]+$/;

/**
 * One word for a POSIX shell. What holds control or invisible characters is written as `$'…'` (bash, zsh, ksh), so that
 * the line can be shown and pasted without doing anything but naming the word.
 */
export function shellWord(word: string): string {
  if (word !== "" && PLAIN.test(word)) return word;
  if (isSafeText(word)) return `'${word.replaceAll("'", `'\\''`)}'`;
  const escaped = [...word].map((character) => {
    if (character === "'" || character === "\\") return `\\${character}`;
    if (isSafeText(character)) return character;
    const code = character.codePointAt(0) ?? 0;
    const digits = code.toString(16);
    // A byte of a file's name that is no UTF-8 (src/files/file-names.ts).
    if (code >= 0xdc80 && code <= 0xdcff) return `\\x${digits.slice(2)}`;
    return code <= 0x7f
      ? `\\x${digits.padStart(2, "0")}`
      : code <= 0xffff
        ? `\\u${digits.padStart(4, "0")}`
        : `\\U${digits.padStart(8, "0")}`;
  });
  return `$'${escaped.join("")}'`;
}

const QUOTED_WORD = /\$'((?:[^'\\]|\\.)*)'|'([^']*)'|\\(.)|([^\s'\\]+)|(\s+)/gsu;
const ESCAPES = /\\(?:x([\da-f]{2})|u([\da-f]{4})|U([\da-f]{8})|(.))/gsu;

/** The words of a line made of shellWords: the inverse. */
export function shellWords(line: string): readonly string[] {
  const words: string[] = [];
  let word: string | null = null;
  for (const [, escaped, quoted, single, plain, blank] of line.matchAll(QUOTED_WORD)) {
    if (blank !== undefined) {
      if (word !== null) words.push(word);
      word = null;
      continue;
    }
    const part = escaped === undefined ? (quoted ?? single ?? plain ?? "") : unescaped(escaped);
    word = (word ?? "") + part;
  }
  return word === null ? words : [...words, word];
}

/** Bytes beyond ASCII are those of files' names (src/files/file-names.ts). */
function unescaped(text: string): string {
  return text.replace(ESCAPES, (_, byte?: string, short?: string, long?: string, own = "") => {
    const code = Number.parseInt(byte ?? short ?? long ?? "", 16);
    if (Number.isNaN(code)) return own;
    return String.fromCodePoint(byte !== undefined && code >= 0x80 ? 0xdc00 + code : code);
  });
}

/** All filters of the screen as one text of the filter language; "" without any. `more`: terms of the pane itself. */
function filterText(context: PaneContext, more: readonly string[] = []): string {
  const filter = simplifyFilter(context.filter);
  const own = printFilter(filter);
  const terms = own === "" ? [] : [filter.op === "or" && more.length > 0 ? `(${own})` : own];
  return [...terms, ...more].join(" ");
}

export interface CommandParts {
  /** "" opens the explorer. */
  readonly command: string;
  /** Default: all that are open. */
  readonly inputs?: readonly string[];
  /** Words right after the command: an OBJECT. */
  readonly operands?: readonly string[];
  readonly options?: readonly string[];
  /** Terms of the pane itself, besides the filters of the screen. */
  readonly terms?: readonly string[];
  /** The command takes no filter (a trail is always whole). */
  readonly unfiltered?: boolean;
  /** The command can follow: add `-f` while the screen does. */
  readonly follows?: boolean;
}

/** The `ktrail …` line that prints what the pane shows. */
export function commandLineFor(context: PaneContext, parts: CommandParts): string {
  const words = [
    "ktrail",
    ...(parts.command === "" ? [] : [parts.command]),
    ...(parts.operands ?? []).map((word) => operand(word)),
  ];
  if (parts.follows === true && context.status.phase === "following") words.push("-f");
  if (context.status.store !== null)
    words.push(...context.status.inputs.flatMap(({ path }) => ["--store", shellWord(path)]));
  else words.push(...(parts.inputs ?? openInputs(context)).map((path) => operand(path)));
  words.push(...(parts.options ?? []).map((word) => shellWord(word)));
  if (parts.unfiltered !== true) {
    const filter = filterText(context, parts.terms);
    if (filter !== "") words.push("-q", shellWord(filter));
    const { window } = context;
    if (window?.fromUs !== undefined) words.push("--since", isoMicros(window.fromUs));
    if (window?.toUs !== undefined) words.push("--until", isoMicros(window.toUs));
  }
  return words.join(" ");
}

/** As they were named, but for what was no log; a directory stays one word. Where nothing was named: what is read all the same. */
function openInputs({ status: { inputs, named } }: PaneContext): readonly string[] {
  const refused = new Set(inputs.filter(({ passedOver }) => passedOver !== null).map(({ path }) => path));
  return (named.length > 0 ? named : inputs.map(({ path }) => path)).filter((path) => !refused.has(path));
}

/** A file may be called `-f`. */
function operand(word: string): string {
  return shellWord(word.startsWith("-") && word !== "-" ? `./${word}` : word);
}

export function isoMicros(us: number): string {
  const micros = Math.round(us);
  const rest = ((micros % 1_000) + 1_000) % 1_000;
  const ms = (micros - rest) / 1_000;
  if (!Number.isFinite(ms) || Math.abs(ms) > 8.64e15) return "now";
  return new Date(ms).toISOString().replace("Z", `${rest.toString().padStart(3, "0")}Z`);
}
