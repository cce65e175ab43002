import type { Selection, TimeWindow } from "../queries/contract.ts";
import { MATCH_ALL, type Filter } from "../queries/contract.ts";
import { parseQuery } from "../queries/parse-filter.ts";
import type { TimeBound } from "./option-values.ts";
import type { Options } from "./options.ts";

/**
 * --query, -n, --since and --until as one selection. Relative times count back from `baseUs` (now when following, else
 * the last event). Throws KT101 with the place of the mistake when the filter does not parse.
 */
export function selectionOf(options: Options, baseUs: number): Selection {
  const filter = filterOf(options);
  const window = windowOf(options, baseUs);
  return window === null ? { filter } : { filter, window };
}

function filterOf({ query, namespace }: Options): Filter {
  const filter = query === undefined ? MATCH_ALL : parseQuery(query);
  if (namespace === undefined) return filter;
  const inNamespace: Filter = { op: "match", field: "ns", tests: [{ kind: "exact", text: namespace }] };
  return { op: "and", terms: [filter, inNamespace] };
}

function windowOf({ since, until }: Options, baseUs: number): TimeWindow | null {
  if (since === undefined && until === undefined) return null;
  return {
    ...(since === undefined ? {} : { fromUs: absoluteUs(since, baseUs) }),
    ...(until === undefined ? {} : { toUs: absoluteUs(until, baseUs) }),
  };
}

function absoluteUs(bound: TimeBound, baseUs: number): number {
  return bound.kind === "absolute" ? bound.us : baseUs - bound.ms * 1_000;
}
