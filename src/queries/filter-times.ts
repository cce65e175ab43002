import type { Filter, Selection } from "./contract.ts";
import { simplifyFilter } from "./simplify-filter.ts";
import { resolveBound, type TimeReference } from "./time-value.ts";

/** The bounds of time that are AND-ed at the top of a filter, taken out of it as a window. */
export function splitTimes(filter: Filter, time: TimeReference): Selection {
  const simple = simplifyFilter(filter);
  const terms = simple.op === "and" ? simple.terms : [simple];
  const others: Filter[] = [];
  let [fromUs, toUs] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (const term of terms) {
    const us = boundOf(term, time);
    if (us === null || term.op !== "match") others.push(term);
    else if (term.field === "since") fromUs = Math.max(fromUs, us);
    else toUs = Math.min(toUs, us);
  }
  if (others.length === terms.length) return { filter };
  const window = { ...(Number.isFinite(fromUs) ? { fromUs } : {}), ...(Number.isFinite(toUs) ? { toUs } : {}) };
  return { filter: simplifyFilter({ op: "and", terms: others }), window };
}

/** µs since the epoch; null for any other term. */
function boundOf(term: Filter, time: TimeReference): number | null {
  if (term.op !== "match" || (term.field !== "since" && term.field !== "until") || term.tests.length !== 1) return null;
  const [test] = term.tests;
  return test?.kind === "exact" ? resolveBound(term.field, test.text, time) : null;
}
