import { fieldNamed } from "../events/fields.ts";
import { parseRange } from "./amount.ts";
import type { Filter, Match, ValueTest } from "./contract.ts";
import { FilterText } from "./filter-text.ts";
import { isGlob } from "./glob.ts";
import { simplifyFilter } from "./simplify-filter.ts";

/** Matches no request; the language has no word for it. */
const NOTHING = "code:<0";

/** Canonical text of a filter: parses to its simplified form, and filters that simplify alike print alike. */
export function printFilter(filter: Filter): string {
  return printTop(simplifyFilter(filter));
}

function printTop(filter: Filter): string {
  if (filter.op === "and") return filter.terms.map(printTerm).join(" ");
  if (filter.op === "or") return filter.terms.length === 0 ? NOTHING : filter.terms.map(printTop).join(" OR ");
  return printTerm(filter);
}

/** As one unit: what may stand beside other terms or behind a minus. */
function printTerm(filter: Filter): string {
  switch (filter.op) {
    case "and":
      return `(${printTop(filter)})`;
    case "or":
      return filter.terms.length === 0 ? NOTHING : `(${printTop(filter)})`;
    case "not":
      return `-${printTerm(filter.term)}`;
    case "match":
      return printMatch(filter);
    default:
      return filter satisfies never;
  }
}

function printMatch({ field, key, keyGlob, tests }: Match): string {
  if (field === "any") return tests.map(printSearch).join(",");
  const values = tests.map((test) => printTest(test, field)).join(",");
  if (key === undefined) return `${field}:${values}`;
  const printedKey = keyGlob === true ? key : printKey(key, field);
  return tests.length === 1 && tests[0]?.kind === "glob" && tests[0].text === "*"
    ? `${field}:${printedKey}`
    : `${field}:${printedKey}=${values}`;
}

function printKey(key: string, field: string): string {
  const isOwn = field === "body" || !isGlob(key);
  return isOwn && /^[^\s,()=<>!~"[\]]+$/.test(key) ? key : quote(key);
}

/** `"…"` with what is inside escaped. */
export function quote(text: string): string {
  return `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}

/** An operator, a field or a negation. */
const LOOKS_LIKE_MORE = /^(?:[-!<>=~]|(?:and|or|not|&&?|\|\|?)$|[A-Za-z][\w.-]*(?::|!=|!~|[=<>~]))/i;

function printSearch(test: ValueTest, at: number): string {
  if (test.kind === "contains") {
    const { text } = test;
    const isPlain =
      /^[^\s,()"*?]+$/.test(text) &&
      !text.startsWith("/") &&
      // What starts a term may not look like an operator, a field or a negation.
      (at > 0 || !LOOKS_LIKE_MORE.test(text));
    return isPlain ? text : quote(text);
  }
  return printTest(test, "any");
}

function printTest(test: ValueTest, field: string): string {
  switch (test.kind) {
    case "exact":
      return printWord(test.text, field);
    case "literal":
      return quote(test.text);
    case "contains":
      // The language has no word for it; what prints alike is taken for the same by caches.
      return `/${test.text.replaceAll(/[$()*+./?[\\\]^{|}]/g, String.raw`\$&`)}/i`;
    case "glob":
    case "cidr":
      return test.text;
    case "regex":
      return `/${test.source}/${test.ignoreCase === true ? "i" : ""}`;
    case "class":
      return `${test.digit}xx`;
    case "compare":
      return `${test.operator}${printNumber(test.value, field)}`;
    case "range":
      return `${printNumber(test.from, field)}..${printNumber(test.to, field)}`;
    default:
      return test satisfies never;
  }
}

function printNumber(value: number | undefined, field: string): string {
  if (value === undefined) return "";
  if (fieldNamed(field)?.kind !== "duration") return String(value);
  if (value === 0 || value % 1_000 !== 0) return `${value}ms`;
  return value % 60_000 === 0 ? `${value / 60_000}m` : `${value / 1_000}s`;
}

/** Unquoted where that reads back as the same word. */
function printWord(text: string, field: string): string {
  const isPlain = /^[^\s,()"<>=!][^\s,()"]*$/.test(text) && !isGlob(text) && new FilterText(text).regex() === null;
  const kind = fieldNamed(field)?.kind;
  const isOwn =
    kind === "address"
      ? !text.includes("/")
      : kind === "word"
        ? /^[\w-]+$/.test(text)
        : kind !== "keyed" || (!text.startsWith("~") && parseRange(text, "durations") === null);
  return isPlain && isOwn ? text : quote(text);
}
