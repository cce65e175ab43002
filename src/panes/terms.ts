import type { Dimension } from "../queries/contract.ts";
import { termFor } from "../queries/filter-term.ts";

/** Terms of the filter language, one chip a dimension: together they select exactly the requests the row counted. */
export function chipsOfKey(by: readonly Dimension[], key: Readonly<Record<string, string>>): string[] {
  return by.map((dimension) => termFor(dimension, key[dimension] ?? ""));
}

/** The same as one term, for `+` and `-`. */
export function termOfKey(by: readonly Dimension[], key: Readonly<Record<string, string>>): string {
  return chipsOfKey(by, key).join(" ");
}
