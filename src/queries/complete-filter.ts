import type { Field } from "../events/field.ts";
import { fieldNamed, FIELDS, namesOf } from "../events/fields.ts";
import { type Filter, MATCH_ALL, type Match } from "./contract.ts";
import { FilterText } from "./filter-text.ts";
import type { FilterMistake } from "./filter-mistake.ts";
import { type LogValue, nearestValues } from "./nearest-values.ts";
import { parseFilter } from "./parse-filter.ts";
import { printFilter } from "./print-filter.ts";

/** What stands at the cursor of a filter's text, and may be completed. */
export interface CompletionPlace {
  /** `word`: a term that is no field yet. */
  readonly kind: "word" | "key" | "value";
  /** What a completion replaces: [from, to) in UTF-16 units. */
  readonly from: number;
  readonly to: number;
  /** What of it is before the cursor, without quotes and operators. */
  readonly typed: string;
  readonly field?: Field;
  readonly key?: string;
  /** An operator of the value's own: `>=` of `>=400`. */
  readonly operator: string;
  /** The other terms: values are worth more where they match. */
  readonly rest: Filter;
}

export interface Completion {
  /** Replaces what is at the place. */
  readonly text: string;
  /** How many requests, or what it means; "" for nothing. */
  readonly detail: string;
  /** Another key is expected behind it: `user:`. */
  readonly isOpen: boolean;
}

/** Null where nothing can be completed: inside a regex, behind an unknown field. */
export function completionPlace(text: string, cursor: number): CompletionPlace | null {
  const { start, end } = termAt(text, cursor);
  const sign = /^[-!]*/.exec(text.slice(start, cursor))?.[0].length ?? 0;
  const nameAt = start + sign;
  const rest = restOf(text.slice(0, start), text.slice(end));
  const read = new FilterText(text.slice(0, cursor), nameAt);
  const begun = read.fieldStart();
  if (begun === null) {
    const typed = text.slice(nameAt, cursor);
    return /^["/<>=]/.test(typed) ? null : { kind: "word", from: nameAt, to: end, typed, operator: "", rest };
  }
  const field = fieldNamed(begun.name);
  if (field === undefined) return null;
  const behind = nameAt + begun.name.length + (/^[<>]/.test(begun.operator) ? 0 : begun.operator.length);
  if (field.kind !== "keyed") return valuePlace(text, cursor, end, behind, { field, rest });
  const key = keyOf(text.slice(behind, cursor));
  if (key === null) {
    const typed = text.slice(behind, cursor).replace(/^"/, "");
    return { kind: "key", field, from: behind, to: keyEnd(text, cursor, end), typed, operator: "", rest };
  }
  return valuePlace(text, cursor, end, behind + key.length, { field, key: key.name, rest });
}

function valuePlace(
  text: string,
  cursor: number,
  end: number,
  behind: number,
  { field, key, rest }: { readonly field: Field; readonly key?: string; readonly rest: Filter },
): CompletionPlace | null {
  let from = behind;
  let isQuoted = false;
  for (let at = behind; at < cursor; at++) {
    const char = text[at];
    if (isQuoted && char === "\\") at++;
    else if (char === '"') isQuoted = !isQuoted;
    else if (char === "," && !isQuoted) from = at + 1;
  }
  const operator = /^[<>]=?/.exec(text.slice(from, cursor))?.[0] ?? "";
  const typed = text.slice(from + operator.length, cursor);
  if (typed.startsWith("/") && field.id !== "path" && field.id !== "resource" && field.id !== "uri") return null;
  const next = text.slice(cursor, end).search(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/);
  return {
    kind: "value",
    field,
    ...(key === undefined ? {} : { key }),
    from: from + operator.length,
    to: next < 0 ? end : cursor + next,
    typed: typed.replace(/^"/, "").replaceAll(/\\(["\\])/g, "$1"),
    operator,
    rest,
  };
}

/** The term around the cursor: between spaces and parentheses that are in no quotes. */
function termAt(text: string, cursor: number): { readonly start: number; readonly end: number } {
  let start = 0;
  let isQuoted = false;
  for (let at = 0; at < cursor; at++) {
    const char = text[at] ?? "";
    if (isQuoted && char === "\\") at++;
    else if (char === '"') isQuoted = !isQuoted;
    else if (!isQuoted && /[\s()]/.test(char)) start = at + 1;
  }
  let end = cursor;
  for (; end < text.length; end++) {
    const char = text[end] ?? "";
    if (isQuoted && char === "\\") end++;
    else if (char === '"') isQuoted = !isQuoted;
    else if (!isQuoted && /[\s()]/.test(char)) break;
  }
  return { start: Math.min(start, cursor), end: Math.min(end, text.length) };
}

/** A whole key with its operator, as far as it is typed; null while it is not. */
function keyOf(text: string): { readonly name: string; readonly length: number } | null {
  const quoted = /^"((?:[^"\\]|\\.)*)"(!=|==|[<>]=?|=)?/.exec(text);
  const plain = /^((?:[^\s,()=<>!~"[\]]|\["(?:[^"\\]|\\.)*"\]|\[[^\]"]*\])+)(!=|==|[<>]=?|=)/.exec(text);
  const found = quoted?.[2] === undefined ? plain : quoted;
  if (found === null) return null;
  const [whole, name = "", operator = ""] = found;
  const isOwn = /^[<>]/.test(operator);
  return { name: name.replaceAll(/\\(["\\])/g, "$1"), length: whole.length - (isOwn ? operator.length : 0) };
}

function keyEnd(text: string, cursor: number, end: number): number {
  const operator = text.slice(cursor, end).search(/[=<>!~]/);
  return operator < 0 ? end : cursor + operator;
}

function restOf(before: string, behind: string): Filter {
  const parsed = parseFilter(
    `${before.replace(/[\s(]*(?:OR|AND|NOT|[-!(])*\s*$/i, "")} ${behind.replace(/^[\s)]*(?:OR|AND)?/i, "")}`,
  );
  return parsed.ok ? parsed.filter : MATCH_ALL;
}

const JOINING: readonly (readonly [string, string])[] = [
  ["OR", "alternatives"],
  ["NOT", "everything but"],
  ["AND", "as a space"],
];

/** Values worth offering beside the log's own. */
const USUAL: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  code: [
    ["4xx", "refused"],
    ["5xx", "failed"],
    [">=400", "any error"],
    ["200..299", "answered"],
  ],
  latency: [
    [">100ms", ""],
    [">500ms", ""],
    [">1s", ""],
    ["10ms..20ms", ""],
  ],
  since: [
    ["5m", "before the end"],
    ["15m", "before the end"],
    ["1h", "before the end"],
  ],
  until: [["5m", "before the end"]],
};
/** Paths of bodies people look for. */
const PATHS = [
  "kind",
  "metadata.name",
  "metadata.labels",
  "metadata.annotations",
  "metadata.ownerReferences[*].name",
  "spec.replicas",
  "spec.nodeName",
  "spec.containers[*].image",
  "spec.template.spec.containers[*].image",
  "spec.serviceAccountName",
  "status.phase",
  "roleRef.name",
  "subjects[*].name",
  "involvedObject.name",
  "reason",
];

/** What fits the place, best first: what starts with the text typed, then what holds it, each by how many requests have it. */
export function completionsAt(place: CompletionPlace, values: readonly LogValue[] = []): readonly Completion[] {
  switch (place.kind) {
    case "word":
      return [...fieldsLike(place.typed), ...wordsLike(place.typed)];
    case "key":
      return keysLike(place, values);
    case "value":
      return valuesLike(place, values);
    default:
      return place.kind satisfies never;
  }
}

function fieldsLike(typed: string): Completion[] {
  const wanted = typed.toLowerCase();
  const named = FIELDS.map((field) => ({
    field,
    name: namesOf(field).find((name) => name.startsWith(wanted)),
  }));
  return named
    .filter(({ name }) => name !== undefined)
    .sort((a, b) => Number(b.name === b.field.id) - Number(a.name === a.field.id))
    .map(({ field, name = field.id }) => ({ text: `${name}:`, detail: field.title, isOpen: true }));
}

function wordsLike(typed: string): Completion[] {
  return JOINING.filter(([word]) => typed !== "" && word.startsWith(typed)).map(([text, detail]) => ({
    text,
    detail,
    isOpen: false,
  }));
}

function keysLike({ field, typed }: CompletionPlace, values: readonly LogValue[]): Completion[] {
  const known = field?.id === "body" ? PATHS.map((value) => ({ value, requests: 0 })) : values;
  return ranked(typed, known).map(({ value, requests }) => ({
    text: keyText(field?.id ?? "", value),
    detail: countText(requests),
    isOpen: false,
  }));
}

function keyText(field: string, key: string): string {
  const printed = printFilter({ op: "match", field, key, tests: [{ kind: "glob", text: "*" }] });
  return printed.slice(field.length + 1);
}

function valuesLike({ field, typed, operator }: CompletionPlace, values: readonly LogValue[]): Completion[] {
  if (field === undefined) return [];
  const usual = operator === "" ? (USUAL[field.id] ?? []) : [];
  const classes = Object.entries(field.classes ?? {}).map(([name, of]) => [name, of.join(", ")] as const);
  const words = (field.words ?? [])
    .filter((word) => !values.some(({ value }) => value === word))
    .map((word) => [word, "not in the log"] as const);
  const fixed = [...classes, ...usual].filter(([text]) => text.startsWith(typed.toLowerCase()));
  const others = words.filter(([text]) => typed !== "" && text.toLowerCase().startsWith(typed.toLowerCase()));
  return [
    ...ranked(typed, values).map(({ value, requests }) => ({
      text: valueText(field, value),
      detail: countText(requests),
      isOpen: false,
    })),
    ...[...fixed, ...others].map(([text, detail]) => ({ text, detail, isOpen: false })),
  ];
}

/** As it is typed behind the field: plain where that reads back, else in quotes. */
function valueText({ id, kind }: Field, text: string): string {
  const key = kind === "keyed" ? "k" : undefined;
  const term: Match = {
    op: "match",
    field: id,
    ...(key === undefined ? {} : { key }),
    tests: [{ kind: "exact", text }],
  };
  return printFilter(term).slice(id.length + (key === undefined ? 1 : ":k=".length));
}

/** Where none holds what is typed, those that are near to it, as they come. */
function ranked(typed: string, values: readonly LogValue[]): readonly LogValue[] {
  const wanted = typed.toLowerCase();
  const rank = ({ value }: LogValue): number => {
    const text = value.toLowerCase();
    return text.startsWith(wanted) ? 0 : text.includes(wanted) ? 1 : 2;
  };
  const holding = values.filter((value) => rank(value) < 2);
  if (holding.length === 0) return nearestValues(typed, values, values.length);
  return holding.sort((a, b) => rank(a) - rank(b) || b.requests - a.requests || (a.value < b.value ? -1 : 1));
}

/** The text with the first suggestion of its mistake taken; null where there is none. */
export function corrected(
  text: string,
  { column, suggestions }: Pick<FilterMistake, "column" | "suggestions">,
): string | null {
  const [suggestion] = suggestions;
  if (suggestion === undefined) return null;
  if (/^[)"]$/.test(suggestion)) return text + suggestion;
  const at = column - 1;
  const wrong = /[:=<>~]$/.test(suggestion)
    ? /^[A-Za-z][\w.-]*(?::|!=|==|[<>]=?|[=!]~|=|~)/
    : /^[A-Z]+$/.test(suggestion)
      ? /^\S+/
      : /^[^\s,()]*/;
  const length = wrong.exec(text.slice(at))?.[0].length ?? 0;
  return text.slice(0, at) + suggestion + text.slice(at + length);
}

function countText(requests: number): string {
  return requests === 0 ? "" : String(requests);
}
