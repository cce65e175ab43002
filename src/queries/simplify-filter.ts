import type { Filter } from "./contract.ts";

/** The same selection with nested ANDs and ORs flattened, single ones unwrapped and double negations gone. */
export function simplifyFilter(filter: Filter): Filter {
  if (filter.op === "match") return filter;
  if (filter.op === "not") {
    const term = simplifyFilter(filter.term);
    if (term.op === "not") return term.term;
    // NOT of everything is nothing, and the other way round.
    if (term.op !== "match" && term.terms.length === 0) return { op: term.op === "and" ? "or" : "and", terms: [] };
    return { op: "not", term };
  }
  const { op } = filter;
  const terms: Filter[] = [];
  for (const term of filter.terms) {
    const simple = simplifyFilter(term);
    if (simple.op === op) terms.push(...simple.terms);
    else if (simple.op === "and" || simple.op === "or") {
      // An empty AND is true: it ends an OR. An empty OR is false: it ends an AND.
      if (simple.terms.length === 0) return simple;
      terms.push(simple);
    } else terms.push(simple);
  }
  const [only] = terms;
  return terms.length === 1 && only !== undefined ? only : { op, terms };
}
