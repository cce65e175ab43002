import { setFlagsFromString } from "node:v8";

/**
 * Regular expressions that people type, run over strings that strangers choose. V8 switches to its linear engine when a
 * match backtracks too much, but only for patterns that engine knows; so whatever it does not know is rewritten or refused:
 * repeat counts are written out, /i becomes character classes, look-around and back-references are refused.
 */

/** Longer values are tested by their first characters only. */
export const REGEX_INPUT_LIMIT = 2_048;
/** Bound on the pattern after repeats were written out. */
const MAX_LENGTH = 4_000;

export class RegexRefused extends Error {}

let linearFallback = false;

/** A test of a value against `source` (JavaScript syntax, unanchored). Throws RegexRefused with a clause for the user. */
export function safeRegex(source: string, ignoreCase: boolean): (text: string) => boolean {
  if (!linearFallback) {
    setFlagsFromString("--enable-experimental-regexp-engine-on-excessive-backtracks");
    linearFallback = true;
  }
  try {
    // Checks the syntax as it was written, so that messages speak of what the user typed.
    void new RegExp(source);
  } catch (error) {
    throw new RegexRefused(error instanceof Error ? error.message.replace(/^Invalid regular expression: /, "") : "");
  }
  const pattern = new RegExp(new Rewriter(source, ignoreCase).rewrite());
  return (text) => pattern.test(text.length > REGEX_INPUT_LIMIT ? text.slice(0, REGEX_INPUT_LIMIT) : text);
}

class Rewriter {
  private readonly source: string;
  private readonly ignoreCase: boolean;
  private at = 0;

  constructor(source: string, ignoreCase: boolean) {
    this.source = source;
    this.ignoreCase = ignoreCase;
  }

  rewrite(): string {
    const out = this.alternatives();
    if (this.at < this.source.length) throw new RegexRefused("unmatched )");
    return out;
  }

  private alternatives(): string {
    let out = "";
    while (this.at < this.source.length && this.source[this.at] !== ")") {
      if (this.source[this.at] === "|") {
        out += "|";
        this.at++;
      } else {
        out += this.repeated(this.atom());
      }
      if (out.length > MAX_LENGTH)
        throw new RegexRefused(`larger than ${MAX_LENGTH} characters with its repeats written out`);
    }
    return out;
  }

  private atom(): string {
    const char = this.source[this.at++] ?? "";
    if (char === "(") return this.group();
    if (char === "[") return this.characterClass();
    if (char === "\\") return this.escape();
    return this.ignoreCase ? bothCases(char) : char;
  }

  private group(): string {
    if (this.source[this.at] === "?") {
      const named = /^\?<[A-Za-z_$][\w$]*>/.exec(this.source.slice(this.at));
      if (this.source.startsWith("?:", this.at)) this.at += 2;
      else if (named !== null) this.at += named[0].length;
      else throw new RegexRefused("look-around is not supported");
    }
    const inner = this.alternatives();
    this.at++;
    return `(?:${inner})`;
  }

  private escape(): string {
    const rest = this.source.slice(this.at - 1);
    if (/^\\([1-9]|k<)/.test(rest)) throw new RegexRefused("back-references are not supported");
    const whole = /^\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|c[A-Za-z]|[^])/.exec(rest)?.[0] ?? rest;
    this.at += whole.length - 1;
    return whole;
  }

  private characterClass(): string {
    let end = this.at;
    while (end < this.source.length && this.source[end] !== "]") end += this.source[end] === "\\" ? 2 : 1;
    const inner = this.source.slice(this.at, end);
    this.at = end + 1;
    return `[${this.ignoreCase ? classOfBothCases(inner) : inner}]`;
  }

  private repeated(atom: string): string {
    const rest = this.source.slice(this.at);
    const simple = /^[*+?]\??/.exec(rest)?.[0];
    if (simple !== undefined) {
      this.at += simple.length;
      return `${atom}${simple.charAt(0)}`;
    }
    const counted = /^\{(\d+)(,(\d*))?\}\??/.exec(rest);
    if (counted === null) return atom;
    this.at += counted[0].length;
    const least = Number(counted[1]);
    const most = counted[2] === undefined ? least : counted[3] === "" ? Number.POSITIVE_INFINITY : Number(counted[3]);
    const times = most === Number.POSITIVE_INFINITY ? least + 1 : most;
    if (times * atom.length > MAX_LENGTH) {
      throw new RegexRefused(`larger than ${MAX_LENGTH} characters with its repeats written out`);
    }
    const optional = most === Number.POSITIVE_INFINITY ? `${atom}*` : `${atom}?`.repeat(most - least);
    return `(?:${atom.repeat(least)}${optional})`;
  }
}

function bothCases(char: string): string {
  const [lower, upper] = [char.toLowerCase(), char.toUpperCase()];
  return lower === upper || lower.length !== 1 || upper.length !== 1 ? char : `[${lower}${upper}]`;
}

/** Adds the other case of letters and letter ranges; escapes stay as they are. */
function classOfBothCases(inner: string): string {
  const more = inner
    .replaceAll(/\\[^]/g, "")
    .match(/[a-z]-[a-z]|[A-Z]-[A-Z]|\p{L}/gu)
    ?.map((part) => (part === part.toLowerCase() ? part.toUpperCase() : part.toLowerCase()))
    .filter((part) => part.length === 1 || part.length === 3);
  if (more === undefined) return inner;
  // A last "-" stands for itself; before what is added it would start a range.
  return `${inner.endsWith("-") ? `${inner.slice(0, -1)}\\-` : inner}${more.join("")}`;
}
