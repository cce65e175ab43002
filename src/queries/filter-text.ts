import { FilterSyntaxError } from "./filter-mistake.ts";

const DELIMITER = /[\s,()]/;

/** Reading position in a filter's text: knows words, quotes and regexes, not what they mean. */
export class FilterText {
  readonly text: string;
  at = 0;

  constructor(text: string) {
    this.text = text;
  }

  get atEnd(): boolean {
    return this.at >= this.text.length;
  }

  /** Next character, "" at the end. */
  get next(): string {
    return this.text.charAt(this.at);
  }

  skipSpace(): void {
    while (!this.atEnd && /\s/.test(this.next)) this.at++;
  }

  /** Whether the word starts here, followed by a space, a parenthesis or the end. */
  isWord(word: string): boolean {
    const after = this.text.charAt(this.at + word.length);
    return this.text.startsWith(word, this.at) && (after === "" || /[\s()]/.test(after));
  }

  /** `name` when `name:` starts here, else null. */
  fieldName(): string | null {
    return /^[A-Za-z][\w.-]*(?=:)/.exec(this.text.slice(this.at, this.at + 200))?.[0] ?? null;
  }

  /** Characters up to a space, comma, parenthesis, or one of `stops`. A quote inside is a mistake. */
  word(stops = ""): string {
    const start = this.at;
    while (!this.atEnd && !DELIMITER.test(this.next) && !stops.includes(this.next)) {
      if (this.next === '"')
        throw new FilterSyntaxError(this.at, 'a quote starts a value or ends it: put the whole value in "…"');
      this.at++;
    }
    if (this.next === "(") throw new FilterSyntaxError(this.at, 'a value with parentheses is put in "…"');
    return this.text.slice(start, this.at);
  }

  /** `"…"`, in which `\"` and `\\` stand for `"` and `\`; the text inside. */
  quoted(): string {
    const start = this.at++;
    let out = "";
    while (!this.atEnd && this.next !== '"') {
      if (this.next === "\\" && /["\\]/.test(this.text.charAt(this.at + 1))) this.at++;
      out += this.next;
      this.at++;
    }
    if (this.atEnd) throw new FilterSyntaxError(start, 'this quote is never closed: add "', ['"']);
    this.at++;
    return out;
  }

  /**
   * `/…/` or `/…/i` when one starts here: it ends at the first unescaped slash that a space, comma, parenthesis or the end
   * follows, so `/healthz` and `/api/v1` are paths. Holds no spaces (write `\s`). Null when there is none.
   */
  regex(): { readonly source: string; readonly ignoreCase: boolean } | null {
    if (this.next !== "/") return null;
    for (let end = this.at + 1; end < this.text.length; end++) {
      const char = this.text.charAt(end);
      if (/\s/.test(char)) return null;
      if (char === "\\") {
        end++;
        continue;
      }
      if (char !== "/" || end === this.at + 1) continue;
      const ignoreCase = this.text.charAt(end + 1) === "i";
      const after = this.text.charAt(end + (ignoreCase ? 2 : 1));
      if (after !== "" && !DELIMITER.test(after)) continue;
      const source = this.text.slice(this.at + 1, end);
      this.at = end + (ignoreCase ? 2 : 1);
      return { source, ignoreCase };
    }
    return null;
  }

  /** After a value nothing but a space, comma, closing parenthesis or the end may follow. */
  expectDelimiter(): void {
    if (this.atEnd || /[\s,)]/.test(this.next)) return;
    throw new FilterSyntaxError(this.at, "a space or a comma belongs after a quoted value");
  }
}
