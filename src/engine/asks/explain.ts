import { isoTime } from "../../events/time.ts";
import { type Filter, MATCH_ALL, type Match, type Selection } from "../../queries/contract.ts";
import { type LogValue, nearestNumbers, nearestValues } from "../../queries/nearest-values.ts";
import { printFilter } from "../../queries/print-filter.ts";
import { simplifyFilter } from "../../queries/simplify-filter.ts";
import type { Asks, ExplainedTerm } from "../contract.ts";
import type { Desk } from "./desk.ts";
import { valuesOf } from "./values.ts";

/** More terms are not taken apart. */
const MOST_TERMS = 16;
/** Values looked through for near ones. */
const VALUES = 5_000;
const NEAREST = 3;
/** What a bare word is looked for in, or in parts of. */
const WORD_FIELDS: readonly string[] = ["user", "name", "ns", "resource", "ua"];

/** `settled`: rows that only their original events can decide should have been decided; where some are not, nothing is said. */
export async function answerExplain(
  desk: Desk,
  { filter, window, settled = false }: Asks["explain"]["ask"],
  signal: AbortSignal,
): Promise<Asks["explain"]["answer"]> {
  const inTime = window === undefined ? {} : { window };
  const { fromUs, toUs } = desk.store.extent;
  const log = { from: isoTime(fromUs), to: isoTime(toUs) };
  if (desk.store.isUndecided({ filter, ...inTime }, settled)) return { requests: null, terms: [], inWindow: null, log };
  const requests = await countOf(desk, { filter, ...inTime }, signal);
  if (requests > 0) return { requests, terms: [], inWindow: null, log };
  const inWindow = await countOf(desk, { filter: MATCH_ALL, ...inTime }, signal);
  const simple = simplifyFilter(filter);
  const all = simple.op === "and" ? simple.terms : [simple];
  const terms: ExplainedTerm[] = [];
  for (const term of inWindow === 0 || all.length > MOST_TERMS ? [] : all) {
    const others = all.filter((other) => other !== term);
    const alone = all.length === 1 ? requests : await countUnread(desk, { filter: term, ...inTime }, signal);
    terms.push({
      text: printFilter(term),
      requests: alone,
      without:
        alone === 0 ? null : await countUnread(desk, { filter: { op: "and", terms: others }, ...inTime }, signal),
      nearest: alone === 0 ? await nearestTerms(desk, term, { filter: MATCH_ALL, ...inTime }, signal) : [],
    });
  }
  return { requests, terms, inWindow, log };
}

async function countOf(desk: Desk, selection: Selection, signal: AbortSignal): Promise<number> {
  return (await desk.store.aggregate({ ...selection, by: [], measures: ["requests"] }, signal)).requests;
}

async function countUnread(desk: Desk, selection: Selection, signal: AbortSignal): Promise<number | null> {
  return desk.store.isUndecided(selection) ? null : countOf(desk, selection, signal);
}

/** Of a positive term with one value: what the log has instead. */
async function nearestTerms(
  desk: Desk,
  term: Filter,
  selection: Selection,
  signal: AbortSignal,
): Promise<ExplainedTerm["nearest"]> {
  const typed = term.op === "match" ? typedIn(term) : null;
  if (term.op !== "match" || typed === null) return [];
  const values: FieldValue[] = [];
  for (const field of term.field === "any" ? WORD_FIELDS : [term.field]) {
    for (const value of await valuesOf(desk, field, selection, VALUES, signal)) values.push({ ...value, field });
  }
  const nearest: { text: string; requests: number }[] = [];
  for (const { field, value } of near(term.field, typed, values)) {
    const filter: Filter = { op: "match", field, tests: [{ kind: "exact", text: value }] };
    nearest.push({ text: printFilter(filter), requests: await countOf(desk, { ...selection, filter }, signal) });
  }
  return nearest;
}

interface FieldValue extends LogValue {
  readonly field: string;
}

function near(field: string, typed: string, values: readonly FieldValue[]): readonly FieldValue[] {
  if (field !== "code") return nearestValues(typed, values, NEAREST);
  return /^\d+$/.test(typed) ? nearestNumbers(Number(typed), values, NEAREST) : [];
}

/** What somebody wrote of a value, without the stars of a glob; null where a term has several, or none that was written. */
function typedIn({ tests }: Match): string | null {
  const [test, another] = tests;
  if (test === undefined || another !== undefined) return null;
  switch (test.kind) {
    case "exact":
    case "literal":
    case "contains":
      return test.text;
    case "glob":
      return test.text.replaceAll(/[*?]/g, "");
    case "regex":
    case "compare":
    case "range":
    case "class":
    case "cidr":
      return null;
    default:
      return test satisfies never;
  }
}
