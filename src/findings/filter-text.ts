import { parseQuery } from "../queries/parse-filter.ts";
import { printFilter, quote } from "../queries/print-filter.ts";

/** Canonical. */
export function filterText(terms: string): string {
  return printFilter(parseQuery(terms));
}

/** One term that takes any of these values as they stand. */
export function anyOf(field: string, values: Iterable<string>): string {
  return `${field}:${[...values].map(quote).join(",")}`;
}
