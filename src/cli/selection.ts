import { KtrailError } from "../errors.ts";
import { type Filter, MATCH_ALL, type Selection, type TimeWindow } from "../queries/contract.ts";
import type { FilterMistake } from "../queries/filter-mistake.ts";
import { parseFilter } from "../queries/parse-filter.ts";
import { resolveBound } from "../queries/time-value.ts";
import type { Options } from "./options.ts";

/**
 * --query, -n, --since and --until as one selection. `referenceUs`: what relative times count back from, µs since the
 * epoch (now when following, else the last event). Throws KT101 with the place of the mistake in a filter.
 */
export function selectionOf(options: Options, referenceUs: number): Selection {
  const filter = filterOf(options);
  const window = windowOf(options, referenceUs);
  return window === null ? { filter } : { filter, window };
}

function filterOf({ query, namespace }: Options): Filter {
  const filter = query === undefined ? MATCH_ALL : parsed(query);
  if (namespace === undefined) return filter;
  const inNamespace: Filter = { op: "match", field: "ns", tests: [{ kind: "literal", text: namespace }] };
  return filter === MATCH_ALL ? inNamespace : { op: "and", terms: [filter, inNamespace] };
}

function parsed(query: string): Filter {
  const result = parseFilter(query);
  if (result.ok) return result.filter;
  throw mistakeIn(query, result);
}

/** The sentence, and the filter with a mark under the column where that can be drawn. */
function mistakeIn(query: string, { column, message }: FilterMistake): KtrailError {
  const isDrawable = query.length <= 100 && /^[\x20-\x7e]*$/.test(query);
  const lines = isDrawable ? [query, `${" ".repeat(column - 1)}^`] : [];
  return new KtrailError("KT101", `--query, column ${column}: ${message}`, lines);
}

function windowOf({ since, until, tz, tail, follow }: Options, referenceUs: number): TimeWindow | null {
  const reference = { referenceUs, zone: tz };
  const fromUs = since === undefined ? null : resolveBound("since", since, reference);
  const toUs = until === undefined ? null : resolveBound("until", until, reference);
  const tailUs = follow && tail !== undefined && fromUs === null ? referenceUs - tail * 1_000 : null;
  const startUs = fromUs ?? tailUs;
  if (startUs === null && toUs === null) return null;
  return { ...(startUs === null ? {} : { fromUs: startUs }), ...(toUs === null ? {} : { toUs }) };
}
