import { KtrailError } from "../errors.ts";
import { type Field, fieldNamed, fieldNames, FIELDS } from "../events/fields.ts";
import { parseBodyPath } from "./body-path.ts";
import { closestWords } from "./closest.ts";
import { MATCH_ALL, type Filter } from "./contract.ts";
import { type FilterMistake, FilterSyntaxError } from "./filter-mistake.ts";
import { FilterText } from "./filter-text.ts";
import { parseValues } from "./parse-values.ts";
import { simplifyFilter } from "./simplify-filter.ts";

export interface ParsedFilter {
  readonly ok: true;
  readonly filter: Filter;
  /** The text cut into what is AND-ed at the top; joined by spaces they parse to the same filter. */
  readonly terms: readonly string[];
}

const MAX_LENGTH = 65_536;
const MAX_DEPTH = 64;

/** The filter language of the prompt and of --query. Empty text matches everything. Never throws. */
export function parseFilter(text: string): ParsedFilter | FilterMistake {
  try {
    if (text.length > MAX_LENGTH) throw new FilterSyntaxError(MAX_LENGTH, "this filter is too long");
    return { ok: true, ...new Parser(text).parse() };
  } catch (error) {
    if (!(error instanceof FilterSyntaxError)) throw error;
    return { ok: false, column: error.at + 1, message: error.message, suggestions: error.suggestions };
  }
}

/** As parseFilter; throws KT101 with the column and what would fit. */
export function parseQuery(text: string): Filter {
  const parsed = parseFilter(text);
  if (parsed.ok) return parsed.filter;
  throw new KtrailError("KT101", `filter, column ${parsed.column}: ${parsed.message}`);
}

class Parser {
  private readonly text: FilterText;
  private depth = 0;

  constructor(text: string) {
    this.text = new FilterText(text);
  }

  parse(): { filter: Filter; terms: string[] } {
    const { text } = this;
    text.skipSpace();
    if (text.atEnd) return { filter: MATCH_ALL, terms: [] };
    const { filter, terms } = this.alternatives();
    if (!text.atEnd) throw new FilterSyntaxError(text.at, 'this ")" closes nothing: remove it, or put it in "…"');
    return { filter: simplifyFilter(filter), terms };
  }

  /** a b OR c d */
  private alternatives(): { filter: Filter; terms: string[] } {
    const { text } = this;
    const start = text.at;
    const first = this.conjunction();
    const alternatives = [first.filter];
    while (text.isWord("OR")) {
      text.at += 2;
      text.skipSpace();
      alternatives.push(this.conjunction().filter);
    }
    if (alternatives.length === 1) return first;
    return {
      filter: { op: "or", terms: alternatives },
      terms: [`(${text.text.slice(start, text.at).trim()})`],
    };
  }

  private conjunction(): { filter: Filter; terms: string[] } {
    const { text } = this;
    const filters: Filter[] = [];
    const terms: string[] = [];
    while (!text.atEnd && text.next !== ")" && !text.isWord("OR")) {
      if (text.isWord("AND")) this.and(filters.length > 0);
      const start = text.at;
      filters.push(this.negation());
      terms.push(text.text.slice(start, text.at));
      text.skipSpace();
    }
    const [only] = filters;
    if (only === undefined) {
      const what = text.atEnd
        ? "a term is missing here"
        : `a term is missing before "${text.isWord("OR") ? "OR" : ")"}"`;
      throw new FilterSyntaxError(text.at, `${what}, as in code:4xx or a word`);
    }
    return { filter: filters.length === 1 ? only : { op: "and", terms: filters }, terms };
  }

  /** A space says as much: AND is read for those who write it. */
  private and(hasTermBefore: boolean): void {
    const { text } = this;
    const start = text.at;
    text.at += 3;
    text.skipSpace();
    const isBetween = hasTermBefore && !text.atEnd && text.next !== ")" && !text.isWord("OR") && !text.isWord("AND");
    if (!isBetween)
      throw new FilterSyntaxError(start, 'AND stands between two terms; to search for the word, write "AND"');
  }

  private negation(): Filter {
    const { text } = this;
    if (text.next !== "-" && text.next !== "!" && !text.isWord("NOT")) return this.term();
    const start = text.at;
    text.at += text.isWord("NOT") ? 3 : 1;
    if (text.text.charAt(start) === "N") text.skipSpace();
    if (text.atEnd || /[\s),]/.test(text.next)) {
      throw new FilterSyntaxError(
        start,
        `${text.text.slice(start, text.at)} stands right before what it negates, as in -code:200`,
      );
    }
    return this.nested(start, () => ({ op: "not", term: this.negation() }));
  }

  private nested<T>(at: number, inner: () => T): T {
    if (++this.depth > MAX_DEPTH) throw new FilterSyntaxError(at, "this filter is nested too deeply");
    const result = inner();
    this.depth--;
    return result;
  }

  private term(): Filter {
    const { text } = this;
    if (text.next === "(") return this.group();
    if (text.next === ",")
      throw new FilterSyntaxError(text.at, "a comma stands between values of one term, as in verb:get,list");
    const start = text.at;
    const name = text.fieldName();
    if (name === null) return { op: "match", field: "any", tests: parseValues(text, null) };
    const field = fieldNamed(name);
    if (field === undefined) throw unknownField(name, start);
    text.at += name.length + 1;
    return field.kind === "keyed"
      ? this.keyed(field)
      : { op: "match", field: field.id, tests: parseValues(text, field) };
  }

  private group(): Filter {
    const { text } = this;
    const start = text.at++;
    return this.nested(start, () => {
      text.skipSpace();
      const { filter } = this.alternatives();
      if (text.next !== ")") throw new FilterSyntaxError(start, 'this "(" is never closed: add ")"', [")"]);
      text.at++;
      if (!text.atEnd && !/[\s)]/.test(text.next)) throw new FilterSyntaxError(text.at, 'a space belongs after ")"');
      return filter;
    });
  }

  /** KEY, KEY=VALUE, "KEY"=VALUE */
  private keyed(field: Field): Filter {
    const { text } = this;
    const start = text.at;
    const key = text.next === '"' ? text.quoted() : this.key();
    if (key === "") {
      throw new FilterSyntaxError(start, `${field.id}: needs a key, as in ${field.example}`);
    }
    const problem = field.id === "body" ? parseBodyPath(key) : null;
    if (typeof problem === "string") throw new FilterSyntaxError(start, problem);
    if (text.next !== "=") {
      text.expectDelimiter();
      return { op: "match", field: field.id, key, tests: [{ kind: "glob", text: "*" }] };
    }
    text.at++;
    return { op: "match", field: field.id, key, tests: parseValues(text, field) };
  }

  /** Up to `=` or the end of the word; what stands in brackets belongs to it: `annotations["a.b/c"]`. */
  private key(): string {
    const { text } = this;
    const bracketed = /^(?:[^\s,()="[\]]|\["(?:[^"\\]|\\.)*"\]|\[[^\]"]*\])+/.exec(text.text.slice(text.at))?.[0] ?? "";
    text.at += bracketed.length;
    if (!text.atEnd && !/[\s,()=]/.test(text.next)) {
      throw new FilterSyntaxError(text.at, 'this does not belong in a key: put the whole key in "…"');
    }
    return bracketed;
  }
}

function unknownField(name: string, at: number): FilterSyntaxError {
  const meant = closestWords(name, fieldNames());
  const message =
    meant.length > 0
      ? `unknown field \`${name}:\` — did you mean ${meant.map(spelledBothWays).join(" or ")}?`
      : `unknown field \`${name}:\`; put the word in "…" to search for it, or use one of ${FIELDS.map(({ id }) => id).join(" ")}`;
  return new FilterSyntaxError(
    at,
    message,
    meant.map((word) => `${word}:`),
  );
}

/** A name with the field's own, shorter or longer one: `namespace:`/`ns:`. */
function spelledBothWays(name: string): string {
  const id = fieldNamed(name)?.id ?? name;
  return id === name ? `\`${name}:\`` : `\`${name}:\`/\`${id}:\``;
}
