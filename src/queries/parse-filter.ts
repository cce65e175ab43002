import { KtrailError } from "../errors.ts";
import type { Field } from "../events/field.ts";
import { fieldNamed, fieldNames, FIELDS } from "../events/fields.ts";
import { parseBodyPath } from "./body-path.ts";
import { closestWords } from "./closest.ts";
import { MATCH_ALL, type Filter, type Match } from "./contract.ts";
import { type FilterMistake, FilterSyntaxError } from "./filter-mistake.ts";
import { type FieldOperator, type FieldStart, FilterText } from "./filter-text.ts";
import { isGlob } from "./glob.ts";
import { quote } from "./print-filter.ts";
import { refuseOperator, refusePattern } from "./other-spellings.ts";
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

/** A filter as it was read: whether bare words are all there is, of which nobody knows what joins them. */
interface Read {
  readonly filter: Filter;
  readonly isWord: boolean;
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
    for (let goesOn = first.goesOn; goesOn;) {
      text.at += "or".length;
      text.skipSpace();
      const next = this.conjunction();
      alternatives.push(next.filter);
      goesOn = next.goesOn;
    }
    if (alternatives.length === 1) return first;
    return {
      filter: { op: "or", terms: alternatives },
      terms: [`(${text.text.slice(start, text.at).trim()})`],
    };
  }

  /** Terms up to the end, a closing parenthesis, or an OR: then `goesOn`. */
  private conjunction(): { filter: Filter; terms: string[]; goesOn: boolean } {
    const { text } = this;
    const filters: Filter[] = [];
    const terms: string[] = [];
    let last: Read | null = null;
    let goesOn = false;
    while (!text.atEnd && text.next !== ")") {
      const joins = this.joinsTerms(last);
      if (joins === "OR") {
        goesOn = true;
        break;
      }
      if (joins === "AND") {
        text.at += "and".length;
        text.skipSpace();
      }
      const start = text.at;
      last = this.negation(filters.length === 0);
      filters.push(last.filter);
      const term = text.text.slice(start, text.at);
      // Beside others it would be an operator.
      terms.push(/^(?:and|or|not)$/i.test(term) ? quote(term) : term);
      text.skipSpace();
    }
    const [only] = filters;
    if (only === undefined) {
      const what = text.atEnd ? "a term is missing here" : `a term is missing before "${goesOn ? "OR" : ")"}"`;
      throw new FilterSyntaxError(text.at, `${what}, as in code:4xx or a word`);
    }
    return { filter: filters.length === 1 ? only : { op: "and", terms: filters }, terms, goesOn };
  }

  /**
   * AND or OR where one stands between terms. Lower case is the operator beside a term that is more than a word, and a word
   * where it is all there is; between bare words it could be either.
   */
  private joinsTerms(left: Read | null): "AND" | "OR" | null {
    const { text } = this;
    const operator = text.operatorWord();
    if (operator === null || operator.word === "NOT") return null;
    const { word, isUpper } = operator;
    const rightAt = new FilterText(text.text, text.at + word.length).afterSpace;
    const right = new FilterText(text.text, rightAt);
    const hasRight = !right.atEnd && right.next !== ")";
    if (isUpper && word === "OR") return word;
    if (!isUpper && left === null && !hasRight) return null;
    const isBetween = left !== null && hasRight && (right.operatorWord()?.word ?? "NOT") === "NOT";
    if (!isBetween) {
      const written = text.text.slice(text.at, text.at + word.length);
      throw new FilterSyntaxError(
        text.at,
        `${word} stands between two terms; to search for the word, write "${written}"`,
      );
    }
    if (!isUpper && left.isWord && !isMoreThanWord(right)) throw ambiguous(text, word);
    return word;
  }

  private negation(isFirst: boolean): Read {
    const { text } = this;
    const start = text.at;
    const not = text.operatorWord();
    const isSign = text.next === "-" || text.next === "!";
    if (!isSign && (not?.word !== "NOT" || this.isPlainNot(not, isFirst))) return this.term();
    text.at += isSign ? 1 : "not".length;
    if (!isSign) text.skipSpace();
    if (text.atEnd || /[\s),]/.test(text.next)) {
      throw new FilterSyntaxError(
        start,
        `${text.text.slice(start, text.at)} stands right before what it negates, as in -code:200`,
      );
    }
    return {
      filter: this.nested(start, () => ({ op: "not", term: this.negation(true).filter })),
      isWord: false,
    };
  }

  /** Whether a `not` is a word to search for: in lower case and all there is. Before a bare word it could be either. */
  private isPlainNot({ isUpper }: { readonly isUpper: boolean }, isFirst: boolean): boolean {
    if (isUpper) return false;
    const { text } = this;
    const right = new FilterText(text.text, text.at + "not".length);
    right.at = right.afterSpace;
    if (right.atEnd || right.next === ")") return isFirst;
    if (!isMoreThanWord(right)) throw ambiguous(text, "NOT");
    return false;
  }

  private nested<T>(at: number, inner: () => T): T {
    if (++this.depth > MAX_DEPTH) throw new FilterSyntaxError(at, "this filter is nested too deeply");
    const result = inner();
    this.depth--;
    return result;
  }

  private term(): Read {
    const { text } = this;
    if (text.next === "(") return { filter: this.group(), isWord: false };
    if (text.next === ",")
      throw new FilterSyntaxError(text.at, "a comma stands between values of one term, as in verb:get,list");
    const start = text.at;
    const field = text.fieldStart();
    if (field !== null) return { filter: this.fieldTerm(field, start), isWord: false };
    refuseOperator(text);
    return { filter: { op: "match", field: "any", tests: parseValues(text, null) }, isWord: true };
  }

  private fieldTerm({ name, operator }: FieldStart, start: number): Filter {
    const { text } = this;
    const field = fieldNamed(name);
    if (field === undefined) throw unknownField(name, operator, start);
    text.at += name.length;
    refusePattern(operator, `${name}:`, text.at);
    if (field.kind !== "keyed") return this.compared(operator, field, { op: "match", field: field.id });
    if (operator === ":" || operator === "=") text.at += operator.length;
    return this.keyed(field);
  }

  /** The values behind an operator that stands here: `:a,b`, `=a`, `!=a`, `>=3`. */
  private compared(operator: FieldOperator, field: Field, term: Omit<Match, "tests">): Filter {
    const { text } = this;
    const isComparison = /^[<>]/.test(operator);
    // A comparison belongs to its value: `>=400` is read as one.
    if (!isComparison) text.at += operator.length;
    const match: Filter = { ...term, tests: parseValues(text, field) };
    return operator === "!=" ? { op: "not", term: match } : match;
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

  /** KEY, KEY=VALUE, KEY>=VALUE, "KEY"!=VALUE */
  private keyed(field: Field): Filter {
    const { text } = this;
    const start = text.at;
    const isQuoted = text.next === '"';
    const key = isQuoted ? text.quoted() : text.key();
    if (key === "") {
      throw new FilterSyntaxError(start, `${field.id}: needs a key, as in ${field.example}`);
    }
    const problem = field.id === "body" ? parseBodyPath(key) : null;
    if (typeof problem === "string") throw new FilterSyntaxError(start, problem);
    const isGlobbed = !isQuoted && field.id !== "body" && isGlob(key);
    const term = { op: "match" as const, field: field.id, key, ...(isGlobbed ? { keyGlob: true as const } : {}) };
    const operator = text.keyOperator();
    if (operator === null) {
      text.expectDelimiter();
      return { ...term, tests: [{ kind: "glob", text: "*" }] };
    }
    refusePattern(operator, `${field.id}:${key}=`, text.at);
    return this.compared(operator, field, term);
  }
}

function isMoreThanWord(text: FilterText): boolean {
  return /[-!(]/.test(text.next) || text.fieldStart() !== null;
}

function ambiguous(text: FilterText, word: string): FilterSyntaxError {
  const written = text.text.slice(text.at, text.at + word.length);
  const meant = word === "NOT" ? "- before a word, or NOT," : word;
  return new FilterSyntaxError(text.at, `write ${meant} to join words, or "${written}" to search for it`, [word]);
}

function unknownField(name: string, operator: FieldOperator, at: number): FilterSyntaxError {
  const meant = closestWords(name, fieldNames());
  const written = `${name}${operator}`;
  const message =
    meant.length > 0
      ? `unknown field \`${written}\` — did you mean ${meant.map((word) => spelledBothWays(word, operator)).join(" or ")}?`
      : `unknown field \`${written}\`; put the word in "…" to search for it, or use one of ${FIELDS.map(({ id }) => id).join(" ")}`;
  return new FilterSyntaxError(
    at,
    message,
    meant.map((word) => `${word}${operator}`),
  );
}

/** A name with the field's own, shorter or longer one: `namespace:`/`ns:`. */
function spelledBothWays(name: string, operator: FieldOperator): string {
  const id = fieldNamed(name)?.id ?? name;
  return id === name ? `\`${name}${operator}\`` : `\`${name}${operator}\`/\`${id}${operator}\``;
}
