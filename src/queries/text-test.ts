import { addressKey, inBlock, parseAddress, parseBlock } from "./address.ts";
import type { ValueTest } from "./contract.ts";
import { matchesGlob } from "./glob.ts";
import { safeRegex } from "./safe-regex.ts";
import { parseDuration } from "./time-value.ts";

export interface TextTest {
  (text: string): boolean;
  /** Texts it matches as they stand. */
  readonly literals?: ReadonlySet<string>;
  /** All texts it matches, where it is a list of them. */
  readonly only?: ReadonlySet<string>;
}

/** Whether any of the tests holds for a value. Meant to be asked once per distinct value, not per row. */
export function textTest(tests: readonly ValueTest[]): TextTest {
  const literals = literalsOf(tests);
  const only = wordsOf(tests);
  return Object.assign(anyTest(tests), only === null ? { literals } : { literals, only });
}

/** Null when others may match, too. */
function wordsOf(tests: readonly ValueTest[]): ReadonlySet<string> | null {
  const words = tests.flatMap((test) => (test.kind === "exact" || test.kind === "literal" ? [test.text] : []));
  return words.length === tests.length ? new Set(words) : null;
}

export function literalsOf(tests: readonly ValueTest[]): ReadonlySet<string> {
  return new Set(tests.flatMap((test) => (test.kind === "literal" ? [test.text] : [])));
}

function anyTest(tests: readonly ValueTest[]): (text: string) => boolean {
  const texts = new Set<string>();
  const others: TextTest[] = [];
  for (const test of tests) {
    if (test.kind === "exact" || test.kind === "literal") texts.add(test.text);
    else others.push(singleTest(test));
  }
  const [other] = others;
  if (other === undefined) return (text) => texts.has(text);
  if (others.length === 1 && texts.size === 0) return other;
  return (text) => texts.has(text) || others.some((test) => test(text));
}

function singleTest(test: Exclude<ValueTest, { kind: "exact" | "literal" }>): TextTest {
  switch (test.kind) {
    case "glob":
      return (text) => matchesGlob(test.text, text);
    case "regex":
      return safeRegex(test.source, test.ignoreCase === true);
    case "contains":
      return containsTest(test.text);
    case "compare":
    case "range":
      return (text) => comparesTo(numberOf(text), test);
    case "class":
      return (text) => text.length === 3 && text.startsWith(String(test.digit));
    case "cidr":
      return blockTest(test.text);
    default:
      return test satisfies never;
  }
}

/** Case-insensitive, by Unicode's simple lower case. */
export function containsTest(part: string): TextTest {
  const wanted = part.toLowerCase();
  return (text) => text.toLowerCase().includes(wanted);
}

/** Unanchored and case-insensitive: what a bare word with `*` means. */
export function containsGlobTest(pattern: string): TextTest {
  const wanted = `*${pattern.toLowerCase()}*`;
  return (text) => matchesGlob(wanted, text.toLowerCase());
}

/** What a number is tested by. */
export type Comparison = Extract<ValueTest, { kind: "compare" | "range" }>;

export function isComparison(test: ValueTest): test is Comparison {
  return test.kind === "compare" || test.kind === "range";
}

/** NaN compares with nothing. */
export function comparesTo(value: number, test: Comparison): boolean {
  if (test.kind === "range") {
    const { from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY } = test;
    return value >= from && value <= to;
  }
  const { operator, value: limit } = test;
  switch (operator) {
    case ">":
      return value > limit;
    case ">=":
      return value >= limit;
    case "<":
      return value < limit;
    case "<=":
      return value <= limit;
    case "=":
      return value === limit;
    default:
      return operator satisfies never;
  }
}

/** A number as it is, a Go duration (`1.138415ms`) in ms, everything else NaN. */
function numberOf(text: string): number {
  if (/^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text)) return Number(text);
  const us = parseDuration(text);
  return us === null ? Number.NaN : us / 1e3;
}

function blockTest(text: string): TextTest {
  const block = parseBlock(text);
  if (block === null) return () => false;
  return (value) => {
    const address = parseAddress(value);
    return address !== null && inBlock(address, block);
  };
}

/** As textTest; exact addresses also match other spellings of the same one. */
export function addressTest(tests: readonly ValueTest[]): TextTest {
  const wanted = new Set(tests.flatMap((test) => (test.kind === "exact" ? (addressKey(test.text) ?? []) : [])));
  const plain = textTest(tests);
  if (wanted.size === 0) return plain;
  const test = (text: string): boolean => {
    if (plain(text)) return true;
    const key = addressKey(text);
    return key !== null && wanted.has(key);
  };
  return Object.assign(test, { literals: literalsOf(tests) });
}
