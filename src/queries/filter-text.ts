import { FilterSyntaxError } from "./filter-mistake.ts";

const DELIMITER = /[\s,()]/;

export type FieldOperator = ":" | "=" | "==" | "!=" | ">=" | "<=" | ">" | "<" | "=~" | "!~" | "~";

/** What stands at the front of a term. */
export interface FieldStart {
  readonly name: string;
  readonly operator: FieldOperator;
}

/** Reading position in a filter's text: knows words, quotes and regexes, not what they mean. */
export class FilterText {
  readonly text: string;
  at: number;

  constructor(text: string, at = 0) {
    this.text = text;
    this.at = at;
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

  /** AND, OR or NOT in any case when it stands here, followed by a space, a parenthesis or the end; null when none does. */
  operatorWord(): { readonly word: "AND" | "OR" | "NOT"; readonly isUpper: boolean } | null {
    const found = /^(?:and|or|not)(?=$|[\s()])/i.exec(this.text.slice(this.at, this.at + 4))?.[0];
    if (found === undefined) return null;
    const word = found.toUpperCase() as "AND" | "OR" | "NOT";
    return { word, isUpper: found === word };
  }

  /** `name:`, `name>=` …, when a field and its operator start here, else null. */
  fieldStart(): FieldStart | null {
    const found = /^([A-Za-z][\w.-]*)(:|!=|==|>=|<=|=~|!~|=|>|<|~)/.exec(this.text.slice(this.at, this.at + 200));
    return found === null ? null : { name: found[1] ?? "", operator: (found[2] ?? ":") as FieldOperator };
  }

  /** A key, up to an operator or the end of the word; what stands in brackets belongs to it: `annotations["a.b/c"]`. */
  key(): string {
    const rest = this.text.slice(this.at);
    const key = /^(?:[^\s,()=<>!~"[\]]|\["(?:[^"\\]|\\.)*"\]|\[[^\]"]*\])+/.exec(rest)?.[0] ?? "";
    this.at += key.length;
    if (!this.atEnd && !/^(?:[\s,()=<>~]|![=~])/.test(this.text.slice(this.at, this.at + 2))) {
      throw new FilterSyntaxError(this.at, 'this does not belong in a key: put the whole key in "…"');
    }
    return key;
  }

  /** The operator between a key and its value; null when there is none. */
  keyOperator(): FieldOperator | null {
    const found = /^(?:!=|==|>=|<=|=~|!~|=|>|<|~)/.exec(this.text.slice(this.at, this.at + 2))?.[0];
    return (found as FieldOperator | undefined) ?? null;
  }

  /** Position of the next character that is no space. */
  get afterSpace(): number {
    const rest = this.text.slice(this.at).search(/\S/);
    return rest < 0 ? this.text.length : this.at + rest;
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
      if (char === "\\" && /\S/.test(this.text.charAt(end + 1))) {
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
