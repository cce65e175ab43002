import { PROGRAMS, type Program } from "./programs.ts";
import { secrecyOf } from "./secret-keys.ts";
import { isBenign } from "./values.ts";

/** Secrets on command lines: the words of an `args` list, of `command=…&command=…` in a URI, or of a line for a shell. */

const BY_NAME: ReadonlyMap<string, Program> = new Map(
  PROGRAMS.flatMap((program) => program.names.map((name) => [name, program] as const)),
);
/** `--password=…`, `TOKEN=…`: all of the word is the value. */
const ASSIGNED = /^(?:--?)?[A-Za-z_][\w.-]{0,80}=/;
const FLAG = /^--?[A-Za-z][\w.-]*$/;
const PAIR = /^("?'?[^\s:%,]{1,128}[:%,])/;

/** The same number of words; secrets among them are `mask`. Words are judged together, texts inside one word are not. */
export function maskArguments(words: readonly string[], mask: string): readonly string[] {
  const masked = [...words];
  let program: Program | undefined;
  let logsIn = false;
  const hide = (at: number): void => {
    const word = words[at];
    if (word !== undefined && !isBenign(unquoted(word))) masked[at] = mask;
  };
  const hideAfterPair = (at: number, from: number): void => {
    const word = words[at] ?? "";
    const pair = PAIR.exec(word.slice(from));
    if (pair?.[1] !== undefined && word.length > from + pair[1].length)
      masked[at] = word.slice(0, from) + pair[1] + mask;
  };
  for (const [at, quoted] of words.entries()) {
    const word = unquoted(quoted);
    const found = word.length <= 200 ? BY_NAME.get(programName(word)) : undefined;
    if (found !== undefined) {
      program = found;
      logsIn = false;
    }
    if (word === "login") logsIn = true;
    const assigned = ASSIGNED.exec(word)?.[0] ?? "";
    if (
      assigned !== "" &&
      secrecyOf(assigned.slice(0, -1)) === "yes" &&
      !isBenign(unquoted(word.slice(assigned.length)))
    )
      masked[at] = assigned + mask;
    const next = words[at + 1];
    if (FLAG.test(word)) {
      const isSecret = word.replace(/^-+/, "").length > 1 && secrecyOf(word) === "yes";
      if (next !== undefined && isSecret && !FLAG.test(unquoted(next))) hide(at + 1);
      if (program?.flags?.includes(word) === true || (logsIn && program?.loginFlags?.includes(word) === true))
        hide(at + 1);
      if (program?.pairs?.includes(word) === true) hideAfterPair(at + 1, 0);
    }
    if (program === undefined) continue;
    const offset = afterOf(program, word);
    if (offset !== undefined) hide(at + offset);
    if (program.inside !== undefined && found === undefined) masked[at] = quoted.replace(program.inside, `$1${mask}`);
    const joined = program.joined?.find((flag) => word.startsWith(flag) && word.length > flag.length);
    if (joined !== undefined && masked[at] === quoted && !isBenign(word.slice(joined.length)))
      masked[at] = joined + mask;
    const pair = program.pairs?.find((flag) => flag.length === 2 && word.startsWith(flag) && word.length > 2);
    if (pair !== undefined) hideAfterPair(at, 2);
    const long = program.pairs?.find((flag) => flag.length > 2 && word.startsWith(`${flag}=`));
    if (long !== undefined) hideAfterPair(at, long.length + 1);
  }
  return masked;
}

/** `/usr/bin/mysql`, `C:\\bin\\PSEXEC.EXE` */
function programName(word: string): string {
  const base = word.slice(Math.max(word.lastIndexOf("/"), word.lastIndexOf("\\")) + 1);
  return base.toLowerCase().replace(/\.exe$/, "");
}

function afterOf({ after = {} }: Program, word: string): number | undefined {
  return [word, word.toLowerCase()].map((key) => (Object.hasOwn(after, key) ? after[key] : undefined)).find(Boolean);
}

function unquoted(word: string): string {
  return /^(["']).*\1$/s.test(word) ? word.slice(1, -1) : word;
}

const NAMES = [...BY_NAME.keys()].map((name) => name.replaceAll(".", "\\."));
const MENTIONS = new RegExp(`(?<![\\w.-])(?:${NAMES.join("|")})(?![\\w-])`, "i");
/** Longer lines are judged up to here. */
const MOST_WORDS = 2_000;

/** `sh -c "sh -c '…'"` */
const MOST_NESTED = 3;

/** A text that may hold a command line: words stay where they are, secrets among them become `mask`. */
export function maskCommandLine(text: string, mask: string, depth = 0): string {
  if (!text.includes(" ") || !(/ --?[A-Za-z]/.test(text) || MENTIONS.test(text))) return text;
  const places = wordsIn(text);
  const words = places.map(([from, to]) => text.slice(from, to));
  const masked = maskArguments(words, mask).map((word, at) =>
    depth < MOST_NESTED && word === words[at] && /^["'].*\s/s.test(word)
      ? word.slice(0, 1) + maskCommandLine(word.slice(1, -1), mask, depth + 1) + word.slice(-1)
      : word,
  );
  let result = "";
  let end = 0;
  for (const [at, [from, to]] of places.entries()) {
    if (masked[at] === words[at]) continue;
    result += text.slice(end, from) + (masked[at] ?? "");
    end = to;
  }
  return end === 0 ? text : result + text.slice(end);
}

/**
 * Where the words of a line for a shell are: quotes hold words together, `;`, `|` and `&` part them. A quote that nothing
 * closes is an apostrophe.
 */
function wordsIn(text: string): readonly (readonly [from: number, to: number])[] {
  const places: [number, number][] = [];
  let from = -1;
  let quote = "";
  let quoteAt = 0;
  for (let at = 0; at <= text.length && places.length < MOST_WORDS; at += 1) {
    const character = text[at] ?? " ";
    if (quote !== "") {
      if (at === text.length) at = quoteAt;
      else if (character === "\\") {
        at += 1;
        continue;
      } else if (character !== quote) continue;
      quote = "";
    } else if (/[\s;|&()<>`]/.test(character)) {
      if (from >= 0) places.push([from, at]);
      from = -1;
    } else {
      if (from < 0) from = at;
      if (character === "\\") at += 1;
      else if (character === '"' || character === "'") [quote, quoteAt] = [character, at];
    }
  }
  return places;
}
