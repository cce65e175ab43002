import { parseAddress, parseBlock } from "../../queries/address.ts";
import type { ValueTest } from "../../queries/contract.ts";
import { re2Source } from "../../queries/safe-regex.ts";
import { type Comparison, isComparison, textTest } from "../../queries/text-test.ts";
import { DURATION, DURATION_PART, DURATION_UNITS } from "../../queries/time-value.ts";
import { anyOf, constant } from "./logic.ts";
import type { SqlParams } from "./params.ts";

/** Whether any of the tests holds for the text `of`, an expression: as textTest. */
export function textSql(tests: readonly ValueTest[], of: string, params: SqlParams): string {
  const texts = new Set<string>();
  const others: string[] = [];
  for (const test of tests) {
    if (test.kind === "exact" || test.kind === "literal") texts.add(test.text);
    else others.push(singleSql(test, of, params));
  }
  return anyOf([...(texts.size === 0 ? [] : [oneOf([...texts], of, params)]), ...others]);
}

/** The same for several texts, an expression of an array: any of them; none is the text "". */
export function anyTextSql(tests: readonly ValueTest[], array: string, params: SqlParams): string {
  const any = `arrayExists(v -> ${textSql(tests, "v", params)}, ${array})`;
  return textTest(tests)("") ? `empty(${array}) OR ${any}` : any;
}

export function oneOf(texts: readonly string[], of: string, params: SqlParams): string {
  const [only] = texts;
  if (only === undefined) return constant(false);
  return texts.length === 1 ? `${of} = ${params.text(only)}` : `${of} IN ${params.texts(texts)}`;
}

function singleSql(test: Exclude<ValueTest, { kind: "exact" | "literal" }>, of: string, params: SqlParams): string {
  switch (test.kind) {
    case "glob":
      return globSql(test.text, of, params);
    case "regex":
      // Here a dot is a line break, too, unless it is told otherwise.
      return `match(${of}, ${params.text(`(?-s)${re2Source(test.source, test.ignoreCase === true)}`)})`;
    case "contains":
      return containsSql(test.text, of, params);
    case "compare":
    case "range":
      return comparisonSql(test, numberSql(of), params);
    case "class":
      return `length(${of}) = 3 AND startsWith(${of}, ${params.text(String(test.digit))})`;
    case "cidr":
      return blockSql(test.text, of, params);
    default:
      return test satisfies never;
  }
}

export function globSql(glob: string, of: string, params: SqlParams): string {
  const pattern = likeOf(glob);
  return pattern === "%" ? `${of} != ''` : `${of} != '' AND ${of} LIKE ${params.text(pattern)}`;
}

/** Unanchored, in any case. */
export function containsGlobSql(glob: string, of: string, params: SqlParams): string {
  return `${of} != '' AND lowerUTF8(${of}) LIKE ${params.text(likeOf(`*${glob.toLowerCase()}*`))}`;
}

export function containsSql(part: string, of: string, params: SqlParams): string {
  return `position(lowerUTF8(${of}), ${params.text(part.toLowerCase())}) > 0`;
}

/** A number `of`; NaN compares with nothing. */
export function comparisonSql(test: Comparison, of: string, params: SqlParams): string {
  if (test.kind === "compare") return `${of} ${test.operator} ${params.number(test.value)}`;
  const from = test.from === undefined ? [] : [`${of} >= ${params.number(test.from)}`];
  const to = test.to === undefined ? [] : [`${of} <= ${params.number(test.to)}`];
  return [...from, ...to].join(" AND ");
}

export function comparisonsSql(tests: readonly ValueTest[], of: string, params: SqlParams): string {
  return anyOf(tests.filter(isComparison).map((test) => comparisonSql(test, of, params)));
}

/** As textSql; exact addresses also match other spellings of the same one. */
export function addressSql(tests: readonly ValueTest[], of: string, params: SqlParams): string {
  // Of IPv4 there is one spelling.
  const others = tests.flatMap((test) =>
    test.kind === "exact" && parseAddress(test.text)?.kind() === "ipv6" ? [bare(test.text)] : [],
  );
  const spelledOtherwise = [...new Set(others)].map(
    (text) =>
      `isIPv6String(${bareSql(of)}) AND IPv6StringToNumOrDefault(${bareSql(of)}) = IPv6StringToNum(${params.text(text)})`,
  );
  return anyOf([textSql(tests, of, params), ...spelledOtherwise]);
}

export function anyAddressSql(tests: readonly ValueTest[], array: string, params: SqlParams): string {
  const any = `arrayExists(v -> ${addressSql(tests, "v", params)}, ${array})`;
  return textTest(tests)("") ? `empty(${array}) OR ${any}` : any;
}

/** What is no address is in no block; each family is for itself. */
function blockSql(text: string, of: string, params: SqlParams): string {
  const block = parseBlock(text);
  if (block === null) return constant(false);
  const place = params.text(`${block.base.toNormalizedString()}/${block.bits}`);
  const [isOne, address, none] =
    block.base.kind() === "ipv4"
      ? [`isIPv4String(${of})`, of, "0.0.0.0"]
      : [`isIPv6String(${bareSql(of)})`, bareSql(of), "::"];
  return `${isOne} AND isIPAddressInRange(if(${isOne}, ${address}, '${none}'), ${place})`;
}

function bare(text: string): string {
  return text.split("%", 1)[0] ?? "";
}

/** Without its zone (`fe80::1%eth0`). */
function bareSql(of: string): string {
  return `splitByChar('%', ${of})[1]`;
}

const AMOUNT = "^-?\\d+(\\.\\d+)?([eE][+-]?\\d+)?$";

/** A number as it is, a Go duration in ms, everything else NaN. */
export function numberSql(of: string): string {
  const units = Object.entries(DURATION_UNITS);
  const names = units.map(([unit]) => `'${unit}'`).join(", ");
  const factors = units.map(([, us]) => `toFloat64(${us})`).join(", ");
  const parts = `extractAllGroupsVertical(${of}, '${literal(DURATION_PART.source)}')`;
  const us = `arraySum(g -> toFloat64OrZero(g[1]) * transform(g[2], [${names}], [${factors}], toFloat64(0)), ${parts})`;
  return `multiIf(match(${of}, '${literal(AMOUNT)}'), toFloat64OrZero(${of}), lengthUTF8(${of}) <= 64 AND match(${of}, '${literal(DURATION.source)}'), ${us} / 1000, nan)`;
}

/** A pattern of ours inside quotes; a bundle spells what is not ASCII by its number. */
function literal(pattern: string): string {
  const spelled = pattern.replaceAll(/\\u([0-9a-f]{4})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return spelled.replaceAll("\\", "\\\\");
}

function likeOf(glob: string): string {
  return glob
    .replaceAll(/[\\%_]/g, String.raw`\$&`)
    .replaceAll(/\*+/g, "%")
    .replaceAll("?", "_");
}
