import type { FilterLanguage } from "../commands/filter-language.ts";
import { type Filter, MATCH_ALL } from "../queries/contract.ts";
import type { AppState } from "../state/app-state.ts";

export interface CombinedFilter {
  readonly filter: Filter;
  /** Chips that do not parse; they narrow nothing and are marked on screen. */
  readonly invalid: ReadonlySet<string>;
}

export const HUMANS: Filter = { op: "match", field: "actor", tests: [{ kind: "exact", text: "human" }] };

/** Chips (unless switched off) and humans-only, AND-ed. */
export function combinedFilter(
  state: Pick<AppState, "chips" | "chipsOn" | "humansOnly">,
  language: FilterLanguage,
): CombinedFilter {
  const invalid = new Set<string>();
  const terms: Filter[] = [];
  for (const { text } of state.chips) {
    const parsed = language.parse(text);
    if (!parsed.ok) invalid.add(text);
    else if (state.chipsOn) terms.push(parsed.filter);
  }
  if (state.humansOnly) terms.push(HUMANS);
  const [only] = terms;
  if (only === undefined) return { filter: MATCH_ALL, invalid };
  return { filter: terms.length === 1 ? only : { op: "and", terms }, invalid };
}
