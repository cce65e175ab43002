import type { Field } from "../events/field.ts";
import { parseAddress, parseBlock } from "./address.ts";
import { parseAmount, parseRange } from "./amount.ts";
import { closestWords } from "./closest.ts";
import type { ValueTest } from "./contract.ts";
import { FilterSyntaxError } from "./filter-mistake.ts";
import type { FilterText } from "./filter-text.ts";
import { isGlob } from "./glob.ts";
import { RegexRefused, safeRegex } from "./safe-regex.ts";
import { isTime } from "./time-value.ts";

type Comparison = Extract<ValueTest, { kind: "compare" }>;

/** `a,b,"c d",/x/`: the tests of one term, each as its field reads it. Throws FilterSyntaxError. */
export function parseValues(text: FilterText, field: Field | null): ValueTest[] {
  const tests: ValueTest[] = [];
  for (;;) {
    tests.push(...[parseValue(text, field)].flat());
    if (text.next !== ",") return tests;
    text.at++;
  }
}

function parseValue(text: FilterText, field: Field | null): ValueTest | readonly ValueTest[] {
  const start = text.at;
  if (text.next === '"') {
    const literal = text.quoted();
    text.expectDelimiter();
    if (field === null) {
      if (literal === "") throw new FilterSyntaxError(start, "nothing to search for between the quotes");
      return { kind: "contains", text: literal };
    }
    return quotedValue(field, literal, start);
  }
  const regex = text.regex();
  if (regex !== null) {
    if (field !== null && !takesPatterns(field)) throw wrongValue(field, start, `a regex does not fit ${field.id}:`);
    checkRegex(regex.source, regex.ignoreCase, start + 1);
    return { kind: "regex", source: regex.source, ...(regex.ignoreCase ? { ignoreCase: true } : {}) };
  }
  const word = text.word();
  if (word === "") throw missingValue(field, start);
  if (field === null) return isGlob(word) ? { kind: "glob", text: word } : { kind: "contains", text: word };
  return wordValue(field, word, start);
}

function takesPatterns(field: Field): boolean {
  return !["time", "duration", "size", "flag", "code"].includes(field.kind);
}

function checkRegex(source: string, ignoreCase: boolean, at: number): void {
  try {
    safeRegex(source, ignoreCase);
  } catch (error) {
    if (error instanceof RegexRefused) throw new FilterSyntaxError(at, `this regex cannot be used: ${error.message}`);
    throw error;
  }
}

function missingValue(field: Field | null, at: number): FilterSyntaxError {
  if (field === null) return new FilterSyntaxError(at, "a word to search for is missing here");
  const empty = takesPatterns(field) ? `, or "" for none` : "";
  return new FilterSyntaxError(
    at,
    `${field.id}: needs a value, as in ${field.example}${empty}`,
    field.words?.slice(0, 8) ?? [],
  );
}

function wrongValue(field: Field, at: number, what: string, suggestions: readonly string[] = []): FilterSyntaxError {
  const meant =
    suggestions.length > 0 ? ` — did you mean ${suggestions.join(" or ")}?` : `, it takes ${valuesOf(field)}`;
  return new FilterSyntaxError(at, `${what}${meant}`, suggestions);
}

function valuesOf(field: Field): string {
  switch (field.kind) {
    case "code":
      return 'a status code (404), a class (4xx), a comparison (>=400), a range (200..299) or ""';
    case "duration":
      return "a comparison with a duration (>500ms, <=2s) or a range (10ms..20ms)";
    case "size":
      return "a comparison with a number of bytes (>64k, <=1.5MiB) or a range (1k..64k)";
    case "address":
      return "an address, a CIDR block (10.2.0.0/16, 2001:db8::/32), a glob or a regex";
    case "time":
      return "a time: 2026-11-21T00:09:31Z, 2026-11-21, 14:02, 15m or now-2h";
    case "flag":
    case "word":
      return (field.words ?? []).join(", ");
    case "text":
    case "resource":
    case "object":
    case "keyed":
      return `a value, a glob or a regex, as in ${field.example}`;
    default:
      return field.kind satisfies never;
  }
}

function quotedValue(field: Field, literal: string, at: number): ValueTest | readonly ValueTest[] {
  // Codes, durations, times and flags have no spelling that quotes would protect; "" asks for none.
  if (field.kind === "code" && literal === "") return { kind: "literal", text: "" };
  if (takesPatterns(field)) return { kind: "literal", text: literal };
  return wordValue(field, literal, at + 1);
}

function wordValue(field: Field, word: string, at: number): ValueTest | readonly ValueTest[] {
  const comparison = /^(>=|<=|>|<|=)(.*)$/.exec(word);
  if (comparison !== null) return compareValue(field, comparison[1] as Comparison["operator"], comparison[2] ?? "", at);
  refuseNegated(field, word, at);
  if (field.kind === "keyed" && word.startsWith("~"))
    throw new FilterSyntaxError(at, 'a regex stands between slashes: /…/; a value with ~ in front is put in "…"');
  const range = word.includes("..") ? rangeValue(field, word, at) : null;
  if (range !== null) return range;
  switch (field.kind) {
    case "code":
      return codeValue(field, word, at);
    case "duration":
    case "size":
      throw new FilterSyntaxError(at, `${field.id}: is compared, as in ${field.id}:>${word}`, [`>${word}`]);
    case "address":
      return addressValue(field, word, at);
    case "time":
      if (!isTime(word)) throw wrongValue(field, at, `"${word}" is no time`);
      return { kind: "exact", text: word };
    case "flag": {
      const flag = { true: "true", yes: "true", false: "false", no: "false" }[word.toLowerCase()];
      if (flag === undefined) throw wrongValue(field, at, `"${word}" does not fit ${field.id}:`);
      return { kind: "exact", text: flag };
    }
    case "word":
      if (isGlob(word)) return { kind: "glob", text: word };
      return classValues(field, word) ?? { kind: "exact", text: closedWord(field, word, at) };
    case "text":
    case "resource":
    case "object":
    case "keyed":
      return isGlob(word) ? { kind: "glob", text: word } : { kind: "exact", text: word };
    default:
      return field.kind satisfies never;
  }
}

/** `verb:!get`: what is negated is the term. */
function refuseNegated(field: Field, word: string, at: number): void {
  const negated = /^!=?(.*)$/.exec(word)?.[1];
  if (negated === undefined) return;
  const value = negated === "" ? "…" : negated;
  const meant = field.kind === "keyed" ? `KEY!=${value}` : `-${field.id}:${value} or ${field.id}!=${value}`;
  throw new FilterSyntaxError(at, `write ${meant}; a value with ! is put in "…"`);
}

const UNITS = { code: "none", duration: "durations", size: "sizes", keyed: "durations" } as const;

/** `200..299`, `10ms..20ms`, `400..`; null where the field's values may hold two dots. */
function rangeValue(field: Field, word: string, at: number): ValueTest | null {
  switch (field.kind) {
    case "code":
    case "duration":
    case "size":
    case "keyed": {
      const isPositive = field.kind === "duration" || field.kind === "size";
      const range = isPositive && word.includes("-") ? null : parseRange(word, UNITS[field.kind]);
      if (range === null && field.kind === "keyed") return null;
      if (range === null) throw wrongValue(field, at, `"${word}" is no range`);
      const { from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY } = range;
      if (from > to) throw new FilterSyntaxError(at, `"${word}" ends before it starts`);
      return { kind: "range", ...range };
    }
    case "time": {
      const [from = "", to = ""] = word.split("..");
      throw new FilterSyntaxError(at, `a time is from since: to until:, as in since:${from} until:${to}`);
    }
    case "address":
      if (parseAddress(word.slice(0, word.indexOf(".."))) === null) return null;
      throw new FilterSyntaxError(at, "addresses have no ranges here: use a CIDR block, as in 10.2.0.0/16");
    case "text":
    case "word":
    case "resource":
    case "object":
    case "flag":
      return null;
    default:
      return field.kind satisfies never;
  }
}

/** What a word that stands for several values stands for; null for any other. */
function classValues(field: Field, word: string): readonly ValueTest[] | null {
  const { classes = {} } = field;
  const name = word.toLowerCase();
  if (!Object.hasOwn(classes, name)) return null;
  return (classes[name] ?? []).map((text) => ({ kind: "exact", text }));
}

/** The vocabulary's own spelling of a word in any case; verbs and decisions may be others than we know. */
function closedWord(field: Field, word: string, at: number): string {
  const words = [...(field.words ?? []), ...Object.keys(field.classes ?? {})];
  const known = words.find((candidate) => candidate.toLowerCase() === word.toLowerCase());
  if (known !== undefined) return known;
  if (field.id === "verb" || field.id === "decision") {
    const meant = closestWords(word, words);
    if (meant.length > 0) throw wrongValue(field, at, `unknown ${field.title} "${word}"`, meant);
    if (/^[\w-]+$/.test(word)) return word;
    if (/^[\w|-]+$/.test(word))
      throw new FilterSyntaxError(at, `a comma stands between values: ${field.id}:${word.replaceAll("|", ",")}`);
    throw wrongValue(field, at, `"${word}" is no ${field.title}`);
  }
  throw wrongValue(field, at, `unknown ${field.title} "${word}"`, closestWords(word, words));
}

function codeValue(field: Field, word: string, at: number): ValueTest {
  const digits = /^([1-5])xx$/i.exec(word);
  if (digits !== null) return { kind: "class", digit: Number(digits[1]) };
  if (/^\d{1,3}$/.test(word)) return { kind: "exact", text: String(Number(word)) };
  throw wrongValue(field, at, `"${word}" is no status code`);
}

function addressValue(field: Field, word: string, at: number): ValueTest {
  if (isGlob(word)) return { kind: "glob", text: word };
  if (!word.includes("/")) return { kind: "exact", text: word };
  if (parseBlock(word) !== null) return { kind: "cidr", text: word };
  const isAddress = parseAddress(word.slice(0, word.indexOf("/"))) !== null;
  const why = isAddress ? "has a prefix that is too long" : "starts with no IP address";
  throw wrongValue(field, at, `"${word}" is no CIDR block: it ${why}`);
}

/** Numbers as they are, durations in ms. */
function compareValue(field: Field, operator: Comparison["operator"], amount: string, at: number): ValueTest {
  const valueAt = at + operator.length;
  switch (field.kind) {
    case "code": {
      const value = parseAmount(amount, UNITS[field.kind]);
      if (value === null || !Number.isInteger(value)) throw wrongValue(field, valueAt, `"${amount}" is no status code`);
      return { kind: "compare", operator, value };
    }
    case "duration":
    case "size":
    case "keyed": {
      const value = parseAmount(amount, UNITS[field.kind]);
      if (value !== null && (value >= 0 || field.kind === "keyed")) return { kind: "compare", operator, value };
      const unit = field.kind === "size" ? "size" : "duration";
      const what = amount === "" ? "a number is missing" : `"${amount}" is no number or ${unit}`;
      throw wrongValue(field, valueAt, what);
    }
    case "time":
      throw wrongValue(field, at, `${field.id}: compares by itself`);
    case "text":
    case "word":
    case "resource":
    case "object":
    case "address":
    case "flag":
      throw wrongValue(field, at, `${field.id}: cannot be compared with ${operator}`);
    default:
      return field.kind satisfies never;
  }
}
