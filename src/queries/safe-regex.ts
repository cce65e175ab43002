import { RE2JS, RE2JSException } from "re2js";

/**
 * Regular expressions that people type, run over strings that strangers choose: RE2's, whose time grows as the value does, whatever
 * pattern and value are (docs/decisions/regular-expressions.md). Anything that engine cannot do in that time is refused.
 */

/** Bound on the compiled pattern: each character of a value costs at most a step per instruction. */
const MAX_INSTRUCTIONS = 2_000;

export class RegexRefused extends Error {}

/** A test of a value against `source` (JavaScript's spelling or RE2's, unanchored). Throws RegexRefused with a clause for the user. */
export function safeRegex(source: string, ignoreCase: boolean): (text: string) => boolean {
  const pattern = compiled(source, ignoreCase);
  if (pattern.programSize() > MAX_INSTRUCTIONS) throw new RegexRefused("too large with its repeats written out");
  const plain = ignoreCase ? null : plainRegex(source);
  if (plain === null) return (text) => pattern.test(text);
  return (text) => (text.length <= PLAIN_TEXT ? plain.test(text) : pattern.test(text));
}

/** One character, by itself or by its class, so many times. */
const PLAIN_ITEM =
  /(?:[\w \-/:=@,;%&~"'!<>#]|\\[dw.^$*+?()[\]{}|/\\]|\[\^?(?:[\w.:/@ ]|\\[dw])(?:-?[\w.:/@ ]|\\[dw])*\])(?:\{(\d{1,2})\})?/y;
/** Characters matched, and characters of a value: V8's own engine takes at most their product of steps, as few as RE2's. */
const PLAIN_LENGTH = 32;
const PLAIN_TEXT = 256;

/** A pattern of fixed length without alternatives, for V8's own engine; null where it is none. */
function plainRegex(source: string): RegExp | null {
  const end = source.endsWith("$") && !source.endsWith("\\$") ? source.length - 1 : source.length;
  let length = 0;
  PLAIN_ITEM.lastIndex = source.startsWith("^") ? 1 : 0;
  for (let at = PLAIN_ITEM.lastIndex; at < end; at = PLAIN_ITEM.lastIndex) {
    const item = PLAIN_ITEM.exec(source);
    if (item === null) return null;
    length += Number(item[1] ?? 1);
  }
  if (length > PLAIN_LENGTH) return null;
  try {
    return new RegExp(source, "u");
  } catch {
    return null;
  }
}

/** The same in RE2's spelling, for engines that run RE2 itself. Throws as safeRegex does. */
export function re2Source(source: string, ignoreCase: boolean): string {
  safeRegex(source, ignoreCase);
  return `${ignoreCase ? "(?i)" : ""}${RE2JS.translateRegExp(source)}`;
}

function compiled(source: string, ignoreCase: boolean): RE2JS {
  // The translation takes \k for k.
  if (/^(?:[^\\]|\\[^])*?\\(?:k<|[1-9])/.test(source)) throw new RegexRefused("back-references are not supported");
  if (/\(\?<?[=!]/.test(source)) throw new RegexRefused("look-around is not supported");
  try {
    return RE2JS.compile(RE2JS.translateRegExp(source), ignoreCase ? RE2JS.CASE_INSENSITIVE : 0);
  } catch (error) {
    // The flag is part of the pattern that it speaks of.
    if (error instanceof RE2JSException) {
      throw new RegexRefused(
        error.message
          .replace("error parsing regexp: ", "")
          .replace("`(?i)", "`")
          .replace("invalid repeat count", "at most 1,000 repeats in all"),
      );
    }
    throw error;
  }
}
